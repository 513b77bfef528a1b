import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Entry } from '../../../packages/gateway/src/profile/book.ts'
import { compileProfiles } from '../../../packages/gateway/src/profile/compile.ts'
import { instruments } from '../../../packages/lab/src/fleet/devices.ts'
import { Gauge } from '../../../packages/lab/src/fleet/gauge.ts'
import { encode } from '../../../packages/lab/src/fleet/line.ts'
import { Random } from '../../../packages/lab/src/random.ts'
import { Captures } from '../../../packages/wire/src/index.ts'
import { beside } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import type { Bench } from './bench.ts'

const PEER = 'JSON.parse and ajv'
const SLICES = 40
const PAYLOADS = 256
const SITE = 'demo'
const PROFILES = new URL('../../../profiles/', import.meta.url)

type Check = (payload: Buffer) => boolean
type Members = Readonly<Record<string, unknown>>

interface Case {
  readonly name: string
  readonly speaker: string
  readonly device: string
  readonly leaf: string
  /** Where the profile has the payload's schema. */
  readonly schema: readonly string[]
  /** Payloads as the lab's fleet sends them. */
  make(gauge: Gauge, random: Random, n: number): object
  /** One that must not pass. */
  spoil(payload: Members): object
}

const started = 1_763_880_000_000

const cases: readonly Case[] = [
  {
    name: 'telemetry',
    speaker: 'level-1',
    device: 'level-1',
    leaf: 'telemetry',
    schema: ['properties', 'telemetry'],
    make: (gauge, _, n) => gauge.compose(gauge.read(1 + Math.sin(n / 10)), started + 500 * n),
    spoil: payload => ({ ...payload, device: 'level-2' }),
  },
  {
    name: 'alarm',
    speaker: 'level-1',
    device: 'level-1',
    leaf: 'alarm',
    schema: ['events', 'alarm', 'data'],
    // Every other one says that it is over.
    make: (gauge, _, n) => gauge.alarm(gauge.read(n % 2 === 0 ? 1.95 : 1.85), started + 500 * n),
    spoil: payload => ({ ...payload, unit: 'cm' }),
  },
  {
    name: 'command',
    speaker: 'controller-1',
    device: 'valve-1',
    leaf: 'set',
    schema: ['actions', 'set', 'input'],
    make: (_, random, n) => ({
      ts: started + 500 * n,
      source: 'controller-1',
      value: Number(random.next().toFixed(3)),
    }),
    spoil: payload => ({ ...payload, value: 1.001 }),
  },
]

/**
 * What the gateway makes of the profiles beside JSON.parse with ajv, on payloads that the lab's own code makes: the time from
 * received bytes to the verdict. A round is many short slices, of which the median counts.
 *
 * The peer does what a gateway with ajv would: it has bytes, so it makes a string of them, parses and validates. Its schema is
 * the profile's, compiled once by ajv as ajv comes (strict), and with the device's name in the place of the placeholder, where
 * Ringwall compares with a name that comes with each message. Both assert the same, and only Ringwall also captures values
 * for its guards, refuses keys that stand twice and keeps to limits.
 */
export const validator: Bench = async function* ({ options }) {
  const book = compileProfiles(profiles(), { site: SITE, mode: 'controller-1/mode' })
  for (const one of cases) {
    if (options.only !== undefined && !one.name.includes(options.only)) continue
    const entry = book.up(one.speaker, `${SITE}/${one.device}/${one.leaf}`)
    if (typeof entry === 'string') throw new Error(`the profiles do not know ${one.device}/${one.leaf}: ${entry}`)
    const made = messages(one, options.seed)
    const payloads = made.map(message => Buffer.from(encode(message)))
    const contenders = [
      { name: 'ringwall', check: own(entry, book.slots) },
      { name: PEER, check: peer(one) },
    ]
    for (const { name, check } of contenders) {
      if (!payloads.every(check)) throw new Error(`${name} refuses a payload of ${one.name}`)
      if (made.some(message => check(Buffer.from(encode(one.spoil(message as Members)))))) {
        throw new Error(`${name} accepts a bad payload of ${one.name}`)
      }
    }
    const checks = options.quick ? PAYLOADS : 8_192
    const results = await inTurns(contenders, options.rounds, options.seed, async ({ check }) =>
      slices(checks, payloads, check),
    )
    const subject = { bench: 'validator', case: one.name, metric: 'time a check', unit: 'ns' }
    yield beside(subject, results.get('ringwall')!, PEER, results.get(PEER)!)
  }
}

function profiles(): { file: string; text: string }[] {
  const files = readdirSync(PROFILES).filter(file => file.endsWith('.td.json'))
  return files.map(file => ({ file, text: readFileSync(new URL(file, PROFILES), 'utf8') }))
}

function messages({ make }: Case, seed: number): object[] {
  const random = new Random(seed)
  const gauge = new Gauge(instruments[0]!, SITE, random)
  return Array.from({ length: PAYLOADS }, (_, n) => make(gauge, random, n))
}

function own({ rule, names }: Entry, slots: number): Check {
  const reader = rule.payload!
  const captures = new Captures(slots)
  return payload => reader.check(payload, 0, payload.length, names, captures)
}

function peer({ device, schema: path }: Case): Check {
  const file = `${device.split('-')[0]}.td.json`
  const text = readFileSync(new URL(file, PROFILES), 'utf8')
  const terms = new Set(['unit', 'forms'])
  const profile: unknown = JSON.parse(
    text.replaceAll('${site}', SITE).replaceAll('${device}', device),
    function (this: Members, key, value: unknown) {
      if (key.startsWith('rw:')) terms.add(key)
      // A range is judged later, by nobody here, where the message says in which unit its value is.
      return (key === 'minimum' || key === 'maximum') && 'rw:change' in this && this['unit'] === 'm' ? undefined : value
    },
  )
  const schema = path.reduce((node, name) => node[name] as Members, profile as Members)
  const validate = new Ajv2020().addVocabulary([...terms]).compile(schema)
  return payload => validate(JSON.parse(payload.toString())) as boolean
}

/** The median of nanoseconds a check over slices. */
function slices(checks: number, payloads: readonly Buffer[], check: Check): number {
  const times = Array.from({ length: SLICES }, () => {
    const began = process.hrtime.bigint()
    for (let i = 0; i < checks; i++) check(payloads[i % PAYLOADS]!)
    return Number(process.hrtime.bigint() - began) / checks
  })
  return times.sort((a, b) => a - b)[SLICES >> 1]!
}
