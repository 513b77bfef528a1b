import { type SessionRow, SessionWindows, type WindowSize } from '../evidence/sessions/index.ts'
import { Court } from './court.ts'
import { Dissector } from './dissect/packet.ts'
import { Missing } from './missing.ts'
import type { Clockwork, Outlet } from './outlet.ts'
import { FLOOR, LONGEST, WELL_KNOWN } from './prepare.ts'
import { Reading } from './reading.ts'
import { type Extent, Replay } from './replay.ts'
import { Witness } from './witness.ts'

/** A capture on its way to rows. */
export interface SessionTrial {
  /** Where the capture's bytes are best put (`Source.chunks`). */
  readonly window: Uint8Array | null
  /** Sessions and addresses that were forgotten because there was no room. */
  readonly evicted: number
  take(chunk: Uint8Array): boolean
  end(): Extent
}

/** Bytes of unfinished packets of all connections. */
const BUFFERED = 16_777_216

/**
 * Reads a capture as the gateway would have seen it, its floor included, and gives each window of each session to `each`: those that are
 * open at its end too.
 * @param ports of MQTT servers besides the well-known ones
 */
export function sessionsOf(size: WindowSize, ports: readonly number[], each: (row: SessionRow) => void): SessionTrial {
  const moment: Clockwork = { time: 0, packet: 0 }
  const windows = new SessionWindows(size, each)
  const witness = new Witness(happening => windows.take(happening), moment)
  const outlets: Outlet[] = [witness]
  const known = [...WELL_KNOWN, ...ports]
  const reading = new Reading<null>({
    dissector: new Dissector({ silent: true, passwords: false, limit: 0 }),
    writes: false,
    inspector: { looks: false, memory: () => null, inspect: () => [] },
    observers: [new Court(FLOOR, outlets, new Missing(), null), witness],
    outlets,
    moment,
    ports: new Set(known),
    longest: LONGEST,
    buffered: BUFFERED,
  })
  const replay = new Replay(moment, reading, known, time => windows.advance(time))
  const end = (): Extent => {
    const extent = replay.end()
    windows.flush()
    return extent
  }
  return {
    window: replay.window,
    get evicted() {
      return windows.evicted
    },
    take: chunk => replay.take(chunk),
    end,
  }
}
