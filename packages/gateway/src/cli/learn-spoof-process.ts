import type { ProcessDescription, WatchedSensor } from '@ringwall/learn/robust/telemetry'
import { RingwallError } from '../base/error.ts'
import { twiceIn } from './learn-constraints-keys.ts'
import { readWhole } from './learn-input.ts'

/** What a file says of a process: sensors by the names of their columns. */
export interface NamedProcess {
  readonly sensors: ReadonlyMap<string, NamedSensor>
  readonly lags?: readonly number[]
}

type NamedSensor = Readonly<
  Record<(typeof LIMITS)[number], number> & Record<(typeof WITNESSES)[number], readonly string[]>
>

const LIMITS = ['low', 'high', 'resolution', 'rate'] as const
const WITNESSES = ['flows', 'redundant', 'together', 'net'] as const

const HINT =
  'Write {"sensors": {"NAME": {"low": 0, "high": 2, "resolution": 0.001, "rate": 0.03, "flows": ["NAME"], "redundant": ["NAME"]}}}; see learn-spoofing.md.'

/** Reads `{"sensors": {NAME: {low, high, resolution, rate, flows, redundant, together, net}}, "lags": [rows]}`. Errors: `file_unusable`, `process_json`, `process_key`, `process_value`. */
export function readProcess(file: string): NamedProcess {
  const text = readWhole(file)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new RingwallError('process_json', 'it is no JSON', HINT, { file }, error)
  }
  const twice = twiceIn(text)
  if (twice !== null) throw new RingwallError('process_key', `'${twice}' stands twice in one object`, HINT, { file })
  const { sensors, lags } = objectOf(file, '', value, ['sensors', 'lags'])
  const named = Object.entries(objectOf(file, 'sensors', sensors)).map(
    ([name, sensor]) => [name, sensorOf(file, `sensors.${name}`, sensor)] as const,
  )
  if (named.length === 0) throw wrong(file, 'sensors', 'a sensor or more')
  if (lags === undefined) return { sensors: new Map(named) }
  if (!isListOf(lags, isNumber)) throw wrong(file, 'lags', 'a list of numbers of rows')
  return { sensors: new Map(named), lags }
}

function sensorOf(file: string, field: string, value: unknown): NamedSensor {
  const sensor = objectOf(file, field, value, [...LIMITS, ...WITNESSES])
  for (const name of LIMITS) if (!isNumber(sensor[name])) throw wrong(file, `${field}.${name}`, 'a number')
  for (const name of WITNESSES)
    if (sensor[name] !== undefined && !isListOf(sensor[name], isText))
      throw wrong(file, `${field}.${name}`, 'a list of columns')
  return { flows: [], redundant: [], together: [], net: [], ...sensor } as unknown as NamedSensor
}

/** The process by the places of its columns. Errors: `process_column`, `process_wrong`. */
export async function processOf(
  { sensors, lags }: NamedProcess,
  names: readonly string[],
  file: string,
): Promise<ProcessDescription> {
  const { checkProcess, LAGS } = await import('@ringwall/learn/robust/telemetry')
  const place = (name: string, field: string): number => {
    const at = names.indexOf(name)
    if (at >= 0) return at
    const what = `the table has no column of numbers '${name}' that is read`
    throw new RingwallError('process_column', what, 'Name columns as they stand in the header.', { file, field })
  }
  const process = {
    columns: names.length,
    lags: lags ?? LAGS,
    sensors: Array.from(sensors, ([name, { low, high, resolution, rate, ...witnesses }]): WatchedSensor => {
      const places = (kind: (typeof WITNESSES)[number]): number[] =>
        witnesses[kind].map(each => place(each, `sensors.${name}.${kind}`))
      return {
        ...{ column: place(name, `sensors.${name}`), low, high, resolution, rate },
        ...{ flows: places('flows'), redundant: places('redundant') },
        ...{ together: places('together'), net: places('net') },
      }
    }),
  }
  checkProcess(process, names)
  return process
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isListOf = <Item>(value: unknown, test: (item: unknown) => item is Item): value is Item[] =>
  Array.isArray(value) && value.every(test)

function wrong(file: string, field: string, expected: string): RingwallError {
  return new RingwallError('process_value', `expected ${expected}`, HINT, { file, field })
}

function objectOf(file: string, field: string, value: unknown, keys?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(file, field, 'an object')
  for (const key of Object.keys(value))
    if (keys?.includes(key) === false) {
      const what = `there is no '${key}' here: expected ${keys.join(', ')}`
      throw new RingwallError('process_key', what, HINT, { file, field })
    }
  return value as Record<string, unknown>
}
