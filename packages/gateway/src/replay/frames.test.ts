import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Found, FrameReader } from './frames.ts'

interface Seen {
  readonly found: Found
  readonly bytes: string
  readonly length: number
}

function readAll(reader: FrameReader, pieces: readonly Uint8Array[]): Seen[] {
  const seen: Seen[] = []
  for (const piece of pieces) {
    // What was fed is written over, as it may be once `next` has answered that it needs more.
    const lent = Uint8Array.from(piece)
    reader.feed(lent, 0, lent.length)
    for (let found = reader.next(); found !== Found.more; found = reader.next()) {
      const { bytes, start, end, length } = reader
      seen.push({
        found,
        bytes: found === Found.packet ? Buffer.from(bytes.subarray(start, end)).toString('hex') : '',
        length,
      })
      if (found === Found.broken) return seen
    }
    lent.fill(0xee)
  }
  return seen
}

function packet(first: number, size: number): Uint8Array {
  const head = [first]
  let left = size
  do {
    head.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
    left >>= 7
  } while (left > 0)
  return Uint8Array.from([...head, ...Array.from({ length: size }, (_, n) => n & 0xff)])
}

function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set([0, ...cuts.map(each => each % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  return places.slice(1).map((end, n) => bytes.subarray(places[n], end))
}

test('however a stream is cut, the packets are the same, and nothing is kept in the end', () => {
  const sizes = fc.array(fc.oneof(fc.nat(5), fc.nat(300)), { maxLength: 12 })
  fc.assert(
    fc.property(sizes, fc.array(fc.nat(5_000), { maxLength: 30 }), (all, cuts) => {
      const packets = all.map((size, n) => packet((n * 37) & 0xff, size))
      const budget = { left: 10_000 }
      const seen = readAll(new FrameReader(200, budget), cut(Buffer.concat(packets), cuts))
      const expected = packets.map((bytes, n) => {
        const found = all[n] > 200 ? Found.skipped : Found.packet
        return { found, bytes: found === Found.packet ? Buffer.from(bytes).toString('hex') : '', length: bytes.length }
      })
      expect(seen).toEqual(expected)
      expect(budget.left).toBe(10_000)
    }),
    { numRuns: 500 },
  )
})

test('a length of five bytes is broken', () => {
  const seen = readAll(new FrameReader(200, { left: 1_000 }), [Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80, 1)])
  expect(seen.map(each => each.found)).toEqual([Found.broken])
})

test('an announced length reserves nothing, and where no room is left reading ends', () => {
  const budget = { left: 1_000 }
  const reader = new FrameReader(1_000_000, budget)
  readAll(reader, [packet(0x30, 900_000).subarray(0, 100)])
  expect(budget.left).toBeGreaterThanOrEqual(800)
  expect(reader.kept).toBe(100)
  expect(readAll(reader, [new Uint8Array(5_000)]).map(each => each.found)).toEqual([Found.broken])
  expect(budget.left).toBe(1_000)
})

test('after a hole nothing of what was begun is left', () => {
  const reader = new FrameReader(1_000, { left: 1_000 })
  readAll(reader, [packet(0x30, 50).subarray(0, 20)])
  reader.reset()
  expect(readAll(reader, [packet(0xc0, 0)])).toEqual([{ found: Found.packet, bytes: 'c000', length: 2 }])
})
