import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** A folder of open data beside the project, or null, having said so, where it is not there. */
export function openData(name: string): string | null {
  const root = fileURLToPath(new URL('../../../../', import.meta.url))
  const folder = resolve(root, '../shared/data', name)
  if (existsSync(folder)) return folder
  process.stderr.write(`skipped: ${folder} is not there\n`)
  return null
}

/** One case in the layout of suricata-verify: a capture, rules, settings and checks. */
export interface Case {
  readonly name: string
  readonly capture: string
  readonly rules: string | null
  /** The event types that its settings write. */
  readonly types: readonly string[]
  readonly checks: readonly Check[]
}

type Event = Readonly<Record<string, unknown>>
type Match = Readonly<Record<string, unknown>>

/** So many events fit. */
export interface Check {
  readonly count: number
  readonly match: Match
}

/** What Suricata writes without settings of one's own, as far as it concerns MQTT over TCP. */
const EVERYTHING = ['mqtt', 'alert', 'anomaly', 'flow']

export function readCases(folder: string): Case[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => readCase(join(folder, entry.name), entry.name))
}

function readCase(folder: string, name: string): Case {
  const test = parse(readFileSync(join(folder, 'test.yaml'), 'utf8')) as {
    pcap?: string
    checks: ({ filter?: Check } & Record<string, unknown>)[]
  }
  const own = readdirSync(folder).find(file => /\.(pcap|pcapng)$/.test(file))
  const capture = test.pcap ?? own
  if (capture === undefined) throw new Error(`${name} has no capture`)
  const rules = join(folder, 'test.rules')
  return {
    name,
    capture: resolve(folder, capture),
    rules: existsSync(rules) ? rules : null,
    types: typesOf(join(folder, 'suricata.yaml')),
    checks: test.checks.map(({ filter, ...others }) => {
      // An evaluator that passed over what it does not know would let everything pass.
      if (filter === undefined) throw new Error(`${name}: a check that is not known: ${Object.keys(others).join()}`)
      return filter
    }),
  }
}

function typesOf(file: string): readonly string[] {
  if (!existsSync(file)) return EVERYTHING
  const { outputs = [] } = parse(readFileSync(file, 'utf8')) as {
    outputs?: { 'eve-log'?: { types?: (string | Record<string, unknown>)[] } }[]
  }
  const types = outputs.flatMap(output => output['eve-log']?.types ?? [])
  return types.map(type => (typeof type === 'string' ? type : (Object.keys(type)[0] ?? '')))
}

/** How many events fit a check. */
export function countOf({ match }: Check, events: readonly Event[]): number {
  return events.filter(event => fits(match, event)).length
}

function fits(match: Match, event: Event): boolean {
  return Object.entries(match).every(([key, expected]) => {
    if (key === 'has-key') return [expected].flat().every(name => lookUp(String(name), event) !== undefined)
    if (key === 'not-has-key') return [expected].flat().every(name => lookUp(String(name), event) === undefined)
    const dot = key.lastIndexOf('.')
    const operator = dot > 0 && key.slice(dot + 1).startsWith('__') ? key.slice(dot + 1) : ''
    const value = lookUp(operator === '' || operator === '__len' ? key : key.slice(0, dot), event)
    return compare(operator, value, expected)
  })
}

function compare(operator: string, value: unknown, expected: unknown): boolean {
  const text = String(value)
  switch (operator) {
    case '':
    case '__len':
      return same(value, expected)
    case '__find':
      return value !== undefined && text.includes(String(expected))
    case '__contains':
      return Array.isArray(value)
        ? value.includes(expected)
        : typeof value === 'string' && text.includes(String(expected))
    case '__startswith':
      return value !== undefined && text.startsWith(String(expected))
    case '__endswith':
      return value !== undefined && text.endsWith(String(expected))
    default:
      throw new Error(`an operator that is not known: ${operator}`)
  }
}

/** `mqtt.subscribe.topics[0].topic`, and `.__len` for a length. */
function lookUp(name: string, event: Event): unknown {
  let value: unknown = event
  for (const part of name.split('.')) {
    if (part === '__len') return Array.isArray(value) || typeof value === 'string' ? value.length : -1
    const [, key = part, index] = /^(.*)\[(\d+)\]$/.exec(part) ?? []
    if (typeof value !== 'object' || value === null || !(key in value)) return undefined
    value = (value as Event)[key]
    if (index !== undefined) value = Array.isArray(value) ? value[Number(index)] : undefined
  }
  return value
}

/** Equal whatever the order of keys. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every(key => key in b && same((a as Event)[key], (b as Event)[key]))
}

/** The folder of this file's package, where `ringwall` is started. */
export const PACKAGE = dirname(fileURLToPath(new URL('../../package.json', import.meta.url)))
