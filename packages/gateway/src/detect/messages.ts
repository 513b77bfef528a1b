import type { Config } from '../config/index.ts'
import type { Alarm } from '../evidence/alarm.ts'
import type { Batch } from '../evidence/batch.ts'
import type { ScenarioCounts } from './scenario/engine.ts'
import type { Sources } from './sources.ts'

/** What the detectors' thread works by. */
export interface DetectorStart {
  readonly sources: Sources
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
  | { readonly kind: 'counts'; readonly counts: readonly ScenarioCounts[] }
  /** A batch was looked at. */
  | { readonly kind: 'done' }
