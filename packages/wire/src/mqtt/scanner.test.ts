import { expect, test } from 'vitest'
import { hex, join, scanner } from '../../test/frames.ts'
import { Scanner } from './scanner.ts'

const publish = hex('32 09 00 03 61 2f 62 00 07 78 79')
const connect = hex('10 0d 00 04 4d 51 54 54 04 02 00 00 00 01 61')

test('frames of one chunk share its bytes and lie end to start', () => {
  const chunk = join([publish, hex('c0 00'), publish])
  const scan = scanner('client', 4)
  scan.feed(chunk)
  const seen: number[][] = []
  while (scan.next()) {
    expect(scan.bytes).toBe(chunk)
    seen.push([scan.type, scan.start, scan.end])
    if (scan.type === 3) expect(scan.payloadEnd - scan.payloadStart).toBe(2)
  }
  expect(seen).toEqual([
    [3, 0, 11],
    [12, 11, 13],
    [3, 13, 24],
  ])
})

test('only the unfinished frame is copied, and the frames after it are not', () => {
  const scan = scanner('client', 4)
  scan.feed(join([publish, publish.subarray(0, 4)]))
  expect(scan.next()).toBe(true)
  expect([scan.held, scan.pending]).toEqual([0, 4])
  expect(scan.next()).toBe(false)
  expect([scan.held, scan.pending]).toEqual([4, 4])
  const rest = join([publish.subarray(4), publish])
  scan.feed(rest)
  expect([scan.held, scan.pending]).toEqual([4, 4 + rest.length])
  expect(scan.next()).toBe(true)
  expect([...scan.bytes.subarray(scan.start, scan.end)]).toEqual([...publish])
  expect(scan.next()).toBe(true)
  expect(scan.bytes).toBe(rest)
  expect(scan.next()).toBe(false)
  expect([scan.held, scan.pending, scan.bytes.length]).toEqual([0, 0, 0])
})

test('a frame that comes byte by byte is shown once, at its last byte', () => {
  const scan = scanner('client', 4)
  for (let i = 0; i < publish.length; i++) {
    scan.feed(publish.subarray(i, i + 1))
    expect(scan.next()).toBe(i === publish.length - 1)
    if (i < publish.length - 1) expect(scan.held).toBe(i + 1)
  }
  expect(scan.topicEnd - scan.topicStart).toBe(3)
})

test('a large frame in drips costs time in proportion to its bytes', () => {
  const size = 2_000_000
  const large = new Uint8Array(size + 5)
  large.set(hex('30 81 89 7a 00 01 61'))
  const scan = scanner('client', 4, 3_000_000)
  const began = performance.now()
  let shown = 0
  for (let at = 0; at < large.length; at++) {
    scan.feed(large.subarray(at, at + 1))
    if (scan.next()) shown++
  }
  expect(shown).toBe(1)
  expect(performance.now() - began).toBeLessThan(5000)
})

test('what a chunk does not bring is not reserved', () => {
  const scan = scanner('client', 4, 100_000_000)
  const before = process.memoryUsage().arrayBuffers
  scan.feed(hex('30 80 80 80 20 00 01 61'))
  expect(scan.next()).toBe(false)
  expect(scan.held).toBe(8)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
})

test('a packet above the limit is refused from its fixed header, once', () => {
  const scan = scanner('client', 5, 100)
  scan.feed(hex('30 63'))
  expect(scan.next()).toBe(true)
  expect(scan.fault).toMatchObject({ code: 'packet_too_large', clause: 'MQTT-3.2.2-15', reason: 0x95, fatal: true })
  expect(scan.next()).toBe(false)
  scan.feed(publish)
  expect(scan.next()).toBe(false)
  expect([scan.held, scan.pending]).toEqual([0, 0])
})

test('a packet of exactly the limit passes', () => {
  const scan = scanner('client', 4, publish.length)
  scan.feed(publish)
  expect(scan.next()).toBe(true)
  expect(scan.fault).toBeNull()
})

test('a server is told of the client limit by the clause for servers', () => {
  const scan = scanner('server', 5, 100)
  scan.feed(hex('30 63'))
  scan.next()
  expect(scan.fault?.clause).toBe('MQTT-3.1.2-24')
})

test('a fifth length byte and packet type 0 lose the framing', () => {
  const length = scanner('client', 4)
  length.feed(hex('30 ff ff ff ff'))
  expect(length.next()).toBe(true)
  expect(length.fault).toMatchObject({ code: 'malformed_length', fatal: true, reason: 0x81 })
  expect(length.next()).toBe(false)
  const type = scanner('client', 4)
  type.feed(hex('00 00'))
  expect(type.next()).toBe(true)
  expect(type.fault).toMatchObject({ code: 'reserved_type', fatal: true })
})

test('the largest lengths of one, two and three bytes are read', () => {
  for (const [header, length] of [
    ['30 7f', 127],
    ['30 ff 7f', 16_383],
    ['30 ff ff 7f', 2_097_151],
  ] as const) {
    const start = hex(header)
    const packet = new Uint8Array(start.length + length)
    packet.set(start)
    packet.set(hex('00 01 61'), start.length)
    const scan = scanner('client', 4, 3_000_000)
    scan.feed(packet)
    expect(scan.next()).toBe(true)
    expect([scan.body, scan.end, scan.fault]).toEqual([start.length, packet.length, null])
  }
})

test('chunks fed while the caller pauses are joined in order', () => {
  const scan = scanner('client', 4)
  const chunks = Array.from({ length: 50 }, () => publish)
  for (const chunk of chunks) scan.feed(chunk)
  expect(scan.pending).toBe(50 * publish.length)
  expect(scan.held).toBe(50 * publish.length)
  let seen = 0
  while (scan.next()) {
    seen++
    expect(scan.packetId).toBe(seen === 51 ? 0 : 7)
    if (seen === 10) scan.feed(hex('c0 00'))
  }
  expect(seen).toBe(51)
})

test('the version comes from CONNECT, and nothing else may come first', () => {
  const scan = scanner('client', 0)
  scan.feed(publish)
  expect(scan.next()).toBe(true)
  expect(scan.fault).toMatchObject({ code: 'connect_expected', clause: 'MQTT-3.1.0-1', fatal: false })
  scan.feed(connect)
  expect(scan.next()).toBe(true)
  expect([scan.version, scan.fault]).toEqual([4, null])
})

test('the hash is FNV-1a over the bytes of the topic', () => {
  const scan = scanner('client', 4)
  const topic = Buffer.from('grün/+x')
  topic[topic.length - 2] = 0x2d
  scan.feed(join([Uint8Array.of(0x30, topic.length + 2, 0, topic.length), topic]))
  expect(scan.next()).toBe(true)
  let hash = 0x811c9dc5
  for (const byte of topic) hash = Math.imul(hash ^ byte, 0x01000193)
  expect(scan.topicHash).toBe(hash | 0)
})

test('thousands of idle scanners cost well under 1 KiB each', () => {
  const many: Scanner[] = []
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 20_000; i++) {
    const scan = new Scanner({ from: 'client', maxPacket: 1000 })
    scan.feed(connect)
    while (scan.next());
    many.push(scan)
  }
  expect((process.memoryUsage().heapUsed - before) / many.length).toBeLessThan(1024)
})
