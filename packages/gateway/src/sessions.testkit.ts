import { CaptureReader, type Flow, Flows } from '@ringwall/wire/capture'
import { isFault, PacketType, readConnect, Scanner } from '@ringwall/wire/mqtt'
import { BatchReader } from './evidence/reader.ts'
import { Recorder } from './evidence/recorder.ts'
import { Secrets } from './evidence/secret.ts'
import { type SessionRow, SessionWindows, type WindowSize } from './evidence/sessions/index.ts'
import { VerdictBook } from './path/verdict.ts'
import { Bench, settled } from './path/way.testkit.ts'
import { sessionsOf } from './replay/sessions.ts'

export const SIZE: WindowSize = { span: 1_000, most: 100 }

/** What a capture's TCP connections did, in order. */
export type Done =
  | { readonly what: 'opened' | 'closed'; readonly flow: Flow; readonly time: number }
  | { readonly what: 'up' | 'down'; readonly flow: Flow; readonly time: number; readonly bytes: Uint8Array }

export function doneIn(capture: Uint8Array): Done[] {
  const done: Done[] = []
  const flows = new Flows(
    {
      opened: flow => void done.push({ what: 'opened', flow, time: flow.began }),
      data: (flow, what, bytes, start, end, time) =>
        void done.push({ what, flow, time, bytes: bytes.slice(start, end) }),
      closed: (flow, how, time) => void (how !== 'end' && done.push({ what: 'closed', flow, time })),
      gap: () => {},
      anomaly: () => {},
    },
    { ports: [1883] },
  )
  const reader = new CaptureReader()
  reader.feed(capture)
  while (reader.next()) flows.packet(reader)
  flows.flush()
  return done
}

/** One connection on the straight way, what is recorded of it, and who reads that. */
interface Lived {
  readonly bench: Bench
  readonly recorder: Recorder
  readonly reader: BatchReader
}

/** The gateway's own session, scanners, floor and recorder, fed with what the ends of each connection sent, when they did. */
export async function live(done: readonly Done[]): Promise<SessionRow[]> {
  const rows: SessionRow[] = []
  const windows = new SessionWindows(SIZE, row => void rows.push(row))
  const lived = new Map<Flow, Lived>()
  const secrets = new Secrets()
  for (const each of done) {
    const { flow, time } = each
    const { bench, recorder, reader } = lived.get(flow) ?? begin(flow, lived, secrets)
    bench.clock.advance(Math.max(0, time - bench.clock.wall()))
    bench.clock.set(time)
    if ('bytes' in each) {
      if (each.what === 'up') bench.device(each.bytes)
      else bench.server(each.bytes)
    } else if (each.what === 'opened') recorder.opened(bench.c, time)
    else recorder.note(bench.c, 'closed', time)
    await settled()
    reader.read(recorder.take(), happening => windows.take(happening))
  }
  windows.flush()
  return rows

  function begin(flow: Flow, all: Map<Flow, Lived>, keys: Secrets): Lived {
    const bench = new Bench({ policies: { packet: 1e6 } })
    const recorder = new Recorder(keys)
    Object.assign(bench.way, { evidence: recorder, book: new VerdictBook('0', recorder) })
    // The device is who its CONNECT says: certificates are none of the capture's.
    const { address, port } = flow.client
    const device = clientIdIn(done.filter(each => each.flow === flow))
    Object.assign(bench.c, { peer: `${address}:${port}`, principal: { ...bench.c.principal, device } })
    bench.clock.set(flow.began)
    const one = { bench, recorder, reader: new BatchReader(all.size, () => '') }
    all.set(flow, one)
    return one
  }
}

/** The client id of a connection's CONNECT; '' where it has none that can be read. */
function clientIdIn(done: readonly Done[]): string {
  const scanner = new Scanner({ from: 'client', maxPacket: 1e6 })
  for (const each of done) {
    if (each.what !== 'up') continue
    scanner.feed(each.bytes)
    if (!scanner.next()) continue
    if (scanner.type !== PacketType.CONNECT) return ''
    const found = readConnect(scanner.bytes, scanner.body, scanner.end)
    return isFault(found) ? '' : found.clientId
  }
  return ''
}

/** A capture's rows, as `ringwall learn sessions` reads it. */
export function rowsOf(capture: Uint8Array): SessionRow[] {
  const rows: SessionRow[] = []
  const trial = sessionsOf(SIZE, [], row => void rows.push(row))
  trial.take(capture)
  const { fault } = trial.end()
  if (fault !== null) throw new Error(fault.why)
  return rows
}
