import { createReadStream } from 'node:fs'
import { LearnError } from '@ringwall/learn'
import type { ModelRecord } from '@ringwall/learn/io'
import type { CsvOptions } from './learn-input.ts'

/**
 * Whether a file is the table that a model was learned from, by the digest of all that it says; of standard input, which is gone, it is not known. It is read again only where it has as many rows.
 */
export async function isLearnedFrom(
  file: string,
  rows: number,
  { schema, training }: Pick<ModelRecord, 'schema' | 'training'>,
  { separator, decimal, header, dates }: CsvOptions,
): Promise<boolean> {
  if (file === '-' || rows !== training.rows) return false
  const { bytesOf, digestOf, readTable } = await import('@ringwall/learn/io')
  const { ignore } = training.options as { readonly ignore?: unknown }
  const ignored = Array.isArray(ignore) ? ignore : []
  const kinds = schema.filter(({ kind, name }) => kind === 'category' && !ignored.includes(name))
  try {
    const table = await readTable(createReadStream(file), {
      file,
      ...(separator === undefined ? {} : { separator }),
      ...(decimal === undefined ? {} : { decimal }),
      ...(header === undefined ? {} : { header }),
      ...(dates === undefined ? {} : { dates }),
      kinds: Object.fromEntries(kinds.map(({ name }) => [name, 'category'] as const)),
      skips: name => ignored.includes(name),
    })
    return (await digestOf(bytesOf(table))) === training.data
  } catch (error) {
    // A table that was learned could be read.
    if (error instanceof LearnError) return false
    throw error
  }
}
