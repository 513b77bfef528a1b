/** What a run counted. */
export interface Tally {
  runs: number
  inputs: number
  bytes: number
  frames: number
  readonly faults: Map<string, number>
}

/** What was found: the input that shows it and the seed of the run in which it came up. */
export interface Finding {
  readonly why: string
  readonly input: Uint8Array
  readonly seed: number
}

/** One thing to fuzz, in its own file; `targets.ts` lists them. */
export interface Target {
  readonly name: string
  /**
   * Makes the inputs of one seed and tries them all, telling each to `begin` first. The first finding ends the fuzzing.
   * The same seed makes the same inputs.
   */
  run(seed: number, tally: Tally, begin: (input: Uint8Array) => void): Finding | null
}
