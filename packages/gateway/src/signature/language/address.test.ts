import { BlockList } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressBytes, addressRange, within } from './address.ts'

const four = fc.ipV4()
const six = fc.ipV6()

const hex = (text: string) => Buffer.from(addressBytes(text) ?? []).toString('hex')

test.each([
  ['10.0.0.5', '00000000000000000000ffff0a000005'],
  ['::ffff:10.0.0.5', '00000000000000000000ffff0a000005'],
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000000000001'],
  ['fe80::', 'fe800000000000000000000000000000'],
  ['2001:db8::a:0:1', '20010db8000000000000000a00000001'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
])('%s is %s', (text, wanted) => {
  expect(hex(text)).toBe(wanted)
})

test.each(['', '10.0.0', '10.0.0.256', 'fe80::1%eth0', ':::', 'any', '1::2::3'])('%j is no address', text => {
  expect(addressBytes(text)).toBe(null)
})

test.each(['10.0.0.0/33', '::/129', '10.0.0.9-10.0.0.1', '10.0.0.0/', '10.0.0.0/8/8', '-1'])('%j is no range', text => {
  expect(addressRange(text)).toBe(null)
})

test('a network holds what BlockList says that it does', () => {
  let inside = 0
  fc.assert(
    fc.property(fc.oneof(fc.tuple(four, four, fc.nat(32)), fc.tuple(six, six, fc.nat(128))), ([base, other, bits]) => {
      const family = base.includes(':') ? 'ipv6' : 'ipv4'
      const list = new BlockList()
      list.addSubnet(base, bits, family)
      const range = addressRange(`${base}/${bits}`)
      const address = addressBytes(other)
      if (range === null || address === null) throw new Error(`${base}/${bits} ${other}`)
      const wanted = list.check(other, family)
      if (wanted) inside++
      expect(within(address, range), `${other} in ${base}/${bits}`).toBe(wanted)
      expect(within(addressBytes(base) as Uint8Array, range)).toBe(true)
    }),
    { seed: 8, numRuns: 500 },
  )
  expect(inside).toBeGreaterThan(5)
})
