import type { ModelRecord, SchemaColumn } from '../model/index.ts'
import { rangeOf } from '../model/range.ts'
import type { Column, Table } from '../table/index.ts'

/**
 * What columns of another table must hold, for `readTable`: classes too where they are words, so that `01` stays what it is.
 * @param label what the column of classes is called there, if not as in the record
 */
export function kindsOf(
  { schema }: Pick<ModelRecord, 'schema'>,
  label?: string,
): Record<string, 'number' | 'category'> {
  // What is learned from stays what it is, though rows be judged by it.
  const labels = schema.flatMap(({ name, kind, role }) =>
    role === 'label' && kind === 'category' ? [[label ?? name, kind] as const] : [],
  )
  const features = schema.flatMap(({ name, kind, role }) =>
    role === 'feature' && kind !== 'time' ? [[name, kind] as const] : [],
  )
  return Object.fromEntries([...labels, ...features])
}

/** Columns that are not learned from, and why. */
export function leftOut({
  schema,
  training,
}: Pick<ModelRecord, 'schema' | 'training'>): { readonly name: string; readonly why: string }[] {
  const { ignore } = training.options as { readonly ignore?: unknown }
  const ignored = Array.isArray(ignore) ? ignore : []
  return schema.flatMap(({ name, role, least, categories = [] }) => {
    if (role === 'time') return [{ name, why: 'time' }]
    if (role !== 'ignored') return []
    if (ignored.includes(name)) return [{ name, why: 'ignored' }]
    return [{ name, why: least === undefined && categories.length === 0 ? 'no value' : 'ignored' }]
  })
}

/** A column for the record of a model: its role, and what was seen in it. */
export function schemaOf(column: Column, label: string, features: ReadonlySet<string>): SchemaColumn {
  const { name, kind, values } = column
  const role = name === label ? 'label' : features.has(name) ? 'feature' : kind === 'time' ? 'time' : 'ignored'
  if (column.kind === 'category') {
    const missing = column.values.reduce((sum, code) => sum + Number(code < 0), 0)
    return { name, kind, role, missing, categories: column.categories.slice(0, MOST_WORDS) }
  }
  return { name, kind, role, ...rangeOf(values) }
}

const MOST_WORDS = 1_000

/** Whether no row has a value. */
export const isEmpty = (column: Column): boolean =>
  column.kind === 'category' ? column.categories.length === 0 : column.values.every(value => Number.isNaN(value))

/** How many rows have no value. */
export const missingIn = ({ kind, values }: Column): number => {
  let count = 0
  for (const value of values) if (kind === 'category' ? value < 0 : Number.isNaN(value)) count++
  return count
}

/** All that a table says, for its digest: names, words, and numbers as they lie in memory. */
export function bytesOf({ columns }: Table): Uint8Array {
  const encoder = new TextEncoder()
  const parts = columns.flatMap(column => {
    const words = column.kind === 'category' ? column.categories : []
    const { buffer, byteOffset, byteLength } = column.values
    return [
      encoder.encode(JSON.stringify([column.name, column.kind, words])),
      new Uint8Array(buffer, byteOffset, byteLength),
    ]
  })
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
