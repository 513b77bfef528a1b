export interface SoakOptions {
  readonly rounds: number
  /** The same seed chooses the same instants, as far as the machine allows. */
  readonly seed: number
  /** Told a line of progress now and then. */
  tell(text: string): void
}

/** What a soak counted, and whether all was well. */
export interface Outcome {
  readonly good: boolean
  readonly figures: Readonly<Record<string, number>>
}

/** A long trial of one promise of the gateway. */
export type Soak = (options: SoakOptions) => Promise<Outcome>

/** The figures as two columns. */
export function table({ good, figures }: Outcome): string {
  const names = Object.keys(figures)
  const width = Math.max(...names.map(name => name.length))
  const lines = names.map(name => `${name.padEnd(width)}  ${String(figures[name]).padStart(10)}`)
  return `${[...lines, good ? 'passed' : 'FAILED'].join('\n')}\n`
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
