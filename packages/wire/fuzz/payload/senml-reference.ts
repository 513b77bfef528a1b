import type { ValidateFunction } from 'ajv/dist/2020.js'

/** A field as it was decoded; data stand apart from texts. */
export type Field = { readonly data: string } | string | number | boolean

/** A pack's records by label, in JSON's words. */
export type Record = ReadonlyMap<string, Field>

/** What every pack of the fuzzing is judged by, but for its schema. */
export const BASE_NAME = 'x:'
export const ACCEPTED_UNITS = new Map([['a', ['m', 'cm', '']]])

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ bver: 'number', bn: 'string', bt: 'number', bu: 'string', bv: 'number', bs: 'number', n: 'string' },
    ...{ u: 'string', v: 'number', vs: 'string', vb: 'boolean', s: 'number', t: 'number', ut: 'number', vd: 'object' },
  }),
)

/** Whether a pack is good by RFC 8428, the rules of the validator's documentation, and the schema. */
export function isGoodPack(records: readonly Record[], validate: ValidateFunction, longest: number): boolean {
  if (records.length === 0 || !records.every(isGoodRecord)) return false
  const base = new Map<string, Field>()
  const last = new Map<string, { value: Field; time: number }>()
  const earlier: (readonly [string, Field])[] = []
  for (const record of records) {
    for (const [label, value] of record) if (label.startsWith('b')) base.set(label, value)
    const number = (label: string) => Number(record.get(label) ?? 0)
    const name = `${base.get('bn') ?? ''}${record.get('n') ?? ''}`
    if (!/^[A-Za-z0-9][-A-Za-z0-9:./_]*$/.test(name) || /\n/.test(name) || name.length > longest) return false
    if (!name.startsWith(BASE_NAME)) return false
    const property = name.slice(BASE_NAME.length)
    const time = Number(base.get('bt') ?? 0) + number('t')
    const entries: (readonly [string, Field])[] = []
    if (record.has('v')) entries.push([property, number('v') + Number(base.get('bv') ?? 0)])
    for (const label of ['vs', 'vb', 'vd']) if (record.has(label)) entries.push([property, record.get(label) ?? ''])
    if (entries.length > 0) {
      const unit = String(record.get('u') ?? base.get('bu') ?? '')
      if (ACCEPTED_UNITS.get(property)?.includes(unit) === false) return false
    }
    if (record.has('s')) entries.push([`${property}#sum`, number('s') + Number(base.get('bs') ?? 0)])
    for (const [key, value] of entries) {
      if (typeof value === 'number' && !Number.isFinite(value)) return false
      const before = last.get(key)
      if (before !== undefined && time <= before.time) return false
      if (before !== undefined) earlier.push([key, before.value])
      last.set(key, { value, time })
    }
    if (!Number.isFinite(time)) return false
  }
  const object = Object.fromEntries([...last].map(([key, { value }]) => [key, plain(value)]))
  return validate(object) && earlier.every(([key, value]) => validate({ ...object, [key]: plain(value) }))
}

function plain(field: Field): string | number | boolean {
  return typeof field === 'object' ? field.data : field
}

function isGoodRecord(record: Record): boolean {
  for (const [label, value] of record) {
    if (typeof value !== TYPES.get(label)) return false
    if (label === 'bver' && value !== 10) return false
    if (label === 'ut' && Number(value) < 0) return false
  }
  const values = ['v', 'vs', 'vb', 'vd'].filter(label => record.has(label)).length
  return values === 1 || (values === 0 && record.has('s'))
}
