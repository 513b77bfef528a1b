import type { HeldOut, Report, Strange } from '@ringwall/learn/io'
import { counted } from './learn-columns.ts'
import { percent, short } from './learn-told-text.ts'

/** So many columns or classes are named. */
const MOST_NAMED = 20
const FEW_NAMED = 5

/** What may be wrong with a model and what it was given. */
export interface Doubtful {
  readonly classes: readonly string[]
  readonly heldOut: HeldOut | null
  readonly strange: Strange | null
  readonly report: Report | null
  /** Whether the table that was told is the one that was learned. */
  readonly isLearned: boolean
}

/** Sentences, the gravest first. */
export function warningsOf({ classes, heldOut, strange, report, isLearned }: Doubtful): string[] {
  return [
    ...(heldOut === null || heldOut.isBetter ? [] : [uselessText(heldOut)]),
    ...(isLearned
      ? ['these are the rows that the model learned from: how it tells them says nothing of how it tells others.']
      : []),
    ...(report === null ? [] : foreignText(report, classes)),
    ...(strange === null ? [] : strangeTexts(strange)),
  ]
}

function uselessText({ rows, accuracy, baseline }: HeldOut): string {
  const always = `${percent(baseline.accuracy)} by telling always '${baseline.class}'`
  return `no better than always saying '${baseline.class}' on held-out rows: ${percent(accuracy)} of ${rows} were right, ${always}; what is above that may be chance.`
}

/** Where the labels name none of the model's classes, none can be told rightly. */
function foreignText({ label, classes: reported }: Report, classes: readonly string[]): string[] {
  const said = reported.filter(({ actual }) => actual > 0).map(({ name }) => name)
  if (said.some(name => classes.includes(name))) return []
  return [
    `'${label}' names none of the classes that the model tells (${some(classes, FEW_NAMED)}): found ${some(said, FEW_NAMED)}. Name another column with --label.`,
  ]
}

function strangeTexts({ empty, unseen, outside }: Strange): string[] {
  const rows = ({ name, rows: count }: { readonly name: string; readonly rows: number }): string =>
    `${name} (${counted(count, 'row')})`
  const line = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what}: ${some(names, MOST_NAMED)}.`]
  return [
    ...line('mostly empty, and hardly ever in training', empty.map(rows)),
    ...line('words that were not seen in training', unseen.map(rows)),
    ...line(
      'out of the range that was learned',
      outside.map(each => `${rows(each)}, ${short(each.least)} to ${short(each.most)} learned`),
    ),
  ]
}

const some = (names: readonly string[], most: number): string =>
  `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`
