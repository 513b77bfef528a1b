import type { Readable } from 'node:stream'

/**
 * Spares a stream that is read by `'data'` events the look for more that Node schedules behind every chunk: a handle pushes by
 * itself, and `resume` asks it again after a pause. That look costs a tick for every TLS record, some tenth of a message's way.
 * Where a later Node has no such flag, nothing changes.
 */
export function flowing(stream: Readable): void {
  const state: unknown = Reflect.get(stream, '_readableState')
  if (typeof state === 'object' && state !== null && 'readingMore' in state) state.readingMore = true
}
