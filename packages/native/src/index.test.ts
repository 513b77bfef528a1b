import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LANES, MacKernel } from '../../proof/src/hash/kernel.ts'
import { bindMac } from './index.ts'

const bind = bindMac
const bytes = (maxLength: number) => fc.uint8Array({ maxLength })

test.skipIf(process.env['CI'] !== 'true' || process.platform !== 'linux')('set-up has built the addon', () => {
  expect(existsSync(new URL('../build/mac.node', import.meta.url))).toBe(true)
})

test.skipIf(bind === null)('what is verified is what node:crypto says, one message or several, right or not', () => {
  const kernel = new MacKernel(LANES, 65_536, bind)
  const message = fc.record({ key: bytes(100), message: bytes(700), flip: fc.integer({ min: -200, max: 255 }) })
  fc.assert(
    fc.property(fc.array(message, { minLength: LANES, maxLength: LANES }), four => {
      const rights = four.map(({ key, message: text, flip }, lane) => {
        const tag = createHmac('sha256', key).update(text).digest()
        if (flip >= 0) tag[flip >> 3] ^= 1 << (flip & 7)
        kernel.setKey(lane, key)
        kernel.memory.set(text, kernel.laneAt(lane))
        kernel.memory.set(tag, kernel.tagAt(lane))
        return flip < 0
      })
      const lengths = Int32Array.from(four, each => each.message.length)
      const wanted = rights.reduce((mask, isRight, lane) => mask | (isRight ? 1 << lane : 0), 0)
      expect(kernel.verify4(Int32Array.of(0, 1, 2, 3), lengths)).toBe(wanted)
      // The first one lies where one alone does.
      expect(kernel.verify(0, lengths[0])).toBe(rights[0])
    }),
    { seed: 20_261_128, numRuns: 2_000 },
  )
})

test.skipIf(bind === null)('what lies beyond the memory, or is asked of none, is refused', () => {
  const memory = new ArrayBuffer(65_536)
  const words = new Uint32Array(memory)
  const verify = bind?.(memory).verify
  const asked = (count: number, ...places: number[]): void => {
    words.set([count, 0, 0, 0, ...places])
    verify?.()
  }
  asked(1, 128, 0, 65_536, 65_504)
  expect(words[1]).toBe(0)
  for (const places of [
    [65_473, 0, 1, 256],
    [0xffff_ffff, 0, 1, 256],
    [128, 65_500, 100, 256],
    [128, 0xffff_ffff, 0xffff_ffff, 256],
    [128, 0, 1, 65_505],
    [128, 0, 1, 0xffff_fff0],
  ]) {
    expect(() => asked(1, ...places)).toThrow(RangeError)
  }
  expect(() => asked(5)).toThrow(RangeError)
  for (const wrong of [undefined, {}, new Uint8Array(64), new ArrayBuffer(8)])
    expect(() => bind?.(wrong as ArrayBuffer)).toThrow(RangeError)
})
