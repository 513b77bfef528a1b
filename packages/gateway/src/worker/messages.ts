import type { Config } from '../config/index.ts'
import type { Counts, Verdict } from '../contract/index.ts'
import type { Batch } from '../evidence/batch.ts'
import type { Material } from '../keys/material.ts'
import type { HashKey } from '../lanes/approvals-hash.ts'
import type { LeaseAnswer } from '../lanes/registrar.ts'
import type { Tally } from '../path/verdict.ts'

/** What a worker thread starts with. */
export interface WorkerStart {
  readonly index: number
  readonly config: Config
  readonly material: Material
  /** The port that all workers listen on. */
  readonly port: number
  /** How often this worker was started. */
  readonly generation: number
  /** Shared by all workers: lanes, the words of admission's and of topics' rates with their secret seed, admission's counts. */
  readonly lanes: SharedArrayBuffer
  readonly limits: SharedArrayBuffer
  readonly topics: SharedArrayBuffer
  readonly seed: number
  readonly counters: SharedArrayBuffer
  /** Which commands were said lately, with the secret key of their hash. */
  readonly approvals: SharedArrayBuffer
  readonly approvalsKey: HashKey
  /** The last values of the site's series; laid out anew when a configuration has other profiles. */
  readonly series: SharedArrayBuffer
}

/** From the main thread to a worker. */
export type Order =
  | { readonly kind: 'lease'; readonly session: number; readonly answer: LeaseAnswer }
  | { readonly kind: 'probe' | 'revoke'; readonly session: number }
  | {
      readonly kind: 'configure'
      readonly config: Config
      readonly material: Material
      readonly series: SharedArrayBuffer
    }
  | { readonly kind: 'drain' }

/** What a worker tells some times a second: counts since it began, verdicts and tallies since the last report. */
export interface Report {
  readonly counts: Counts
  readonly connections: number
  readonly buffered: number
  readonly verdicts: readonly Verdict[]
  readonly tallies: readonly Tally[]
  /** What happened since the last report. */
  readonly evidence: Batch
  /** How long a sample of the chunks took from being received to being handed to the socket, in seconds. */
  readonly latencies: readonly number[]
}

/** From a worker to the main thread. */
export type Notice =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string; readonly what: string }
  | { readonly kind: 'lease' | 'release' | 'alive'; readonly session: number; readonly device: string }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'drained' }
