import type { Finding, Severity } from '../contract/index.ts'
import type { Happened } from './happenings.ts'

/** A value of an entry: what JSON and CBOR both can say. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

/** One thing that is to stand in the ledger. What is left out is not known, or means nothing for its kind. */
export interface AuditEvent {
  readonly kind: Happened
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  /** One sentence. */
  readonly message: string
  readonly severity?: Severity
  readonly device?: string
  /** The peer's IP address. */
  readonly address?: string
  readonly port?: number
  /** The person, or the scenario, at whose word it came about. */
  readonly actor?: string
  /** The user name of a CONNECT. */
  readonly user?: string
  /** Whether it came to what was asked for. */
  readonly success?: boolean
  readonly direction?: 'up' | 'down'
  readonly action?: string
  readonly topic?: string
  readonly findings?: readonly Finding[]
  /** ATT&CK for ICS. */
  readonly technique?: string
  /** What models said of it, each named by its digest. */
  readonly scores?: readonly { readonly model: string; readonly score: number }[]
  /** Never enters the ledger: a commitment to it does. */
  readonly payload?: Uint8Array
  /** The whole length of what `payload` is the beginning of, in bytes. */
  readonly length?: number
  readonly details?: Readonly<Record<string, Plain>>
}
