/** Where an attack came from and when: what a gateway needs to look up its own verdicts on it. */
export interface AttackTrace {
  readonly name: string
  /** The device ids whose certificates it used; empty where it had none. */
  readonly devices: readonly string[]
  /** Its local ends, `address:port`: what the gateway sees as the peer. */
  readonly peers: readonly string[]
  /** The topics at which it aimed. What others are told on them, where guards only observe, may be its own. */
  readonly topics: readonly string[]
  /** Milliseconds since the Unix epoch. */
  readonly from: number
  readonly to: number
}

/**
 * What should stop an attack: the floor that is never off, or the guard of this name. Whoever is root on the gateway's machine is stopped by
 * nothing, but found: by what the ledger's files prove, or by a witness.
 */
export type Expectation =
  | 'floor'
  | 'access'
  | 'size'
  | 'rate'
  | 'integrity'
  | 'schema'
  | 'invariant'
  | 'command'
  | 'signature'
  | 'rhythm'
  | 'ledger'
  | 'witness'

/** What an attack achieved. `effect` is measured behind the gateway or at an honest device; 0 is nothing. */
export interface Outcome {
  readonly attempts: number
  readonly effect: number
  /** One plain sentence with the numbers. */
  readonly detail: string
  /** Of what no verdict of the gateway can tell of: what found it, and as what. */
  readonly found?: Found
  /** Of a lie that grows: how far it had gone at its first message that did not come through. */
  readonly named?: Named | null
  /** How far a lie had gone at what time, in the order of its messages: for a caller who knows when a guard first spoke. */
  readonly track?: readonly ({ readonly time: number } & Named)[]
}

/** What an attack was found by, and the codes by which it was named. */
export interface Found {
  readonly by: Expectation
  readonly code: string
}

/** Where a growing lie was first named, beside what the law allows. */
export interface Named {
  readonly deviation: number
  readonly tolerance: number
  readonly unit: string
}

/** An attack that is over. */
export interface AttackReport extends Outcome, AttackTrace {
  readonly technique: string
  readonly title: string
  readonly expected: Expectation
  readonly error: string | null
}
