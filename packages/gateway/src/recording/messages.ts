import type { Store } from './drain.ts'

/** What the recorder's thread starts with. */
export interface RecorderStart {
  readonly store: Store
}

/** From the main thread to the recorder's. */
export type RecorderOrder =
  | { readonly kind: 'ring'; readonly worker: number; readonly ring: SharedArrayBuffer }
  /** All workers have been told to stop: what they still wrote is taken, then the thread ends. */
  | { readonly kind: 'finish' }

/** From the recorder's thread to the main one. */
export type RecorderNotice =
  | { readonly kind: 'failed'; readonly code: string; readonly what: string }
  | { readonly kind: 'finished' }
