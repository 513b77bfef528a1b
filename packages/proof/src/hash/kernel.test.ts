import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HmacKey } from './hmac.ts'
import { blocksOf, LANES, MacKernel } from './kernel.ts'

const kernel = new MacKernel(16)
const wanted = (key: Uint8Array, message: Uint8Array) => createHmac('sha256', key).update(message).digest()
const bytes = (maxLength: number, minLength = 0) => fc.uint8Array({ minLength, maxLength })

test('one message at a time: the MACs of OpenSSL and of the twin in TypeScript, and of no changed tag', () => {
  fc.assert(
    fc.property(bytes(150), bytes(400), fc.nat(15), fc.nat(255), (key, message, slot, flip) => {
      const tag = wanted(key, message)
      kernel.setKey(slot, key)
      kernel.memory.set(message, kernel.input)
      expect(Buffer.from(kernel.mac(slot, message.length))).toEqual(tag)
      expect(Buffer.from(new HmacKey(key).mac(message))).toEqual(tag)
      kernel.memory.set(tag, kernel.tagAt(0))
      expect(kernel.verify(slot, message.length)).toBe(true)
      kernel.memory[kernel.tagAt(0) + (flip >> 3)] ^= 1 << (flip & 7)
      expect(kernel.verify(slot, message.length)).toBe(false)
    }),
    { seed: 21, numRuns: 600 },
  )
})

test('four at once, each with a key and a length of its own: those that hold, and no others', () => {
  const four = fc.array(fc.record({ key: bytes(80), less: fc.nat(63), good: fc.boolean(), flip: fc.nat(255) }), {
    minLength: LANES,
    maxLength: LANES,
  })
  fc.assert(
    fc.property(four, fc.integer({ min: 0, max: 6 }), fc.infiniteStream(fc.nat(255)), (all, blocks, noise) => {
      const slots = new Int32Array(LANES)
      const lengths = new Int32Array(LANES)
      let mask = 0
      for (const [lane, { key, less, good, flip }] of all.entries()) {
        const length = Math.max(0, blocks * 64 + 55 - less)
        const message = Uint8Array.from({ length }, () => noise.next().value as number)
        const tag = wanted(key, message)
        if (good) mask |= 1 << lane
        else tag[flip >> 3] ^= 1 << (flip & 7)
        slots[lane] = lane + 5
        lengths[lane] = length
        kernel.setKey(slots[lane], key)
        kernel.memory.set(message, kernel.laneAt(lane))
        kernel.memory.set(tag, kernel.tagAt(lane))
      }
      fc.pre(new Set([...lengths].map(blocksOf)).size === 1)
      expect(kernel.verify4(slots, lengths)).toBe(mask)
    }),
    { seed: 22, numRuns: 400 },
  )
})

test('the longest message, and a slot that is not there', () => {
  const message = new Uint8Array(kernel.longest).fill(7)
  kernel.setKey(0, message)
  kernel.memory.set(message, kernel.input)
  expect(Buffer.from(kernel.mac(0, message.length))).toEqual(wanted(message, message))
  expect(() => kernel.setKey(16, message)).toThrow(RangeError)
  expect(() => kernel.mac(-1, 0)).toThrow(RangeError)
})
