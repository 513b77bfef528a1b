import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, oddCharacter, TextProblem, textOf, textProblem, wellFormed } from './utf8.ts'

const strict = new TextDecoder('utf-8', { fatal: true })

function decodes(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

test('what is well formed is what a strict decoder takes', () => {
  const telling = fc.constantFrom(
    0x41,
    0x7f,
    0x80,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc2,
    0xe0,
    0xe1,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
  )
  fc.assert(
    fc.property(fc.array(telling, { minLength: 1, maxLength: 6 }), list => {
      const bytes = Uint8Array.from(list)
      expect(textProblem(bytes, 0, bytes.length) === TextProblem.NONE).toBe(decodes(bytes))
    }),
    { numRuns: 20_000 },
  )
})

test('every character of the planes but the surrogates is well formed, and U+0000 has its own answer', () => {
  for (let point = 1; point <= 0x10ffff; point += 61) {
    if (point >= 0xd800 && point <= 0xdfff) continue
    const bytes = bytesOf(String.fromCodePoint(point))
    expect(textProblem(bytes, 0, bytes.length)).toBe(TextProblem.NONE)
  }
  expect(textProblem(Uint8Array.of(0x41, 0), 0, 2)).toBe(TextProblem.NULL)
})

test('a leading U+FEFF is kept (MQTT-1.5.4-3)', () => {
  const bytes = bytesOf('\ufeffa')
  expect(textOf(bytes, 0, bytes.length)).toBe('\ufeffa')
})

test('odd characters are the controls and the non-characters of all planes, and no others', () => {
  for (let point = 1; point <= 0x10ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue
    const odd =
      point < 0x20 ||
      (point >= 0x7f && point <= 0x9f) ||
      (point >= 0xfdd0 && point <= 0xfdef) ||
      (point & 0xfffe) === 0xfffe
    const bytes = bytesOf(String.fromCodePoint(0x61, point, 0x62))
    const found = oddCharacter(bytes, 0, bytes.length)
    if (found !== (odd ? 1 : -1)) throw new Error(`U+${point.toString(16)}: ${found}`)
  }
})

test('a payload is UTF-8 where a strict decoder takes it, U+0000 included', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), bytes => {
      expect(wellFormed(bytes, 0, bytes.length)).toBe(decodes(bytes))
    }),
    { numRuns: 5_000 },
  )
  expect(wellFormed(Uint8Array.of(0), 0, 1)).toBe(true)
})
