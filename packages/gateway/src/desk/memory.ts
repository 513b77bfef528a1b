import type { Verdict } from '../contract/index.ts'

/** The most recent verdicts, a bounded number of them; each holds at most a kilobyte of its act. */
export class VerdictMemory {
  readonly #most: number
  // Map keeps insertion order: the oldest is the first.
  readonly #verdicts = new Map<string, Verdict>()

  constructor(most = 4_096) {
    this.#most = most
  }

  add(verdict: Verdict): void {
    this.#verdicts.set(verdict.id, verdict)
    if (this.#verdicts.size <= this.#most) return
    for (const id of this.#verdicts.keys()) {
      this.#verdicts.delete(id)
      return
    }
  }

  get(id: string): Verdict | undefined {
    return this.#verdicts.get(id)
  }

  /** The latest verdicts that fit, newest first. */
  latest(most: number, fits: (verdict: Verdict) => boolean = () => true): Verdict[] {
    const found: Verdict[] = []
    for (const verdict of [...this.#verdicts.values()].reverse()) {
      if (found.length >= most) break
      if (fits(verdict)) found.push(verdict)
    }
    return found
  }
}
