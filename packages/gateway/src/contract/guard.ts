import type { Act } from './act.ts'
import type { Severity } from './finding.ts'
import type { Scene } from './scene.ts'

/** The rings whose guards are inline today or in a later issue. */
export type Ring = 'models' | 'network' | 'identity' | 'integrity' | 'lifecycle' | 'watch' | 'physical'

export type Mode = 'off' | 'observe' | 'enforce'

/** The state that guards keep about one device, leased to the worker that holds its session. See `lanes/record.ts` for the fields. */
export interface Lane {
  readonly index: number
  readonly epoch: number
  /** The record's numbers; a guard owns the words that `lanes/record.ts` gives it. */
  readonly words: Float64Array
  /** What was learned of the device's rhythm; see `lanes/rhythm-words.ts`. */
  readonly rhythm: Float64Array
}

/** Where a guard says what it found. Reused: nothing may be kept after `judge` returns. */
export interface Report {
  /** A breach: in enforce mode the act is refused. */
  add(code: string, why: string, clause?: string, severity?: Severity): void
  /** Something to be known that refuses nothing, in enforce mode either: the act is flagged. */
  note(code: string, why: string, clause?: string, severity?: Severity): void
  /** Too fast: in enforce mode reading stops for so many milliseconds and the act is judged again then. */
  slow(code: string, why: string, milliseconds: number, clause?: string): void
  /** A breach after which the connection itself is not fit to go on. */
  end(code: string, why: string, clause?: string, severity?: Severity): void
}

/** How a recording holds what a guard keeps in its slot of `scene.memo`. Plain data (numbers, texts, lists, objects of these) needs none. */
export interface Keeps {
  readonly slot: number
  /** As plain data. */
  save(kept: unknown): unknown
  load(saved: unknown): unknown
}

/** An inline, synchronous, deterministic check of one act. A function of act, lane and scene; it reads nothing else. */
export interface Guard {
  readonly name: string
  readonly ring: Ring
  judge(act: Act, lane: Lane, scene: Scene, report: Report): void
  /**
   * Keeps what the act teaches: last values, sequence numbers, rhythm. Called after an act that goes through and in which
   * this guard, whether it enforces or observes, found nothing; before anything else is judged.
   */
  learn?(act: Act, lane: Lane, scene: Scene): void
  /**
   * Judging itself changes what the guard keeps, as counting does. It is not asked about an act that has to wait: that one is
   * judged again, and would count twice.
   */
  readonly counts?: true
  readonly keeps?: Keeps
  /**
   * The types of packets that are no acts of their own and that the guard wants to see all the same, a bit for each type:
   * acknowledgements, what the broker answers, DISCONNECT. They come to `judge` as acts of `control`; no other guard is asked.
   */
  readonly packets?: number
}
