import type { Config } from '../config/index.ts'
import type { Alarm } from '../evidence/alarm.ts'
import type { Batch } from '../evidence/batch.ts'
import type { IntrusionSource } from './intrusion/source.ts'
import type { Sources } from './sources.ts'

/** What the detectors' thread works by. */
export interface DetectorStart {
  readonly sources: Sources
  readonly intrusion: IntrusionSource | null
  readonly site: string
  readonly roles: Config['roles']
}

/** To the detectors' thread. */
export type DetectorOrder =
  | { readonly kind: 'evidence'; readonly worker: number; readonly batch: Batch }
  | { readonly kind: 'died'; readonly worker: number }
  | { readonly kind: 'configure'; readonly start: DetectorStart }

/** From it. */
export type DetectorNotice =
  | { readonly kind: 'alarm'; readonly alarm: Alarm }
  /** More subjects than a scenario keeps: so many have made room since the last time. */
  | { readonly kind: 'crowded'; readonly scenario: string; readonly evicted: number }
  /** The model of intrusions cannot be used: nothing is judged by it. */
  | { readonly kind: 'unusable'; readonly why: string }
  /** A batch was looked at. */
  | { readonly kind: 'done' }
