import { Reason } from '@ringwall/wire'
import { end, NO_BYTES, noteFloor } from './close.ts'
import type { Connection } from './connection.ts'
import type { Way } from './way.ts'

/** Does something for a connection. Nothing that a peer sends may end the process: what fails here is the gateway's own fault and ends this connection only. */
export function shield(c: Connection, way: Way, action: () => void): void {
  try {
    action()
  } catch (error) {
    fail(c, way, error)
  }
}

/** Ends a connection on which the gateway failed. */
export function fail(c: Connection, way: Way, error: unknown): void {
  way.log.error({ device: c.principal.device, err: error }, 'internal error, connection ended')
  const found = { code: 'internal_error', clause: '', why: 'the gateway failed on this connection; its log has more' }
  noteFloor(c, way, 'disconnect', found, { action: 'packet', ...NO_BYTES })
  end(c, Reason.UNSPECIFIED_ERROR, found.code, way)
}
