import type { Range } from '../range.ts'
import type { AttackTrace } from '../types.ts'

/** What should stop an attack: the floor that is never off, or the guard of this name. */
export type Expectation = 'floor' | 'access' | 'size' | 'rate'

/** What an attack achieved. `effect` is measured behind the gateway or at an honest device; 0 is nothing. */
export interface Outcome {
  readonly attempts: number
  readonly effect: number
  /** One plain sentence with the numbers. */
  readonly detail: string
}

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
  run(range: Range): Promise<Outcome>
}

/** An attack that is over. */
export interface AttackReport extends Outcome, AttackTrace {
  readonly technique: string
  readonly title: string
  readonly expected: Expectation
  readonly error: string | null
}
