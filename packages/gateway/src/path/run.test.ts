import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Run } from './run.ts'

function sink() {
  const sent: string[] = []
  return {
    sent,
    send: (bytes: Uint8Array, start: number, end: number) =>
      sent.push(Buffer.from(bytes).subarray(start, end).toString()),
  }
}
const text = (value: string) => new TextEncoder().encode(value)

test('packets that lie side by side go in one piece, a gap or another buffer begins the next', () => {
  const [run, to] = [new Run(), sink()]
  run.begin(to)
  const bytes = text('abcdefgh')
  run.pass(bytes, 0, 2)
  run.pass(bytes, 2, 4)
  run.pass(bytes, 5, 6)
  run.pass(text('12'), 0, 2)
  run.cut()
  run.cut()
  expect(to.sent).toEqual(['abcd', 'f', '12'])
})

test('what is put goes in its turn', () => {
  const [run, to] = [new Run(), sink()]
  run.begin(to)
  const bytes = text('abcd')
  run.pass(bytes, 0, 2)
  run.put(text('-'))
  run.pass(bytes, 2, 4)
  run.cut()
  expect(to.sent).toEqual(['ab', '-', 'cd'])
})

test('a new run never sends what an earlier one left, and without a sink nothing is sent', () => {
  const [run, to] = [new Run(), sink()]
  run.begin(null)
  run.pass(text('lost'), 0, 4)
  run.begin(to)
  run.cut()
  run.pass(text('ab'), 0, 2)
  run.begin(to)
  run.cut()
  expect(to.sent).toEqual([])
})

test('whatever passes, the bytes arrive in order and unchanged', () => {
  const step = fc.record({
    buffer: fc.integer({ min: 0, max: 2 }),
    pass: fc.boolean(),
    put: fc.boolean(),
    size: fc.integer({ min: 1, max: 9 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const buffers = ['a', 'b', 'c'].map(letter =>
        text(Array.from({ length: 400 }, (_, i) => `${letter}${i}`).join('')),
      )
      const at = [0, 0, 0]
      const [run, to] = [new Run(), sink()]
      let expected = ''
      run.begin(to)
      for (const { buffer, pass, put, size } of steps) {
        const start = at[buffer]
        at[buffer] += size
        if (put) {
          run.put(text('|'))
          expected += '|'
        }
        if (!pass) continue
        run.pass(buffers[buffer], start, at[buffer])
        expected += Buffer.from(buffers[buffer].subarray(start, at[buffer])).toString()
      }
      run.cut()
      expect(to.sent.join('')).toBe(expected)
    }),
  )
})
