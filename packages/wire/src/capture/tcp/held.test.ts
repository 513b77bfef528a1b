import { expect, test } from 'vitest'
import { Held } from './held.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

function put(held: Held, sequence: number, text: string, length = text.length): number {
  return held.put(sequence, bytes(text), 0, text.length, length)
}

/** Takes all pieces out: where each begins, and its text. */
function takeAll(held: Held): [number, string | number][] {
  const pieces: [number, string | number][] = []
  while (!held.empty) {
    const { sequence, length, bytes: kept } = held.shift()
    pieces.push([sequence, kept === null ? length : Buffer.from(kept).toString()])
  }
  return pieces
}

test('pieces are in order whatever the order in which they came, and do not overlap', () => {
  const held = new Held(10_000, 10_000, { held: 0 })
  put(held, 20, 'klmn')
  put(held, 10, 'abcd')
  expect([put(held, 12, 'cdefghijklmnop'), held.differs]).toEqual([14, false])
  expect(held.first).toBe(10)
  expect(takeAll(held)).toEqual([
    [10, 'abcd'],
    [14, 'efghij'],
    [20, 'klmn'],
    [24, 'op'],
  ])
})

test('bytes that were cut off keep their place', () => {
  const held = new Held(10_000, 10_000, { held: 0 })
  put(held, 10, 'ab', 6)
  put(held, 8, 'xyAB', 12)
  expect(held.differs).toBe(true)
  expect(takeAll(held)).toEqual([
    [8, 'xy'],
    [10, 'ab'],
    [12, 4],
    [16, 4],
  ])
})

test('numbers that wrap around keep their order', () => {
  const held = new Held(10_000, 10_000, { held: 0 })
  const edge = 2 ** 31 - 1
  put(held, (edge + 3) | 0, 'd')
  put(held, edge, 'a')
  put(held, edge, 'abcdef')
  expect(takeAll(held).map(([, text]) => text)).toEqual(['a', 'bc', 'd', 'ef'])
})

test('a chunk that is used again changes nothing that is held, a Buffer neither', () => {
  const held = new Held(10_000, 10_000, { held: 0 })
  const chunk = Buffer.from('abcd')
  held.put(10, chunk, 1, 3, 2)
  chunk.fill(0)
  expect(takeAll(held)).toEqual([[10, 'bc']])
})

test('so much is held and no more, by one and by all together', () => {
  const total = { held: 0 }
  const one = new Held(300, 1000, total)
  const other = new Held(10_000, 400, total)
  // 128 bytes are counted for a piece.
  expect([put(one, 10, 'x'.repeat(100)), total.held]).toEqual([100, 228])
  expect([put(one, 200, 'x'.repeat(100)), total.held]).toEqual([0, 228])
  expect([put(other, 10, 'x'.repeat(44)), total.held]).toEqual([44, 400])
  expect(put(other, 100, 'x')).toBe(0)
  one.clear()
  expect([put(other, 100, 'x'), total.held]).toEqual([1, 172 + 129])
  takeAll(other)
  expect(total.held).toBe(0)
})
