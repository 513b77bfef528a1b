/** What has gathered at a subject when it was too much. */
export interface Full {
  /** Happenings, or different values where these are counted. */
  readonly count: number
  /** When the first of them came, wall milliseconds. */
  readonly began: number
}

/** Counts by subject, in bounded memory. */
export interface Tally {
  /** What a subject takes at most, in bytes. */
  readonly bytes: number
  /** How many subjects are kept. */
  readonly most: number
  /** Subjects that made room for others. */
  readonly evicted: number
  /**
   * Counts a happening.
   * @param value a hash of what may differ; not looked at where all count.
   * @returns null while it is not too much. The subject begins anew afterwards.
   */
  pour(key: string | number, value: number, time: number): Full | null
}
