import { Reason } from '@ringwall/wire'
import { charge } from './charge.ts'
import { cut, end, NO_BYTES, noteFloor } from './close.ts'
import { type Connection, Halt } from './connection.ts'
import type { Way } from './way.ts'

/** How long a device may have more messages under way than the receive maximum, in milliseconds. */
const CROWDED = 5_000
/** Bytes that may wait for a device beside one largest packet: reading from the broker stops long before, so only the gateway's own answers pile up to it. */
const DEAF = 1024 * 1024

/** How long a connection may stand still because one of its ends takes nothing, in milliseconds. */
const STALLED = 60_000

/** Looks after the deadlines of a worker's connections, without a timer for each; called some times a second. */
export function sweep(connections: Iterable<Connection>, way: Way): void {
  const now = way.clock.now()
  for (const c of connections) {
    if (c.cutAt !== 0 && now > c.cutAt) cut(c)
    else if (!c.closing) inspect(c, now, way)
  }
}

function inspect(c: Connection, now: number, way: Way): void {
  const { session, scene } = c
  charge(c, way)
  if (c.socket.writableLength > DEAF + way.policies.packet) {
    const why = `${c.socket.writableLength} bytes wait for a device that reads nothing`
    noteFloor(c, way, 'disconnect', { code: 'device_deaf', clause: '', why }, { action: 'packet', ...NO_BYTES })
    end(c, Reason.QUOTA_EXCEEDED, 'device_deaf', way)
    return cut(c)
  }
  if (way.clock.wallAt(now) > c.validUntil) {
    const why = `its certificate ended at ${new Date(c.validUntil).toISOString()}`
    noteFloor(c, way, 'disconnect', { code: 'certificate_expired', clause: '', why }, { action: 'packet', ...NO_BYTES })
    return end(c, Reason.NOT_AUTHORIZED, 'certificate_expired', way)
  }
  if ((c.halted & (Halt.full | Halt.deaf)) !== 0 && now - c.haltedAt > STALLED) {
    const why = `${(c.halted & Halt.full) === 0 ? 'the device' : 'the broker'} has taken nothing for ${STALLED} ms`
    noteFloor(c, way, 'disconnect', { code: 'stalled', clause: '', why }, { action: 'packet', ...NO_BYTES })
    end(c, Reason.UNSPECIFIED_ERROR, 'stalled', way)
    return cut(c)
  }
  if (!session.established) {
    const { connectTimeout } = way.policies
    if (now - c.born <= connectTimeout) return
    const why = session.connected
      ? `the broker did not accept the CONNECT within ${connectTimeout} ms`
      : `no whole CONNECT within ${connectTimeout} ms`
    const found = { code: 'connect_timeout', clause: '', why }
    noteFloor(c, way, 'disconnect', found, { action: 'connect', ...NO_BYTES })
    return end(c, session.connected ? Reason.SERVER_UNAVAILABLE : Reason.UNSPECIFIED_ERROR, found.code, way)
  }
  if ((c.halted & Halt.crowded) !== 0 && now - c.crowdedSince > CROWDED) {
    const why = `more than ${session.up.receiveMaximum} messages without an acknowledgement for ${CROWDED} ms`
    const found = { code: 'receive_maximum', clause: 'MQTT-3.3.4-7', why }
    noteFloor(c, way, 'disconnect', found, { action: 'packet', ...NO_BYTES })
    return end(c, Reason.RECEIVE_MAXIMUM_EXCEEDED, found.code, way)
  }
  // One and a half times the keep-alive (MQTT-3.1.2-24 in 3.1.1, MQTT-3.1.2-22 in 5.0). A device that is not read may well have spoken.
  if (c.halted !== 0 || now - c.seen <= scene.keepAlive * 1.5) return
  const clause = session.version === 5 ? 'MQTT-3.1.2-22' : 'MQTT-3.1.2-24'
  const why = `nothing heard for ${Math.round(now - c.seen)} ms, the keep-alive is ${scene.keepAlive} ms`
  noteFloor(c, way, 'disconnect', { code: 'keep_alive', clause, why }, { action: 'packet', ...NO_BYTES })
  end(c, Reason.KEEP_ALIVE_TIMEOUT, 'keep_alive', way)
}
