import { Reason } from '@ringwall/wire'
import { blockedText } from '../gate/listener.ts'
import type { SharedBlocks } from '../lanes/blocks.ts'
import { end, NO_BYTES, noteFloor, noteTurnedAway } from '../path/close.ts'
import type { Connection } from '../path/connection.ts'
import type { Way } from '../path/way.ts'

/** A connection's peer without its port. */
export function addressOf({ peer }: Connection): string {
  return peer.slice(0, peer.lastIndexOf(':'))
}

/** Turns a blocked device away before it has a session. @returns whether it is blocked */
export function isTurnedAway(device: string, peer: string, blocks: SharedBlocks, way: Way): boolean {
  const wall = way.clock.wall()
  const until = blocks.device(device, wall)
  if (until === 0) return false
  noteTurnedAway({ device, peer }, 'device_blocked', blockedText(until), way)
  return true
}

/** Ends the connections of devices and from addresses that are blocked by now. */
export function expel(connections: Iterable<Connection>, blocks: SharedBlocks, way: Way): void {
  const wall = way.clock.wall()
  for (const c of connections) {
    if (c.closing) continue
    const ofDevice = blocks.device(c.principal.device, wall)
    const until = ofDevice === 0 ? blocks.address(addressOf(c), wall) : ofDevice
    if (until === 0) continue
    dismiss(c, ofDevice === 0 ? 'address_blocked' : 'device_blocked', blockedText(until), way)
  }
}

/** Ends a connection at the word of a person, or of what a person configured. */
export function dismiss(c: Connection, code: string, why: string, way: Way): void {
  noteFloor(c, way, 'disconnect', { code, clause: '', why }, { action: 'connect', ...NO_BYTES })
  end(c, Reason.ADMINISTRATIVE_ACTION, code, way)
}
