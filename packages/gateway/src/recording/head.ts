import { createHash } from 'node:crypto'
import type { Config } from '../config/index.ts'
import { SCENE_VERSION } from '../contract/index.ts'
import type { ProfileSource } from '../profile/compile.ts'

/** A file of rules. */
export interface RuleSource {
  readonly file: string
  readonly text: string
}

/** The texts beside the configuration that guards are compiled from. No key and no password is among them. */
export interface Sources {
  readonly profiles: readonly ProfileSource[]
  readonly rules: readonly RuleSource[]
}

/** What a segment's guards were compiled from, the same for all segments until the configuration changes. */
export interface Grounds {
  readonly scene: number
  readonly payloads: 'full' | 'digest' | 'none'
  /** SHA-256 of the two below, hex. */
  readonly digest: string
  readonly config: Config
  readonly sources: Sources
}

/** How a segment begins. */
export interface SegmentHead {
  readonly grounds: Grounds
  readonly worker: number
  /** Milliseconds since the Unix epoch, and of the monotonic clock at the same moment. */
  readonly wall: number
  readonly now: number
  /** Value, time and integral of each of the site's series, as they stood. */
  readonly series: readonly (readonly [number, number, number])[]
}

/** How a device's lane begins to be recorded: with its CONNECT, with a new segment, or again after a gap. */
export interface SessionHead {
  readonly lane: number
  readonly epoch: number
  readonly device: string
  /** Its address and port. */
  readonly peer: string
  readonly site: string
  readonly roles: readonly string[]
  readonly assurance: 'certificate' | 'token' | 'password'
  readonly fingerprint: string
  /** Acts of the lane that are missing before this. */
  readonly missed: number
  /** The guards that judge it, in order, with their modes. */
  readonly plan: readonly (readonly [string, 'observe' | 'enforce'])[]
  /** By slot; a slot that could not be written down is in `unknown`. */
  readonly memo: readonly unknown[]
  readonly unknown: readonly number[]
  /** State of others that keep some, by their names. */
  readonly kept: Readonly<Record<string, unknown>>
}

/** How a segment ends. */
export interface SegmentEnd {
  /** By device: how many acts were recorded, how many are missing, and the digest of what they came to. */
  readonly lanes: readonly LaneDigest[]
}

export interface LaneDigest {
  readonly device: string
  readonly acts: number
  readonly missed: number
  /** SHA-256 over the lane's records, each behind its length in four bytes, an act's outcome for itself; hex. */
  readonly digest: string
}

export function groundsOf(config: Config, sources: Sources, payloads: Grounds['payloads']): Grounds {
  const digest = createHash('sha256')
    .update(JSON.stringify([config, sources]))
    .digest('hex')
  return { scene: SCENE_VERSION, payloads, digest, config, sources }
}
