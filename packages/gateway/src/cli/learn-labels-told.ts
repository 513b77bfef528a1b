import type { SanitizedLabels, Suspect } from '@ringwall/learn/robust/poison'
import { counted } from './learn-columns.ts'
import { printable, table as tableText } from './output.ts'
import type { Outcome } from './verb.ts'

/** Reasons that are told one by one; `--json` tells that of each row. */
const MOST_LINES = 20

/** A suspect with its classes by name. */
type Told = Omit<Suspect, 'label' | 'likelier'> & { readonly label: string; readonly likelier: string }

/** What was taken out or relabeled, and why: in text rows of one reason share a line, in JSON each has its own. 1 where there is one. */
export function labelsTold(
  codes: Int32Array,
  classes: readonly string[],
  clean: SanitizedLabels,
  out: string | undefined,
): Outcome {
  const { kept, suspects } = clean
  const told = suspects.map(
    (each): Told => ({ ...each, label: classes[each.label]!, likelier: classes[each.likelier]! }),
  )
  const rows = classes.map((_, code) => codes.reduce((count, each) => count + Number(each === code), 0))
  const unjudged = clean.unjudged.map(({ label }) => label)
  const byClass = classes.map((name, code) => ({
    class: name,
    rows: rows[code]!,
    suspects: unjudged.includes(code) ? null : suspects.filter(({ label }) => label === code).length,
  }))
  const relabeled = suspects.filter(({ remedy }) => remedy === 'relabel').length
  const reasons = Map.groupBy(told, ({ code, label, why }) => JSON.stringify([code, label, why]))
  const text = [
    `${counted(codes.length, 'row')} of ${classes.length} classes; ${kept.length} kept`,
    relabeled > 0 ? `, ${relabeled} of them relabeled.\n` : '.\n',
    told.length === 0 ? 'Nothing was found.\n' : reasonsText([...reasons.values()]),
    byClass.map(classText).join(''),
    reasons.size > MOST_LINES
      ? `... and ${reasons.size - MOST_LINES} more reasons (--json tells that of each row)\n`
      : '',
    out === undefined ? 'Nothing was written (--out).\n' : out === '-' ? '' : `Clean: ${out}\n`,
  ].join('')
  const json = {
    rows: codes.length,
    kept: kept.length,
    relabeled,
    classes: byClass,
    suspects: told,
    out: out ?? null,
  }
  return { status: told.length > 0 ? 1 : 0, text, json }
}

/** What was found of a class: whoever has few rows loses most by rows that go for nothing. */
function classText({ class: name, rows, suspects }: { class: string; rows: number; suspects: number | null }): string {
  const what = suspects === null ? 'not judged, too few rows' : `${suspects} suspected`
  return `Class ${printable(name)}, ${counted(rows, 'row')}: ${what}.\n`
}

/** Those that explain most rows first. */
function reasonsText(reasons: readonly (readonly Told[])[]): string {
  const lines = reasons
    .toSorted((a, b) => b.length - a.length || a[0]!.row - b[0]!.row)
    .slice(0, MOST_LINES)
    .map(rows => {
      const { code, row, label, likelier, remedy, why } = rows[0]!
      return [code, `${rows.length}`, `${row}`, label, remedy === 'drop' ? 'dropped' : `now ${likelier}`, why]
    })
  return tableText([['what', 'rows', 'first', 'label', 'remedy', 'why'], ...lines])
}
