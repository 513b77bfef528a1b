import type { Decision, Verdict } from '../contract/index.ts'
import type { Batch } from '../evidence/batch.ts'
import type { ActsKept } from './act-keeper.ts'
import type { AuditEvent } from './event.ts'
import type { Origin } from './ocsf.ts'

/** What the ledger's thread starts with. */
export interface LedgerStart {
  readonly folder: string
  /** PEM files: the key that signs checkpoints, and the secret of the commitments. */
  readonly key: string
  readonly secret: string
  readonly origin: Origin
  readonly overload: 'block' | 'degrade'
  readonly acts: ActsKept | null
  readonly witnesses: readonly { readonly url: string; readonly key: string }[]
  /** A thread that had it open has died. */
  readonly isAgain: boolean
  /** See `SharedHold`. */
  readonly hold: SharedArrayBuffer
}

/** Refused and flagged acts that were not remembered one by one. `who` is '' where too many kinds came at once. */
export interface Surplus {
  readonly who: string
  readonly code: string
  readonly decision: Decision
  readonly count: number
}

/** From the main thread to the ledger's. */
export type LedgerOrder =
  | { readonly kind: 'evidence'; readonly worker: number; readonly batch: Batch }
  | { readonly kind: 'verdicts'; readonly verdicts: readonly Verdict[]; readonly surplus: readonly Surplus[] }
  | { readonly kind: 'event'; readonly event: AuditEvent }
  /** To be on the disk before it counts, and before `until`, a reading of `Clock.now`: then whoever asked was told that it is not. */
  | { readonly kind: 'order'; readonly id: number; readonly event: AuditEvent; readonly until: number }
  | { readonly kind: 'missing'; readonly count: number }
  | { readonly kind: 'died'; readonly worker: number }
  | { readonly kind: 'stop' }

/** From the ledger's thread to the main one. */
export type LedgerNotice =
  /** `made` names the files that were made, for there were none. */
  | { readonly kind: 'open'; readonly size: number; readonly verifier: string; readonly made: readonly string[] }
  | { readonly kind: 'refused'; readonly code: string; readonly what: string; readonly hint: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'ordered'; readonly id: number; readonly failed: string | null }
  | { readonly kind: 'failing'; readonly what: string }
  /** A witness has not cosigned. */
  | { readonly kind: 'unwitnessed'; readonly code: string; readonly what: string }
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'stopped' }
