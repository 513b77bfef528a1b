import type { Decision, Finding, Verdict } from '../contract/index.ts'
import { farewell } from './answer.ts'
import { type Connection, LINGER } from './connection.ts'
import type { Subject } from './verdict.ts'
import type { Way } from './way.ts'

/** How long the broker may take to close a link that the gateway finished, in milliseconds. */
const LINK_LINGER = 2_000

/** Ends a connection: a last packet with the reason, then the sockets. The broker sees a lost connection and sends the will. */
export function end(c: Connection, reason: number, code: string, way: Way): void {
  if (c.closing) return
  const packet = farewell(c, reason, code)
  if (packet !== null) c.answer(packet)
  c.closing = true
  c.cutAt = way.clock.now() + LINGER
  c.socket.end()
  // Unread bytes at close would turn into a reset that overtakes the last packet: they are read and dropped.
  c.socket.resume()
  c.link?.finish()
  c.link?.resume()
}

/** The device took its leave: its DISCONNECT is on its way to the broker. */
export function depart(c: Connection, way: Way): void {
  c.closing = true
  c.cutAt = way.clock.now() + LINK_LINGER
  c.socket.end()
  c.link?.finish()
  c.link?.resume()
}

/** The device's socket closed. What it sent before is still on its way to the broker. */
export function socketGone(c: Connection, way: Way): void {
  c.socketClosed = true
  c.closing = true
  c.cutAt = way.clock.now() + LINK_LINGER
  c.link?.finish()
  c.link?.resume()
  settle(c, way)
}

/** The link to the broker closed. A device that did not ask for it is told. */
export function linkGone(c: Connection, reason: number, way: Way): void {
  c.linkClosed = true
  if (!c.closing) end(c, reason, 'upstream_closed', way)
  settle(c, way)
}

/** Cuts what did not close in time. */
export function cut(c: Connection): void {
  c.socket.destroy()
  c.link?.cut()
}

function settle(c: Connection, way: Way): void {
  if (!c.socketClosed || !c.linkClosed) return
  way.budget.charge(c.charged, 0)
  c.charged = 0
  way.gone(c)
}

/** Takes down a decision of the floor about a packet, or about the connection as a whole. */
export function noteFloor(
  c: Connection,
  way: Way,
  decision: Decision,
  found: { code: string; clause: string; why: string },
  about: { action: Verdict['action']; direction?: 'up' | 'down'; bytes: Uint8Array; start: number; end: number },
): void {
  const finding: Finding = { guard: 'floor', severity: 'high', code: found.code, clause: found.clause, why: found.why }
  const { action, bytes, start, end: until, direction = 'up' } = about
  const subject = { device: c.principal.device, peer: c.peer, direction, action, address: '', bytes, start, end: until }
  way.book.note(decision, [finding], subject, way.clock.wall())
}

/** Takes down that a peer was turned away before it had a connection. */
export function noteTurnedAway(who: Pick<Subject, 'device' | 'peer'>, code: string, why: string, way: Way): void {
  const finding: Finding = { guard: 'floor', severity: 'medium', code, clause: '', why }
  const about = { ...who, direction: 'up', action: 'handshake', address: '' } as const
  way.book.note('disconnect', [finding], { ...about, ...NO_BYTES }, way.clock.wall())
}

export const NO_BYTES = { bytes: new Uint8Array(0), start: 0, end: 0 }
