import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Texts } from './texts.ts'

test('a text is what its bytes say, whatever came before', () => {
  const texts = new Texts()
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: 'binary' }), fc.nat(5), (text, before) => {
      const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
      const plain = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(before))
      expect(texts.of(bytes, before, bytes.length)).toBe(plain)
      expect(texts.of(bytes, before, bytes.length)).toBe(plain)
    }),
  )
})

test('bytes that are written over afterwards do not change it', () => {
  const texts = new Texts()
  const bytes = Buffer.from('plant/a')
  expect(texts.of(bytes, 0, 7)).toBe('plant/a')
  bytes[6] = 0x62
  expect(texts.of(bytes, 0, 7)).toBe('plant/b')
  expect(texts.of(Buffer.from('plant/a'), 0, 7)).toBe('plant/a')
})
