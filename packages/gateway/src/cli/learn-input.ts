import { createReadStream, statSync } from 'node:fs'
import { LearnError } from '@ringwall/learn'
import type { CsvPlace, DateOrder, Table, TableOptions } from '@ringwall/learn/io'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError, systemCode } from '../base/error.ts'
import { hintOf } from './learn-hints.ts'
import { inodeOf } from './learn-outputs.ts'
import { bytesOf, textOf } from './learn-whole.ts'
import { type Access, type Content, piecesOf, writeWhole } from './learn-write.ts'
import { problemBlock } from './output.ts'
import { Progress } from './progress.ts'

/** How a CSV is written, where it is not to be guessed. */
export interface CsvOptions {
  readonly separator?: ',' | ';' | '\t' | '|'
  readonly decimal?: '.' | ','
  readonly header?: boolean
  readonly dates?: DateOrder
}

const SEPARATORS: Readonly<Record<string, ',' | ';' | '\t' | '|'>> = {
  ',': ',',
  ';': ';',
  tab: '\t',
  '\t': '\t',
  '|': '|',
}

/** Options of all verbs that read a table; what is not said is recognized. */
export function csvOptions(command: Command): Command {
  return command
    .option('--separator <sign>', 'between cells: , ; | or tab, if it is not recognized', text => {
      const separator = SEPARATORS[text]
      if (separator === undefined) throw new InvalidArgumentError('It is , ; | or tab.')
      return separator
    })
    .option('--decimal <mark>', 'the decimal mark: . or ,', text => {
      if (text !== '.' && text !== ',') throw new InvalidArgumentError('It is . or ,')
      return text
    })
    .option('--dates <order>', 'the order in dates of numbers: dmy, mdy or ymd, if it is not recognized', text => {
      if (text !== 'dmy' && text !== 'mdy' && text !== 'ymd') throw new InvalidArgumentError('It is dmy, mdy or ymd.')
      return text
    })
    .option('--header', 'the first line names the columns')
    .option('--no-header', 'the first line is data; columns are called column1, column2 and so on')
}

/** Takes a list of names, with commas or by naming the option again. */
export function names(text: string, former: readonly string[] = []): readonly string[] {
  return [...former, ...text.split(',').map(name => name.trim())].filter(name => name !== '')
}

/** A whole number from `least` on. */
export function whole(least: number): (text: string) => number {
  return text => {
    if (!/^\d{1,9}$/.test(text) || Number(text) < least)
      throw new InvalidArgumentError(`It is a whole number from ${least}.`)
    return Number(text)
  }
}

/** A number above 0. */
export function above(text: string): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It is a number above 0.')
}

/** What was read, by device and inode: a link is the same file. */
const inputs = new Set<string>()

/** Notes that a file is read: nothing is written over it. */
export function remember(file: string): void {
  const found = file === '-' ? undefined : inodeOf(file)
  if (found !== undefined) inputs.add(found)
}

/** Reads a CSV from a file, or standard input for `-`. Errors: `file_unusable`, and those of `readTable`. */
export async function readCsv(
  file: string,
  { separator, decimal, header, dates }: CsvOptions,
  more: TableOptions = {},
): Promise<Table> {
  const { readTable } = await import('@ringwall/learn/io')
  remember(file)
  const name = file === '-' ? '<stdin>' : file
  const progress = new Progress(`reading ${name}`, file === '-' ? 0 : sizeOf(file))
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      progress.add((chunk as Uint8Array).length)
      yield chunk as Uint8Array
    }
  }
  const given = {
    ...(separator === undefined ? {} : { separator }),
    ...(decimal === undefined ? {} : { decimal }),
    ...(header === undefined ? {} : { header }),
    ...(dates === undefined ? {} : { dates }),
  }
  try {
    const table = await readTable(chunks(), { file: name, ...given, ...more })
    warnOfDates(table)
    return table
  } catch (error) {
    if (error instanceof LearnError || systemCode(error) === '') throw error
    throw unusable(file, `it cannot be read (${systemCode(error)})`, error)
  } finally {
    progress.end()
  }
}

/** Says how dates were read that may be read otherwise: on standard error, as it goes with all that a verb tells. */
function warnOfDates({ file, columns }: Table): void {
  for (const column of columns) {
    if (column.kind !== 'time' || column.isOpen !== true) continue
    const what = `column '${column.name}' is read as ${column.format}, and its rows fit the other order of day and month as well`
    const hint = 'Say --dates dmy or --dates mdy.'
    process.stderr.write(problemBlock({ code: 'dates_open', what, hint, place: { file } }, 'warning'))
  }
}

/** Reads a model file. Errors: `file_unusable`, and those of `readModel`, with the file as their place. */
export async function readModelFile(file: string) {
  const { readModel } = await import('@ringwall/learn/io')
  const text = readWhole(file)
  return await learning(file, () => readModel(text))
}

/** A file's text, or standard input's for `-`, of at most 512 MiB. Errors: `file_unusable`, `file_too_large`. */
export const readWhole = (file: string): string => reading(file, textOf)

/** A file's bytes, in the same way. */
export const readBytes = (file: string): Uint8Array => reading(file, bytesOf)

function reading<T>(file: string, read: (file: string) => T): T {
  remember(file)
  try {
    return read(file)
  } catch (error) {
    if (systemCode(error) === '' || error instanceof RingwallError) throw error
    throw unusable(file, `it cannot be read (${systemCode(error)})`, error)
  }
}

/** Makes sure that a file that is to be written was not read. Error: `file_unusable`. */
function notOver(file: string): void {
  if (file !== '-' && inputs.has(inodeOf(file) ?? ''))
    throw new RingwallError('file_unusable', 'it was read, and would be lost', 'Name another file to write to.', {
      file,
    })
}

/** Writes a file, or standard output for `-`; many lines piece by piece. Never over what was read. Error: `file_unusable`. @param access of a secret: for its owner alone */
export function writeOut(file: string, data: Content, access: Access = 'shared'): void {
  notOver(file)
  if (file !== '-') return writeWhole(file, data, access)
  for (const piece of piecesOf(data)) process.stdout.write(piece)
}

/** Does what a verb is for; what the learner refuses becomes an error with its place and what to do. */
export async function learning<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof LearnError)) throw error
    const { place, what } = error as { readonly place?: CsvPlace; readonly what?: string }
    const named = file === '-' ? '<stdin>' : file
    throw new RingwallError(error.code, what ?? error.message, hintOf(error.code), place ?? { file: named }, error)
  }
}

function unusable(file: string, what: string, cause: unknown): RingwallError {
  return new RingwallError(
    'file_unusable',
    what,
    'Name a file that is there, or - for standard input.',
    { file },
    cause,
  )
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    // Whoever reads it says so.
    return 0
  }
}
