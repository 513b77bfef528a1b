import { Reason } from '@ringwall/wire'
import { end, NO_BYTES, noteFloor } from '../path/close.ts'
import { type Connection, Halt } from '../path/connection.ts'
import type { Way } from '../path/way.ts'
import { dismiss } from './expulsion.ts'
import { TAKEN_OVER } from './farewell.ts'
import type { Notice, Order } from './messages.ts'
import { decide } from './rhythms.ts'

/** What the main thread orders of one session. */
export type SessionOrder = Exclude<Order & { readonly session: number }, { readonly kind: 'lease' }>

/** A session that has stood still for so many milliseconds gives way to its device's next one. */
const STUCK = 5_000

/** Obeys an order about a session that is not on its way out. */
export function obeySession(c: Connection, order: SessionOrder, way: Way, tell: (notice: Notice) => void): void {
  if (order.kind === 'dismiss') return dismiss(c, 'dismissed', order.why, way)
  if (order.kind === 'rhythm') return decide(c, order.task)
  // A holder that has stood still for long, its broker or itself taking nothing, is not worth waiting for.
  const stuck = (c.halted & (Halt.full | Halt.deaf)) !== 0 && way.clock.now() - c.haltedAt > STUCK
  if (order.kind === 'revoke' || stuck) return revoke(c, Reason.SESSION_TAKEN_OVER, TAKEN_OVER, way)
  // The kernel asks the peer from now on: one that is gone is found out within seconds, so that its device can come back.
  c.socket.setKeepAlive(true, 1_000)
  tell({ kind: 'alive', session: order.session, device: c.principal.device })
}

/** Ends a session that may not go on, and says why. */
export function revoke(c: Connection, reason: number, found: typeof TAKEN_OVER, way: Way): void {
  noteFloor(c, way, 'disconnect', found, { action: 'connect', ...NO_BYTES })
  end(c, reason, found.code, way)
}
