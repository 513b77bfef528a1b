import { suggestion } from '../../config/near.ts'
import { type Problem, quote } from '../../config/problem.ts'
import { parseUnit, WRITTEN } from '../../config/units.ts'

export type LawSeverity = 'low' | 'medium' | 'high' | 'critical'

/** One law as `rw:invariants` writes it, its form checked and nothing else. Durations in milliseconds. */
export interface LawSource {
  readonly name: string
  readonly on: readonly string[]
  readonly values: Readonly<Record<string, string>>
  readonly when: string | undefined
  readonly residual: string | undefined
  readonly check: string | undefined
  readonly tolerance: number | undefined
  readonly unit: string
  readonly stale: number
  readonly drift: { readonly window: number; readonly kind: 'sum' | 'mean'; readonly limit: number } | undefined
  readonly say: string | undefined
  readonly severity: LawSeverity
}

/** How old a value may be where a law does not say. */
const STALE = 10_000
/** Variables of one law. */
const MOST_VALUES = 16
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
const TERMS = [
  'name',
  'on',
  'values',
  'when',
  'residual',
  'check',
  'tolerance',
  'unit',
  'stale',
  'drift',
  'say',
  'severity',
]
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
const TAKEN = new Set(['dt', 'true', 'false', 'in', 'null'])

/** Reads the form of one law. Problems are added; undefined comes back where there are any. */
export function readSource(source: unknown, field: string, problems: Problem[]): LawSource | undefined {
  const found = problems.length
  const fail = (code: string, what: string, hint: string, key = '') =>
    void problems.push({ code, what, hint, place: { field: key === '' ? field : `${field}/${key}` } })
  if (!isObject(source)) {
    fail(
      'profile_value',
      `${quote(source)} is not a law`,
      'Write an object with name, on, values and residual or check.',
    )
    return undefined
  }
  const own = (key: string) => (Object.hasOwn(source, key) ? source[key] : undefined)
  for (const key of Object.keys(source)) {
    if (!TERMS.includes(key))
      fail('profile_unknown_term', `${quote(key)} is not known here`, suggestion(key, TERMS), key)
  }
  const text = (key: string): string | undefined => {
    const value = own(key)
    if (value === undefined || (typeof value === 'string' && value !== '')) return value
    fail('profile_value', `${quote(value)} is not text`, 'Write text.', key)
    return undefined
  }
  const positive = (value: unknown, key: string): number => {
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value
    fail('profile_value', `${quote(value)} is not a number above 0`, 'Write a number above 0.', key)
    return 1
  }
  const duration = (value: unknown, key: string): number => {
    const milliseconds = parseUnit('duration', value)
    if (milliseconds !== undefined && milliseconds > 0) return milliseconds
    fail('profile_value', `${quote(value)} is not a duration`, `Write ${WRITTEN.duration}.`, key)
    return 1
  }

  const name = text('name') ?? ''
  if (own('name') === undefined) fail('profile_missing', 'the law has no name', 'Name it in a few words.', 'name')
  const on = own('on')
  const heard = Array.isArray(on) ? on.filter(each => typeof each === 'string') : []
  if (heard.length === 0 || !Array.isArray(on) || heard.length !== on.length) {
    fail('profile_value', 'on does not list series', 'List what it is judged with: ["level-1/level"].', 'on')
  }
  const values = isObject(own('values')) ? (own('values') as Record<string, unknown>) : {}
  const names = Object.keys(values)
  if (names.length === 0 || names.length > MOST_VALUES) {
    fail('profile_value', `values names ${names.length} series`, `Name 1 to ${MOST_VALUES}.`, 'values')
  }
  for (const key of names) {
    const at = `values/${key}`
    if (!NAME.test(key) || TAKEN.has(key))
      fail('profile_value', `${quote(key)} is no name`, 'Use letters, digits and _.', at)
    if (typeof values[key] !== 'string')
      fail('profile_value', `${quote(values[key])} is no series`, 'Write device/name.', at)
  }
  const residual = text('residual')
  const check = text('check')
  if ((residual === undefined) === (check === undefined)) {
    fail('profile_missing', 'a law has either a residual or a check', 'Write one of them.')
  }
  if ((own('tolerance') === undefined) !== (own('residual') === undefined)) {
    fail('profile_missing', 'residual and tolerance belong together', 'Write both.', 'tolerance')
  }
  const severity = SEVERITIES.find(each => each === own('severity'))
  if (own('severity') !== undefined && severity === undefined) {
    fail(
      'profile_value',
      `${quote(own('severity'))} is no severity`,
      `Known here: ${SEVERITIES.join(', ')}.`,
      'severity',
    )
  }
  const read: LawSource = {
    name,
    on: heard,
    values: values as Record<string, string>,
    when: text('when'),
    residual,
    check,
    tolerance: own('tolerance') === undefined ? undefined : positive(own('tolerance'), 'tolerance'),
    unit: text('unit') ?? '',
    stale: own('stale') === undefined ? STALE : duration(own('stale'), 'stale'),
    drift: readDrift(own('drift')),
    say: text('say'),
    severity: severity ?? 'high',
  }
  return problems.length === found ? read : undefined

  function readDrift(drift: unknown): LawSource['drift'] {
    if (drift === undefined) return undefined
    const at = isObject(drift) ? drift : {}
    const kind = at['sum'] === undefined ? 'mean' : 'sum'
    const known = Object.keys(at).every(key => ['window', 'sum', 'mean'].includes(key))
    if (!known || (at['sum'] === undefined) === (at['mean'] === undefined) || residual === undefined) {
      fail(
        'profile_value',
        'drift is not understood',
        'A residual has drift: {"window": "60s", "sum": 0.02}, or mean.',
        'drift',
      )
      return undefined
    }
    return { window: duration(at['window'], 'drift/window'), kind, limit: positive(at[kind], `drift/${kind}`) }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
