import { Flaw } from '../config/problem.ts'
import type { Fields } from './fields.ts'
import type { Part } from './part.ts'
import type { Redundant } from './redundant.ts'

/** Values, not schemas; and objects of schemas by names. */
const VALUES: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples'])
const NAMED: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs'])

/** Pairs of keywords of which the first may not be above the second, or (`strict`) may not reach it. */
const PAIRS: readonly { readonly low: string; readonly high: string; readonly strict?: boolean }[] = [
  { low: 'minimum', high: 'maximum' },
  { low: 'exclusiveMinimum', high: 'maximum', strict: true },
  { low: 'minimum', high: 'exclusiveMaximum', strict: true },
  { low: 'exclusiveMinimum', high: 'exclusiveMaximum', strict: true },
  { low: 'minLength', high: 'maxLength' },
  { low: 'minItems', high: 'maxItems' },
  { low: 'minContains', high: 'maxContains' },
  { low: 'minProperties', high: 'maxProperties' },
]

/** Refuses limits that nothing can keep, wherever they stand in a schema. */
export function refuseImpossible(schema: Part, isNamed = false): void {
  for (const { low, high, strict = false } of PAIRS) {
    const [from, to] = [schema.at(low).value, schema.at(high).value]
    if (typeof from !== 'number' || typeof to !== 'number' || from < to || (from === to && !strict)) continue
    schema.at(low).fail(`${low} ${from} and ${high} ${to} leave no value`, 'Exchange them.', 'profile_schema')
  }
  if (typeof schema.value !== 'object' || schema.value === null) return
  for (const key of Object.keys(schema.value)) {
    if (isNamed || !VALUES.has(key)) refuseImpossible(schema.at(key), !isNamed && NAMED.has(key))
  }
}

const DAY = 86_400_000
const LONGEST_RUN = 1_000_000

/** Refuses terms whose figures make them say nothing: limits so wide that no message ever breaks them. */
export function refuseIdleFigures(affordance: Part, fields: Fields, { clock, continuities }: Redundant): void {
  if (clock !== null && clock.skew > DAY) {
    affordance.at('rw:clock').at('skew').fail('a clock a day off is none', 'At most 24h.')
  }
  for (const each of continuities) {
    if (each.kind === 'counter' && each.period * each.tolerance > DAY) {
      const hint = 'Its tolerance times its period is at most 24h.'
      affordance.at('rw:counter').at('tolerance').fail(`${each.tolerance} counts are more than a day`, hint)
    }
  }
  for (const part of affordance.at('rw:redundant').items()) refuseWide(part, fields)
  for (const part of fields.walk()) {
    const { value } = part.at('rw:frozen')
    if (typeof value !== 'number' || (Number.isInteger(value) && value <= LONGEST_RUN)) continue
    part.at('rw:frozen').fail(`${value} equal values are not counted`, `Write a whole number up to ${LONGEST_RUN}.`)
  }
}

function refuseWide(part: Part, fields: Fields): void {
  const [{ value: of }, { value: tolerance }, { value: modulus }] = [
    part.at('of'),
    part.at('tolerance'),
    part.at('modulus'),
  ]
  if (typeof tolerance !== 'number' || !Number.isFinite(tolerance)) return
  if (part.at('kind').value === 'sum') {
    if (typeof modulus !== 'number' || modulus === 0 || tolerance * 2 < modulus) return
    part.at('tolerance').fail(`${tolerance} spans the whole modulus ${modulus}`, 'Less than half of it.')
    return
  }
  const reading = typeof of === 'string' ? fields.find(of) : undefined
  if (reading === undefined || reading instanceof Flaw) return
  const [low, high] = [reading.at('minimum').value, reading.at('maximum').value]
  if (typeof low !== 'number' || typeof high !== 'number' || tolerance < high - low || high <= low) return
  part.at('tolerance').fail(`${tolerance} spans the reading's whole range ${low} to ${high}`, 'Write the noise.')
}
