import type { Action, Direction } from './act.ts'
import type { Finding } from './finding.ts'

/** From mildest to hardest. `hold` is for acts that wait for a confirmation. */
export type Decision = 'allow' | 'flag' | 'hold' | 'throttle' | 'refuse' | 'disconnect'

/** A decision with the findings that led to it and as much of the act as explaining it needs. */
export interface Verdict {
  /** Unique while the gateway runs: `worker-number`. */
  readonly id: string
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  readonly decision: Decision
  readonly findings: readonly Finding[]
  readonly device: string
  readonly direction: Direction
  readonly action: Action | 'handshake' | 'packet'
  readonly address: string
  /** The act's first bytes, at most `VERDICT_BYTES`. */
  readonly bytes: Uint8Array
  /** The act's whole length in bytes. */
  readonly length: number
  /** The peer's address and port. */
  readonly peer: string
}

/** How many bytes of an act a verdict remembers. */
export const VERDICT_BYTES = 1024
