import type { Severity } from '../contract/index.ts'

/** As much of a scenario's alarm as an answer to it needs. */
export interface Alarm {
  readonly scenario: string
  readonly severity: Severity
  /** The device that it is about, '' where none is known. */
  readonly device: string
  /** The address that it is about, '' where none is known. */
  readonly address: string
  /** One sentence with its numbers. */
  readonly why: string
}

const RANKS: Readonly<Record<Severity, number>> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 }

/** Whether a severity is at least another. */
export const isAtLeast = (severity: Severity, least: Severity): boolean => RANKS[severity] >= RANKS[least]
