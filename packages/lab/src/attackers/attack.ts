import type { Range } from '../range.ts'
import type { Expectation, Outcome } from './report.ts'

export interface Attack {
  readonly name: string
  /** The id in ATT&CK for ICS, version 19 or newer. */
  readonly technique: string
  readonly title: string
  readonly expected: Expectation
  /** About how long it takes in wall seconds; the schedule counts on it. */
  seconds(limits: Range['limits']): number
  /** Whether it must have the machine for itself, because it loads it or measures time. */
  readonly alone: boolean
  /** Set where it needs what MQTT 5.0 defines (aliases, shared subscriptions): brokers that speak only 3.1.1 have neither. */
  readonly needs5?: true
  /** Set where it needs a fleet that seals: see `LabOptions.seals`. */
  readonly sealed?: true
  /** Set where it needs the gateway's ledger (see `LabOptions.ledger`): to see how it grows, or to forge copies of it, for which it is no device. */
  readonly ledger?: 'seen' | 'forged'
  /** The honest device whose key it has stolen and whose place it takes; without it, it has an identity of no use in the plant. */
  readonly steals?: string
  /** Before the honest device is silenced, and after it is back. */
  prepare?(range: Range): Promise<void>
  conclude?(range: Range): void
  run(range: Range): Promise<Outcome>
}
