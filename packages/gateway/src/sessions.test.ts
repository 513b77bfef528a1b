import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CaptureReader, type Flow, Flows } from '@ringwall/wire/capture'
import { isFault, PacketType, readConnect, Scanner } from '@ringwall/wire/mqtt'
import { describe, expect, test } from 'vitest'
import { BatchReader } from './evidence/reader.ts'
import { Recorder } from './evidence/recorder.ts'
import { Secrets } from './evidence/secret.ts'
import { COLUMN_NAMES, type SessionRow, SessionWindows, type WindowSize } from './evidence/sessions/index.ts'
import { VerdictBook } from './path/verdict.ts'
import { Bench, settled } from './path/way.testkit.ts'
import { CONNACK, connect, hex, capture as made, publish } from './replay/capture.testkit.ts'
import { sessionsOf } from './replay/sessions.ts'
import { openData } from './replay/suricata.testkit.ts'

const folder = openData('mqttset')
const SIZE: WindowSize = { span: 1_000, most: 100 }

/** What a capture's TCP connections did, in order. */
type Done =
  | { readonly what: 'opened' | 'closed'; readonly flow: Flow; readonly time: number }
  | { readonly what: 'up' | 'down'; readonly flow: Flow; readonly time: number; readonly bytes: Uint8Array }

function doneIn(capture: Uint8Array): Done[] {
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
async function live(done: readonly Done[]): Promise<SessionRow[]> {
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
    bench.c.principal = { ...bench.c.principal, device: clientIdIn(done.filter(each => each.flow === flow)) }
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

function read(capture: Uint8Array): SessionRow[] {
  const rows: SessionRow[] = []
  const trial = sessionsOf(SIZE, [], row => void rows.push(row))
  trial.take(capture)
  expect(trial.end().fault).toBe(null)
  return rows
}

/** Columns in which two rows differ by more than the clocks' rounding. */
function differences(a: SessionRow, b: SessionRow): string[] {
  return COLUMN_NAMES.flatMap((name, at) => {
    const [one, other] = [a.values[at], b.values[at]]
    const same = Number.isNaN(one) ? Number.isNaN(other) : Math.abs(one - other) <= 3e-3 * Math.abs(one) + 2e-6
    return same ? [] : [`${name}: ${one} in the capture, ${other} live`]
  })
}

test('a made capture comes to the same rows live, an illegal packet and a message both ways among them', async () => {
  const sent = [
    { up: connect('a') },
    { down: CONNACK },
    { up: hex('8206 0001 0001 23 01') },
    { down: hex('9003 0001 01') },
    { up: publish('plant/a', '12345') },
    { down: publish('plant/b', '1') },
    { up: hex('c000') },
  ]
  const capture = made({ sent: [...sent, { up: hex('e000') }] }, { sent: [...sent, { up: hex('3601 00') }] })
  const [captured, lived] = [read(capture), await live(doneIn(capture))]
  expect(captured).toHaveLength(2)
  expect(captured[1].values[COLUMN_NAMES.indexOf('faults')]).toBe(1)
  expect(lived).toHaveLength(2)
  expect(captured.flatMap((row, at) => differences(row, lived[at]))).toEqual([])
})

describe.skipIf(folder === null)('a capture, and the gateway that sees the same bytes at the same times', () => {
  test.each([
    ['bruteforce-train.pcapng', 889, null],
    ['malariados-train.pcap', 44, null],
    ['slowite-train.pcap', 716, null],
    // Its client sends on before CONNACK has come, and the gateway reads that only then.
    ['malformed-train.pcap', 655, /gap_|keep_alive_used|source_messages/],
  ])('%s comes to the same rows', async (name, count, elsewhen) => {
    const capture = new Uint8Array(readFileSync(join(folder ?? '', name)))
    const [captured, lived] = [read(capture), await live(doneIn(capture))]
    expect(captured).toHaveLength(count)
    expect(lived).toHaveLength(count)
    const found = captured.flatMap((row, at) => differences(row, lived[at]))
    expect(found.filter(each => elsewhen?.test(each) !== true).slice(0, 5)).toEqual([])
  })
})
