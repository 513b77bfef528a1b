import { expect, test } from 'vitest'
import { act, ask } from './guards.testkit.ts'
import { size } from './size.ts'

const guard = size(
  {
    default: 10,
    topics: [
      { filter: 'plant/+/image', bytes: 40 },
      { filter: 'plant/#', bytes: 20 },
    ],
  },
  1,
)
const said = (topic: string, bytes: number, parts: Parameters<typeof act>[0] = {}) =>
  ask(guard, act({ topic, payloadStart: 20, payloadEnd: 20 + bytes, ...parts })).lines

test.each([
  ['other', 10, 11],
  ['plant/pump-1/level', 20, 21],
  ['plant/pump-1/image', 40, 41],
])('on %s %i bytes pass and %i do not: the first filter that matches counts', (topic, fits, over) => {
  expect(said(topic, fits)).toEqual([])
  expect(said(topic, over)).toEqual(['add payload_too_large'])
})

test('messages on their way down and wills are measured too', () => {
  expect(said('other', 11, { action: 'receive' })).toEqual(['add payload_too_large'])
  expect(said('other', 11, { action: 'will' })).toEqual(['add payload_too_large'])
})

test('what has no payload passes, whatever its action', () => {
  expect(said('other', 0)).toEqual([])
  expect(said('other', 500, { action: 'subscribe' })).toEqual([])
  expect(said('other', 500, { action: 'connect' })).toEqual([])
})

test('the limit is worked out once for an address and kept in the slot of the guard', () => {
  const { address } = act({ topic: 'plant/pump-1/image' })
  ask(guard, act({ address }))
  expect(address.memo).toEqual([undefined, 40])
  address.memo[1] = 2
  expect(ask(guard, act({ address })).why).toBe('4 bytes on plant/pump-1/image, which allows 2')
})
