import fc from 'fast-check'
import { expect, test } from 'vitest'
import { History, historyRoom, NO_RECORD } from './history.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

test('what was handed out is compared, whatever the ends of the segments', () => {
  const history = new History(historyRoom(1024))
  let last = history.add(NO_RECORD, 100, bytes('abcd'), 0, 4)
  last = history.add(last, 104, bytes('xxefghxx'), 2, 6)
  const agrees = (sequence: number, text: string) => history.agrees(last, sequence, bytes(text), 0, text.length)
  expect([agrees(100, 'abcdefgh'), agrees(102, 'cdef'), agrees(98, '??ab'), agrees(106, 'gh??')]).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect([agrees(100, 'Abcdefgh'), agrees(102, 'cdeF'), agrees(107, 'H')]).toEqual([false, false, false])
})

test('streams are told apart', () => {
  const history = new History(historyRoom(1024))
  const one = history.add(NO_RECORD, 100, bytes('abcd'), 0, 4)
  const other = history.add(NO_RECORD, 100, bytes('efgh'), 0, 4)
  expect(history.agrees(one, 100, bytes('abcd'), 0, 4)).toBe(true)
  expect(history.agrees(other, 100, bytes('abcd'), 0, 4)).toBe(false)
})

test('what is no longer remembered agrees with anything, and what still is does not', () => {
  const piece = fc.tuple(fc.nat({ max: 1 }), fc.uint8Array({ minLength: 1, maxLength: 90, min: 1 }))
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 20 }), fc.nat(), (pieces, edge) => {
      const history = new History(historyRoom(128))
      const begins = -(edge % 600)
      const streams = [0, 1].map(() => ({ last: NO_RECORD, said: [] as number[] }))
      for (const [which, text] of pieces) {
        const stream = streams[which]
        stream.last = history.add(stream.last, (begins + stream.said.length) | 0, text, 0, text.length)
        stream.said.push(...text)
      }
      for (const { last, said } of streams) {
        const right = Uint8Array.from(said)
        expect(history.agrees(last, begins, right, 0, right.length)).toBe(true)
      }
      const [which, text] = pieces[pieces.length - 1]
      const { last, said } = streams[which]
      // The last piece is always remembered; no byte of it is zero.
      const wrong = Uint8Array.from(said).fill(0, said.length - text.length)
      expect(history.agrees(last, begins, wrong, 0, wrong.length)).toBe(false)
    }),
    { numRuns: 300 },
  )
})
