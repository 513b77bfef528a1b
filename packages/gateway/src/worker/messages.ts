import type { Verdict } from '../contract/index.ts'
import type { Config } from '../config/index.ts'
import type { LeaseAnswer } from '../lanes/registrar.ts'
import type { Counts } from '../path/way.ts'
import type { Tally } from '../path/verdict.ts'

/** What the files that the configuration names hold; read by the main thread, so that workers touch no disk. */
export interface Material {
  /** PEM: the gateway's chain and key, and the anchors of the devices. */
  readonly certificate: string
  readonly key: string
  readonly anchors: readonly string[]
  /** PEM, towards the broker. */
  readonly upstreamCa?: string
  readonly upstreamCertificate?: string
  readonly upstreamKey?: string
  readonly upstreamPassword?: string
}

/** What a worker thread starts with. */
export interface WorkerStart {
  readonly index: number
  readonly config: Config
  readonly material: Material
  /** The port that all workers listen on. */
  readonly port: number
  /** Shared by all workers: lanes, rate words and their secret seed, admission's counts. */
  readonly lanes: SharedArrayBuffer
  readonly limits: SharedArrayBuffer
  readonly seed: number
  readonly counters: SharedArrayBuffer
}

/** From the main thread to a worker. */
export type Order =
  | { readonly kind: 'lease'; readonly session: number; readonly answer: LeaseAnswer }
  | { readonly kind: 'probe' | 'revoke'; readonly session: number }
  | { readonly kind: 'configure'; readonly config: Config; readonly material: Material }
  | { readonly kind: 'drain' }

/** How long chunks took from being received to being handed to the socket, in milliseconds: sums and buckets since the last report. */
export interface Latency {
  readonly buckets: number[]
  readonly sum: number
  readonly count: number
}

/** Upper bounds of the latency buckets, in milliseconds; one more bucket is for what lies above. */
export const LATENCY_BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 50] as const

/** What a worker tells some times a second: counts since it began, verdicts and tallies since the last report. */
export interface Report {
  readonly counts: Counts
  readonly connections: number
  readonly buffered: number
  readonly verdicts: readonly Verdict[]
  readonly tallies: readonly Tally[]
  readonly latency: Latency
}

/** From a worker to the main thread. */
export type Notice =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string; readonly what: string }
  | { readonly kind: 'lease' | 'release' | 'alive'; readonly session: number; readonly device: string }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'drained' }
