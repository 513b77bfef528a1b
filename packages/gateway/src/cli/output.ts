import { placeText } from '../base/error.ts'
import type { Problem } from '../config/problem.ts'

/** How bad a printed problem is. */
export type Level = 'error' | 'warning'

/** Writes one problem as a block of four lines: its code, what was wrong, where, and what to do. */
export function problemBlock({ code, what, hint, place }: Problem, level: Level = 'error'): string {
  const where = placeText(place)
  const lines = [
    `${level} ${code}`,
    `  what   ${what}`,
    ...(where === '' ? [] : [`  where  ${where}`]),
    `  do     ${hint}`,
  ]
  return `${lines.map(printable).join('\n')}\n`
}

/** What somebody else says may be 64 KiB long, and would push all other columns out of sight. */
const LONGEST_CELL = 240

/** Writes rows as columns that line up, the first row as their heads. What is longer than 240 characters is cut. */
export function table(long: readonly (readonly string[])[]): string {
  const rows = long.map(row =>
    row.map(cell => (cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL - 1)}…` : cell)),
  )
  // A loop: there may be more rows than a call takes arguments.
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  )
  return rows
    .map(
      row =>
        `${row
          .map((cell, column) => printable(cell).padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** Writes a value as one line of JSON. */
export const json = (value: unknown) => `${JSON.stringify(value)}\n`

/** A line with its control characters replaced: what a file, a certificate, a device or a broker said must not steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
export const printable = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
