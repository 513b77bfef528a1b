import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textOf } from '../../test/capture/hearing.ts'
import { Script } from '../../test/capture/script.ts'

const LENGTH = 24

/** A piece of a stream with a text of its own. A single byte may be a keep-alive probe, which says nothing. */
const piece = fc
  .tuple(fc.nat({ max: LENGTH - 2 }), fc.integer({ min: 2, max: LENGTH }), fc.constantFrom('a', 'b', 'c'))
  .map(([at, length, letter]) => ({ at, text: letter.repeat(Math.min(length, LENGTH - at)) }))

/** The bytes that came first, byte by byte, and whether any came again otherwise. */
function firstCome(pieces: readonly { at: number; text: string }[]): {
  bytes: (string | undefined)[]
  differs: boolean
} {
  const bytes: (string | undefined)[] = new Array(LENGTH).fill(undefined)
  let differs = false
  for (const { at, text } of pieces) {
    for (const [i, letter] of [...text].entries()) {
      differs ||= bytes[at + i] !== undefined && bytes[at + i] !== letter
      bytes[at + i] ??= letter
    }
  }
  return { bytes, differs }
}

test('of segments that contradict each other the bytes that came first are heard, and it is told', () => {
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), fc.nat({ max: 2 ** 32 - 1 }), (pieces, isn) => {
      const script = new Script()
      script.up('S', isn).down('SA', 500, '', isn + 1)
      for (const { at, text } of pieces) script.up('PA', isn + 1 + at, text, 501)
      const { bytes, differs } = firstCome(pieces)
      const hole = bytes.indexOf(undefined)
      const inOrder = bytes.slice(0, hole < 0 ? LENGTH : hole)
      expect(Buffer.from(textOf(script.heard.up)).toString()).toBe(inOrder.join(''))
      expect(script.heard.anomalies.includes('overlap_differs')).toBe(differs)
      script.flows.flush()
      expect(Buffer.from(textOf(script.heard.up)).toString()).toBe(bytes.join(''))
    }),
    { numRuns: 500 },
  )
})
