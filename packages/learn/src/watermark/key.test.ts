import { pbkdf2Sync } from 'node:crypto'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LearnError } from '../base/error.ts'
import { type Bound, WatermarkKey } from './key.ts'
import { spaceOf } from './space.ts'
import { keyOf, machine } from './watermark.testkit.ts'

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

const space = spaceOf(machine(100, 1), ['a', 'b', 'c', 'd'], ['good', 'worn'])
const bound: Bound = { model: '0'.repeat(64), owner: 'Mill 3', ownerKey: 'AAAA', space }

test('a commitment is of one key, model, owner, signer and space', async () => {
  const commitment = await keyOf(1).commitment(bound)
  expect(commitment).toMatch(/^[0-9a-f]{64}$/)
  expect(await keyOf(1).commitment({ ...bound })).toBe(commitment)
  const others = await Promise.all([
    keyOf(2).commitment(bound),
    keyOf(1).commitment({ ...bound, model: '1'.repeat(64) }),
    keyOf(1).commitment({ ...bound, owner: 'Mill 4' }),
    keyOf(1).commitment({ ...bound, ownerKey: 'AAAB' }),
    keyOf(1).commitment({ ...bound, space: { ...space, classes: ['good', 'bad'] } }),
  ])
  expect(new Set([commitment, ...others]).size).toBe(6)
})

test('bytes of a purpose are those of PBKDF2 with 600,000 rounds, and kept', async () => {
  const key = keyOf(1)
  const secret = Buffer.from((JSON.parse(key.secretText()) as { key: string }).key, 'hex')
  const expected = pbkdf2Sync(secret, 'ringwall watermark v2\ntest', 600_000, 32, 'sha256')
  expect(Buffer.from(await key.derive('test'))).toEqual(expected)
  expect(key.derive('test')).toBe(key.derive('test'))
})

test('broken key files have their codes', () => {
  const { format, key } = JSON.parse(keyOf(1).secretText()) as Record<string, unknown>
  expect(outcome('')).toBe('key_malformed')
  expect(outcome('null')).toBe('key_malformed')
  for (const version of [1, 3]) expect(outcome(JSON.stringify({ format, version, key }))).toBe('key_version')
  expect(outcome(JSON.stringify({ format, version: 2, key: `${String(key).slice(2)}zz` }))).toBe('key_malformed')
  expect(outcome(JSON.stringify({ format, version: 2, key: String(key).toUpperCase() }))).toBe('key_malformed')
  expect(outcome(JSON.stringify({ format, version: 2, key: '0'.repeat(64) }))).toBe('key_malformed')
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
