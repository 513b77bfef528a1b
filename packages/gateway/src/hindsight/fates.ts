import { Outcome } from '../path/judge.ts'

/** What would have become of an act, against what became of it. */
export const CHANGES = ['refused', 'slowed', 'flagged', 'freed'] as const
export type Change = (typeof CHANGES)[number]

/** Acts of one device that would have had another fate for the same reason. */
export interface Fate {
  readonly device: string
  /** `refused`: passed then, and would not now. `slowed`, `flagged`: passed then, and would be now. `freed`: did not pass then, and would now. */
  readonly change: Change
  /** What decides: the first finding of now, or for `freed` the first of then. */
  readonly guard: string
  readonly code: string
  /** Up to the lane's first divergence, where all is known. */
  sure: number
  /** Behind it: if the device had gone on as it did. */
  assumed: number
  /** The first of them, in words. */
  readonly why: string
  /** Ids of the first of them. */
  readonly examples: string[]
}

/** Kinds of fates that are told apart, and examples of each. */
const MOST = 10_000
const EXAMPLES = 3

/** What change an act's fate is, null for none. Decisions by `path/judge.ts`. */
export function changeOf(before: number, now: number): Change | null {
  const passed = before <= Outcome.flag
  if (now <= Outcome.flag) {
    if (!passed) return 'freed'
    return now === Outcome.flag && before === Outcome.allow ? 'flagged' : null
  }
  if (!passed) return null
  return now === Outcome.throttle ? 'slowed' : 'refused'
}

/** Counts fates by device, change and code. */
export class Fates {
  readonly #fates = new Map<string, Fate>()
  /** Fates beyond what is told apart. */
  more = 0

  count(
    change: Change,
    device: string,
    reason: { guard: string; code: string; why: string },
    isSure: boolean,
    id: string,
  ): void {
    const { guard, code, why } = reason
    const key = `${device} ${change} ${guard} ${code}`
    let fate = this.#fates.get(key)
    if (fate === undefined) {
      if (this.#fates.size >= MOST) return void this.more++
      fate = { device, change, guard, code, sure: 0, assumed: 0, why, examples: [] }
      this.#fates.set(key, fate)
    }
    if (isSure) fate.sure++
    else fate.assumed++
    if (fate.examples.length < EXAMPLES) fate.examples.push(id)
  }

  /** The most frequent first. */
  list(): Fate[] {
    const weight = ({ change }: Fate): number => CHANGES.indexOf(change)
    return [...this.#fates.values()].sort((a, b) => weight(a) - weight(b) || b.sure + b.assumed - a.sure - a.assumed)
  }
}
