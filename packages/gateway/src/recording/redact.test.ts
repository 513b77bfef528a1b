import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { Hidden } from './redact.ts'

const ON = Buffer.from('true')
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

test('what nobody wants to hide stays', () => {
  const shown = new Hidden([])
  expect(shown.payload(ON)).toBe(`base64:${ON.toString('base64')}`)
  expect(shown.payloadDigest(ON)).toBe(`sha256:${ON.toString('hex')}`)
  expect([shown.device('pump-1'), shown.address('plant/pump-1')]).toEqual(['pump-1', 'plant/pump-1'])
})

test('digests tell the same from another within one export, and nothing to who tries what it could have been', () => {
  const one = new Hidden(['payload', 'address'])
  const other = new Hidden(['payload', 'address'])
  expect(one.payload(ON)).toBe(one.payload(Buffer.from('true')))
  expect(one.payload(ON)).not.toBe(one.payload(Buffer.from('false')))
  expect(one.payload(ON)).not.toBe(other.payload(ON))
  expect(one.payload(ON)).not.toContain(sha256(ON))
  expect(one.payloadDigest(Buffer.from(sha256(ON), 'hex'))).not.toContain(sha256(ON))
  const [plant, any, level, rest] = one.address('plant/+/plant/#').split('/')
  expect([plant === level, any, rest]).toEqual([true, '+', '#'])
  expect(plant).not.toBe(sha256('plant').slice(0, 8))
})

test('a device is a number in topics too, also before it has spoken itself', () => {
  const hidden = new Hidden(['device'], ['pump-1', 'pump-2'])
  expect(hidden.address('plant/pump-2/set')).toBe('plant/device-2/set')
  expect([hidden.device('pump-1'), hidden.device('pump-3')]).toEqual(['device-1', 'device-3'])
})
