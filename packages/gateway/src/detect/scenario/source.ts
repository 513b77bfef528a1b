import type { Happening } from '../../evidence/happening.ts'
import type { Figures } from './say.ts'

/** Hands on what is to be counted. @param time when it came true. */
export type Pour = (happening: Happening, time: number, figures: Figures) => void

/** Finds among happenings what is to be counted. Time comes from the happenings and from `advance`, never from a clock. */
export interface Source {
  /** What a subject takes at most, in bytes, and how many are kept. */
  readonly bytes: number
  readonly most: number
  readonly evicted: number
  /** @param step which of the scenario's triggers fits: 0 for its own, from 1 on for those that follow. */
  feed(happening: Happening, step: number, time: number): void
  /** Nothing that came before this time is still to come. */
  advance(time: number): void
}
