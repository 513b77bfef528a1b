import { Reason } from '@ringwall/wire'
import { end, NO_BYTES, noteFloor } from './close.ts'
import type { Connection } from './connection.ts'
import type { Way } from './way.ts'

/** Charges what a connection keeps, in both directions, to the worker's budget; the one that goes over it is ended. */
export function charge(c: Connection, way: Way): void {
  const kept = c.scanner.held + (c.back?.held ?? 0) + c.socket.writableLength + (c.link?.waiting ?? 0)
  if (kept === c.charged) return
  const fits = way.budget.charge(c.charged, kept)
  c.charged = kept
  if (fits || c.closing) return
  const why = `${way.budget.used} bytes are kept for unfinished packets and sends, limits.buffered allows ${way.budget.limit}`
  noteFloor(
    c,
    way,
    'disconnect',
    { code: 'memory_limit', clause: 'limits.buffered', why },
    { action: 'packet', ...NO_BYTES },
  )
  end(c, Reason.QUOTA_EXCEEDED, 'memory_limit', way)
}
