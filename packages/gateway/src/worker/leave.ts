import { Reason } from '@ringwall/wire'
import { cut, end } from '../path/close.ts'
import type { Connection } from '../path/connection.ts'
import type { Way } from '../path/way.ts'
import { LEAVE } from './farewell.ts'

/** How long a drain may take, in milliseconds. */
const DRAIN_TIME = 3_000

/** Takes leave of all devices: with a DISCONNECT upstream, so that no will is sent. */
export function takeLeave(connections: ReadonlyMap<number, Connection>, way: Way): void {
  for (const c of connections.values()) {
    if (!c.closing) c.link?.send(LEAVE, 0, LEAVE.length)
    end(c, Reason.SERVER_SHUTTING_DOWN, 'server_shutting_down', way)
  }
  setTimeout(() => connections.forEach(cut), DRAIN_TIME).unref()
}
