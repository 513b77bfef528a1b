import type { Config } from '../config/index.ts'
import type { Counts, Tier, Verdict } from '../contract/index.ts'
import type { Batch } from '../evidence/batch.ts'
import type { Material } from '../keys/material.ts'
import type { HashKey } from '../lanes/approvals-hash.ts'
import type { LeaseAnswer } from '../lanes/registrar.ts'
import type { NamedTopic } from '../lanes/rhythm-keeper.ts'
import type { RhythmTask } from '../lanes/rhythm-tasks.ts'
import type { Surplus, Tally } from '../path/verdict.ts'

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
  /** Who may not come in; its keyed hashes have the key of the approvals. */
  readonly blocks: SharedArrayBuffer
  /** Whether all guards only observe now. */
  readonly isBypassed: boolean
  /** The last values of the site's series; laid out anew when a configuration has other profiles. */
  readonly series: SharedArrayBuffer
  /** Posture and maintenance by lane. */
  readonly standing: SharedArrayBuffer
  /** The ring into which it records, null for none. */
  readonly recording: SharedArrayBuffer | null
  /** Whether devices may be read: see `SharedHold`. */
  readonly hold: SharedArrayBuffer
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
  /** What a person decided about the rhythm of the device whose session this is. */
  | { readonly kind: 'rhythm'; readonly session: number; readonly task: RhythmTask }
  | { readonly kind: 'drain' }
  /** Record into this ring from now on; null: no more. */
  | { readonly kind: 'record'; readonly ring: SharedArrayBuffer | null }
  /** Ends whoever is blocked by now. */
  | { readonly kind: 'expel' }
  /** Ends one session at a person's word. */
  | { readonly kind: 'dismiss'; readonly session: number; readonly why: string }
  | { readonly kind: 'bypass'; readonly isBypassed: boolean }

/** What a worker tells some times a second: counts since it began, verdicts and tallies since the last report. */
export interface Report {
  readonly counts: Counts
  readonly connections: number
  readonly buffered: number
  readonly verdicts: readonly Verdict[]
  readonly tallies: readonly Tally[]
  /** Verdicts that were only counted. */
  readonly surplus: readonly Surplus[]
  /** What happened since the last report. */
  readonly evidence: Batch
  /** How long a sample of the chunks took from being received to being handed to the socket, in seconds. */
  readonly latencies: readonly number[]
  /** Topics whose rhythm is learned from now on. */
  readonly topics: readonly NamedTopic[]
  readonly tier: Tier
}

/** From a worker to the main thread. */
export type Notice =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string; readonly what: string }
  | { readonly kind: 'lease'; readonly session: number; readonly device: string; readonly address: string }
  | { readonly kind: 'release' | 'alive'; readonly session: number; readonly device: string }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'drained' }
