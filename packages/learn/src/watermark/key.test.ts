import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LearnError } from '../base/error.ts'
import { WatermarkKey } from './key.ts'
import { keyOf } from './watermark.testkit.ts'

const CODES = ['key_malformed', 'key_version']

/** What reading does: 'read', or the code of the error. */
function outcome(text: string): string {
  try {
    WatermarkKey.read(text)
    return 'read'
  } catch (error) {
    if (!(error instanceof LearnError)) throw error
    expect(error.message).not.toMatch(/[0-9a-f]{16}/)
    return error.code
  }
}

test('a key is read back as it was written, and two are not alike', async () => {
  const key = WatermarkKey.make()
  const again = WatermarkKey.read(key.secretText())
  expect(await again.derive('test')).toEqual(await key.derive('test'))
  expect(await WatermarkKey.make().derive('test')).not.toEqual(await key.derive('test'))
})

test('nothing that prints shows it', () => {
  const key = keyOf(1)
  const digits = /[0-9a-f]{64}/.exec(key.secretText())![0]
  for (const text of [JSON.stringify({ key }), inspect(key, { depth: 9, showHidden: true }), String(key)])
    expect(text).not.toContain(digits)
  expect(JSON.stringify({ key })).toBe('{"key":"[watermark key]"}')
})

test('a commitment is of one key and one model', async () => {
  const [model, other] = ['0'.repeat(64), '1'.repeat(64)]
  const commitment = await keyOf(1).commitment(model)
  expect(commitment).toMatch(/^[0-9a-f]{64}$/)
  expect(await keyOf(1).commitment(model)).toBe(commitment)
  expect(await keyOf(1).commitment(other)).not.toBe(commitment)
  expect(await keyOf(2).commitment(model)).not.toBe(commitment)
})

test('broken key files have their codes', () => {
  const { format, key } = JSON.parse(keyOf(1).secretText()) as Record<string, unknown>
  expect(outcome('')).toBe('key_malformed')
  expect(outcome('null')).toBe('key_malformed')
  expect(outcome(JSON.stringify({ format, version: 2, key }))).toBe('key_version')
  expect(outcome(JSON.stringify({ format, version: 1, key: `${String(key).slice(2)}zz` }))).toBe('key_malformed')
  expect(outcome(JSON.stringify({ format, version: 1, key: String(key).toUpperCase() }))).toBe('key_malformed')
})

test('whatever stands in a key file is read, or refused by a code', () => {
  const whole = keyOf(1).secretText()
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), cut(whole)), text => ['read', ...CODES].includes(outcome(text))),
    { seed: 1, numRuns: 500 },
  )
})

/** A text with a piece replaced by another. */
function cut(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.nat(9), fc.string({ maxLength: 5 }))
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length))
}
