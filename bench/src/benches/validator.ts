import { Ajv2020 } from 'ajv/dist/2020.js'
import { Captures, compileSchema, isShape, type Json, jsonValidator } from '../../../packages/wire/src/index.ts'
import { beside } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import type { Bench } from './bench.ts'

const PEER = 'JSON.parse and ajv'
const SLICES = 40

interface Case {
  readonly name: string
  readonly schema: Json
  /** Which properties are captured, as a profile does for guards. */
  readonly captured: readonly string[]
  make(n: number): Json
}

const header = {
  n: { type: 'integer', minimum: 0 },
  ts: { type: 'integer', minimum: 0 },
  site: { const: 'demo' },
  device: { const: 'level-1' },
} as const

const cases: readonly Case[] = [
  {
    name: 'telemetry',
    schema: {
      type: 'object',
      properties: {
        ...header,
        quantity: { const: 'level' },
        value: { type: 'number', minimum: 0, maximum: 2 },
        unit: { enum: ['m', 'cm'] },
        quality: { enum: ['good', 'uncertain', 'bad'] },
      },
      required: ['n', 'ts', 'site', 'device', 'value', 'unit'],
      additionalProperties: false,
    },
    captured: ['n', 'ts', 'value', 'unit'],
    make: n => ({
      ...{ n, ts: 1763880000000 + 500 * n, site: 'demo', device: 'level-1', quantity: 'level' },
      ...{ value: Math.round(10_000 * (1 + Math.sin(n / 10) / 2)) / 10_000, unit: 'm', quality: 'good' },
    }),
  },
  {
    name: 'alarm',
    schema: {
      type: 'object',
      properties: {
        ...header,
        alarm: { enum: ['high', 'low', 'fault'] },
        active: { type: 'boolean' },
        text: { type: 'string', maxLength: 80 },
      },
      required: ['n', 'ts', 'alarm', 'active'],
      additionalProperties: false,
    },
    captured: ['n', 'ts', 'active'],
    make: n => ({
      ...{ n, ts: 1763880000000 + 500 * n, site: 'demo', device: 'level-1', alarm: 'high' },
      ...{ active: n % 2 === 0, text: `level above ${1 + (n % 9) / 10} m` },
    }),
  },
  {
    name: 'command',
    schema: {
      type: 'object',
      properties: { value: { type: 'number', minimum: 0, maximum: 1 }, by: { type: 'string', maxLength: 32 } },
      required: ['value'],
      additionalProperties: false,
    },
    captured: ['value'],
    make: n => ({ value: (n % 100) / 100, by: 'controller-1' }),
  },
]

/**
 * The byte validator beside JSON.parse with ajv, on payloads as the lab's fleet sends them: the time from received bytes to the
 * verdict. A round is many short slices, of which the median counts.
 */
export const validator: Bench = async function* ({ options }) {
  for (const one of cases) {
    if (options.only !== undefined && !one.name.includes(options.only)) continue
    const contenders = [
      { name: 'ringwall', check: own(one) },
      { name: PEER, check: peer(one) },
    ]
    const payloads = Array.from({ length: 256 }, (_, n) => Buffer.from(JSON.stringify(one.make(n))))
    for (const { name, check } of contenders) {
      if (!payloads.every(check)) throw new Error(`${name} refuses a payload of ${one.name}`)
      if (check(Buffer.from('{"value":-1}'))) throw new Error(`${name} accepts a bad payload of ${one.name}`)
    }
    const checks = options.quick ? 256 : 8_192
    const results = await inTurns(contenders, options.rounds, options.seed, async ({ check }) =>
      slices(checks, payloads, check),
    )
    const subject = { bench: 'validator', case: one.name, metric: 'time a check', unit: 'ns' }
    yield beside(subject, results.get('ringwall')!, PEER, results.get(PEER)!)
  }
}

function own({ schema, captured }: Case): (payload: Buffer) => boolean {
  const slots = new Map(captured.map((name, slot) => [`/properties/${name}`, slot]))
  const shape = compileSchema(schema, {
    annotate(_, pointer) {
      const capture = slots.get(pointer)
      return capture === undefined ? null : { capture }
    },
  })
  if (!isShape(shape)) throw new Error(JSON.stringify(shape))
  const checker = jsonValidator(shape)
  const captures = new Captures(checker.slots)
  const names = { device: new Uint8Array(0), site: new Uint8Array(0) }
  return payload => checker.check(payload, 0, payload.length, names, captures)
}

function peer({ schema }: Case): (payload: Buffer) => boolean {
  const validate = new Ajv2020().compile(schema as object)
  return payload => validate(JSON.parse(payload.toString())) as boolean
}

/** The median of nanoseconds a check over slices. */
function slices(checks: number, payloads: readonly Buffer[], check: (payload: Buffer) => boolean): number {
  const times = Array.from({ length: SLICES }, () => {
    const began = process.hrtime.bigint()
    for (let i = 0; i < checks; i++) check(payloads[i & 255]!)
    return Number(process.hrtime.bigint() - began) / checks
  })
  return times.sort((a, b) => a - b)[SLICES >> 1]!
}
