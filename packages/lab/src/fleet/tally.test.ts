import { expect, it } from 'vitest'
import { readCommand } from './command.ts'
import { Tally } from './tally.ts'

it('counts each message once and knows which are missing', () => {
  const tally = new Tally()
  tally.published('a', 0)
  tally.published('a', 1)
  tally.published('a', 1)
  tally.published('b', 0)
  expect(tally.count).toBe(3)
  expect(tally.missing((device, n) => device === 'a' && n === 0)).toEqual([
    { device: 'a', n: 1 },
    { device: 'b', n: 0 },
  ])
})

it('reads commands and nothing else', () => {
  const read = (text: string) => readCommand(Buffer.from(text))
  expect(read('{"source":"c","value":0.5}')).toEqual({ source: 'c', value: 0.5 })
  expect(read('{"source":"o","order":"stop"}')).toEqual({ source: 'o', order: 'stop' })
  for (const wrong of ['', '[]', 'null', '{"value":2}', '{"value":"1"}', '{"order":"explode"}'])
    expect(read(wrong)).toBeNull()
})
