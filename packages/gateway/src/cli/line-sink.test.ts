import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { LineSink } from './line-sink.ts'

/** A stream with room for one byte, which takes its time. */
function slow(fails = Number.POSITIVE_INFINITY): { stream: Writable; taken: string[] } {
  const taken: string[] = []
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _, done) {
      taken.push(chunk.toString())
      const error = taken.length >= fails ? Object.assign(new Error('full'), { code: 'ENOSPC' }) : null
      setImmediate(() => done(error))
    },
  })
  return { stream, taken }
}

test('all lines are written, in order, and nothing gathers at the stream meanwhile', async () => {
  const { stream, taken } = slow()
  const sink = new LineSink(stream)
  for (let i = 0; i < 100; i++) {
    sink.write(`${i}\n`)
    await sink.flush()
    for (const event of ['drain', 'close', 'error']) expect(stream.listenerCount(event)).toBeLessThan(4)
  }
  await sink.end()
  expect(taken.join('')).toBe(Array.from({ length: 100 }, (_, i) => `${i}\n`).join(''))
})

test('a full disk is told', async () => {
  const sink = new LineSink(slow(2).stream)
  sink.write('a\n')
  await sink.flush()
  sink.write('b\n')
  await expect(sink.flush().then(() => sink.flush())).rejects.toMatchObject({ code: 'file_unusable' })
})
