import type { ModelRecord } from '@ringwall/learn/io'
import type { Fates } from './learn-attack-run.ts'
import { floorOf, percent } from './learn-attack-told.ts'

/** What a model came to under attack. */
export type Found = Omit<Fates, 'made'>

/** What a hardened model came to under attack, for its card. */
export function withFigures(record: ModelRecord, { clean, balanced, fates }: Found): ModelRecord {
  const worst = fates.flatMap(fate => [
    [`attacked at ${fate.epsilon}`, fate.worst] as const,
    [`attacked at ${fate.epsilon}, balanced`, fate.balanced] as const,
  ])
  const figures = { clean, 'clean, balanced': balanced, ...Object.fromEntries(worst) }
  return { ...record, training: { ...record.training, figures } }
}

/** Of balanced accuracy on rows as they are, so much may be given for what is withstood. */
const MOST_LOST = 0.02

/** Says where hardening has made a model worse; nothing where it has not. */
export function worseText({ before, hardened }: { readonly before: Found; readonly hardened: Found }): string {
  const [first, then] = [floorOf(before), floorOf(hardened)]
  const lines = [
    then < first ? `Hardening made it worse under attack: balanced, ${percent(first)} became ${percent(then)}.\n` : '',
    hardened.balanced < before.balanced - MOST_LOST
      ? `Hardening costs too much on rows as they are: balanced, ${percent(before.balanced)} became ${percent(hardened.balanced)}.\n`
      : '',
  ]
  return lines.join('')
}
