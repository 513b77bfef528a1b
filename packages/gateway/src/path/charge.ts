import { Reason } from '@ringwall/wire'
import { cut, end, NO_BYTES, noteFloor } from './close.ts'
import type { Connection } from './connection.ts'
import type { Way } from './way.ts'

/** The connection that keeps the most bytes; null where none keeps any. */
export function heaviest(connections: Iterable<Connection>): Connection | null {
  let heaviest: Connection | null = null
  for (const c of connections) if (!c.closing && c.charged > (heaviest?.charged ?? 0)) heaviest = c
  return heaviest
}

/** Charges what a connection keeps, in both directions, to the worker's budget; the one that goes over it is ended. */
export function charge(c: Connection, way: Way): void {
  const kept = c.scanner.held + (c.back?.held ?? 0) + c.socket.writableLength + (c.link?.waiting ?? 0)
  if (kept === c.charged) return
  const fits = way.budget.charge(c.charged, kept)
  c.charged = kept
  if (fits) return
  // The one that keeps the most makes room, be it this one or another.
  const heaviest = way.heaviest()
  if (heaviest === null) return
  const why = `keeps ${heaviest.charged} of ${way.budget.used} bytes for unfinished packets and sends, limits.buffered allows ${way.budget.limit}`
  const found = { code: 'memory_limit', clause: 'limits.buffered', why }
  noteFloor(heaviest, way, 'disconnect', found, { action: 'packet', ...NO_BYTES })
  end(heaviest, Reason.QUOTA_EXCEEDED, 'memory_limit', way)
  cut(heaviest)
}
