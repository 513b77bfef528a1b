import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { connect, packet, publish } from '../path/packets.testkit.ts'
import { capture, type MadeFlow, type Sent } from './capture.testkit.ts'
import { type SessionTrial, sessionsOf } from './sessions.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const MEBIBYTE = 1024 ** 2
const FILE = 24
/** Bytes of one segment. */
const SEGMENT = 60_000

const idle = new Int32Array(new SharedArrayBuffer(4))

/** The bytes of buffers that nobody has are given back by another thread, somewhat later and at the next collection: the least of some is what is used. */
function used(): number {
  const seen = Array.from({ length: 5 }, () => {
    collect()
    Atomics.wait(idle, 0, 0, 20)
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return (heapUsed + arrayBuffers) / MEBIBYTE
  })
  return Math.min(...seen)
}

const begin = (): SessionTrial => sessionsOf({ span: 1_000, most: 100 }, [], () => {})

/** Flows without an end: handshakes and what is said, each of an address and a port of its own; the file's header before the first. */
function flow(n: number, sent: readonly Sent[]): Uint8Array {
  const made: MadeFlow = { client: 1, at: n, sent }
  const bytes = capture(made)
  const records: Buffer[] = []
  for (let at = FILE; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8))
    records.push(bytes.subarray(at, at + 16 + bytes.readUInt32LE(at + 8)))
  for (const record of records) {
    const isUp = record.readUInt16BE(16 + 22) === 1883
    record.writeUInt32BE(0x0a00_0000 + (n >> 4), 16 + (isUp ? 12 : 16))
    record.writeUInt16BE(1_024 + (n & 15), 16 + (isUp ? 20 : 22))
  }
  // Not the two that end it.
  return new Uint8Array(Buffer.concat([n === 0 ? bytes.subarray(0, FILE) : Buffer.alloc(0), ...records.slice(0, -2)]))
}

/** How much more memory is used after the last of so many flows than after the first few of them, in MiB. */
function growth(first: number, last: number, sent: (n: number) => readonly Sent[]): number {
  const trial = begin()
  let early = 0
  for (let n = 0; n < last; n++) {
    expect(trial.take(flow(n, sent(n)))).toBe(true)
    if (n === first) early = used()
  }
  const grown = used() - early
  const { fault, flows, evicted } = trial.end()
  expect([fault, flows, evicted > 0 || last < 65_536]).toEqual([null, last, true])
  return grown
}

const pieces = (bytes: Uint8Array): Sent[] =>
  Array.from({ length: Math.ceil(bytes.length / SEGMENT) }, (_, i) => ({
    up: bytes.subarray(i * SEGMENT, (i + 1) * SEGMENT),
  }))

test('more connections than there is room for, none of which ever ends, leave no more behind than those there is room for', () => {
  // 65,536 are followed.
  expect(growth(70_000, 140_000, () => [{ up: packet(0xc0) }])).toBeLessThan(24)
}, 240_000)

test('names of 60 KB in each CONNECT are not kept', () => {
  const name = (n: number, of: string): string => `${of}${n}`.padEnd(60_000, 'x')
  const sent = (n: number): Sent[] =>
    pieces(
      connect({
        version: 4,
        clientId: name(n, 'c'),
        username: name(n, 'u'),
        password: 'p',
        will: { topic: name(n, 'w'), payload: '' },
      }),
    )
  // Kept, they would be 180 MB.
  expect(growth(100, 1_100, sent)).toBeLessThan(16)
}, 120_000)

test('nor is what unfinished packets claim, nor what aliases stand for without end', () => {
  const unfinished = Buffer.concat([Uint8Array.of(0x10, 0xff, 0xff, 0x3f), Buffer.alloc(40_000, 'x')])
  expect(growth(500, 1_500, () => [{ up: unfinished }])).toBeLessThan(24)
  const aliases = Array.from({ length: 250 }, (_, n) =>
    publish(`t${n}`.padEnd(1_000, 'x'), '', { version: 5, alias: n + 1 }),
  )
  const opens = connect({ version: 5, clientId: 'a' })
  const sent = pieces(Buffer.concat([opens, ...aliases]))
  // 250 KB each.
  expect(growth(100, 500, () => sent)).toBeLessThan(24)
}, 120_000)
