import { InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import type { ProfileBook } from '../profile/book.ts'
import { type RowRules, rowRules } from '../profile/rows.ts'
import { checkOutputs } from './learn-outputs.ts'
import { writeWhole } from './learn-write.ts'

/** A column of a table, and the reading (`device/name`) that stands in it. */
export interface Reading {
  readonly column: string
  readonly series: string
}

/** Reads `level=level-1/level,flow-1/flow`: a column that is called as its reading needs no name. */
export function readings(text: string, before: readonly Reading[]): readonly Reading[] {
  const all = text.split(',').map((each): Reading => {
    const cut = each.lastIndexOf('=')
    return { column: each.slice(0, cut < 0 ? each.length : cut).trim(), series: each.slice(cut + 1).trim() }
  })
  const found = [...before, ...all]
  if (found.some(({ column, series }) => column === '' || series === ''))
    throw new InvalidArgumentError('They are COLUMN=DEVICE/READING, with commas.')
  if (new Set(found.map(({ column }) => column)).size < found.length)
    throw new InvalidArgumentError('A column is named twice.')
  if (new Set(found.map(({ series }) => series)).size < found.length)
    throw new InvalidArgumentError('A reading is named twice: laws would bind one of its columns only.')
  return found
}

/** What profiles let a row of readings be, as `ringwall learn attack --constraints` takes it. Errors: `constraints_none`, `constraints_reading`, `file_unusable`. */
export function constraintsTold(
  book: ProfileBook,
  { columns, out }: { readonly columns: readonly Reading[]; readonly out?: string },
  files: readonly string[],
): { readonly text: string; readonly json: object } {
  if (columns.length === 0)
    throw new RingwallError('constraints_none', 'no column is named', 'Name them: --columns level=level-1/level.')
  checkOutputs({ '--out': out }, files)
  const found = rowRules(
    book,
    columns.map(({ series }) => series),
  )
  if ('what' in found) throw new RingwallError('constraints_reading', found.what, found.hint, { field: found.series })
  const constraints = constraintsOf(found, columns)
  const kept = found.laws.map(({ name }) => `Kept: '${name}'.\n`).join('')
  const notes = found.left.map(({ name, why }) => `Left out: '${name}': ${why}.\n`).join('')
  const text = `${JSON.stringify(constraints, null, 2)}\n`
  const json = { constraints, laws: found.laws.map(({ name }) => name), left: found.left, out: out ?? null }
  if (out === undefined) {
    process.stderr.write(kept + notes)
    return { text, json }
  }
  writeWhole(out, text)
  return { text: `${kept}${notes}Constraints: ${out}\n`, json }
}

function constraintsOf({ columns: limits, laws }: RowRules, columns: readonly Reading[]): object {
  const rules = limits.map(({ least, most, step }, i) => {
    const rule = {
      ...(Number.isFinite(least) ? { least } : {}),
      ...(Number.isFinite(most) ? { most } : {}),
      ...(step > 0 ? { step } : {}),
    }
    return [columns[i]!.column, rule] as const
  })
  return {
    columns: Object.fromEntries(rules),
    // Within its tolerance on either side of 0.
    laws: laws.flatMap(({ weights, constant, tolerance }) =>
      [1, -1].map(sign => {
        const named = [...weights].map(([series, weight]) => [
          columns.find(each => each.series === series)!.column,
          sign * weight,
        ])
        return { weights: Object.fromEntries(named), most: tolerance - sign * constant }
      }),
    ),
  }
}
