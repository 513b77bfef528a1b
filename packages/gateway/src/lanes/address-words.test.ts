import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AddressWords, isInside, networkText, overlap, parseNetwork } from './address-words.ts'

const address = new AddressWords()

/** The words by another way: the groups of Node's own canonical text. */
function wordsOf(text: string): number[] {
  if (isIP(text) === 4) return [0, 0, 0xffff, text.split('.').reduce((word, part) => word * 256 + Number(part), 0)]
  const plain = new URL(`http://[${text.split('%')[0]}]`).hostname.slice(1, -1)
  const [head, tail] = plain.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const whole = [...front, ...new Array(8 - front.length - back.length).fill('0'), ...back].map(each =>
    Number.parseInt(each, 16),
  )
  return [0, 2, 4, 6].map(index => whole[index] * 65_536 + whole[index + 1])
}

/** Texts that are addresses, and such that are nearly. */
const nearly = fc
  .tuple(
    fc.oneof(fc.ipV4(), fc.ipV6()),
    fc.array(fc.tuple(fc.nat(40), fc.constantFrom(':', '.', '0', 'f', '::', '1', 'g', '')), { maxLength: 2 }),
  )
  .map(([text, edits]) => edits.reduce((whole, [at, piece]) => whole.slice(0, at) + piece + whole.slice(at + 1), text))

describe('an address', () => {
  test('is read as Node reads it, and nothing else is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), nearly), text => {
        const isAddress = isIP(text) !== 0
        expect(address.read(text)).toBe(isAddress)
        if (isAddress) expect([...address.words]).toEqual(wordsOf(text))
      }),
      { numRuns: 3_000 },
    )
  })

  test.each([
    '',
    '1',
    ':',
    ':1',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '::1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1::00000',
    '1:',
    'pump-1',
    'a.b.c.d',
  ])('%j is none, or just what Node says', text => expect(address.read(text)).toBe(isIP(text) !== 0))

  test('of IPv4 that a dual-stack socket shows mapped is the same one', () => {
    expect(address.read('::ffff:192.0.2.7')).toBe(true)
    expect([...address.words]).toEqual(wordsOf('192.0.2.7'))
    expect(address.isFour).toBe(true)
    expect(address.read('fe80::1%eth0')).toBe(true)
    expect(address.isFour).toBe(false)
  })
})

describe('a network', () => {
  test('holds the addresses that Node says it holds', () => {
    const four = fc.tuple(fc.ipV4(), fc.nat(32), fc.ipV4())
    const six = fc.tuple(fc.ipV6(), fc.nat(128), fc.ipV6())
    fc.assert(
      fc.property(fc.oneof(four, six), fc.nat(20), ([base, bits, other], near) => {
        const family = isIP(base) === 4 ? 'ipv4' : 'ipv6'
        const list = new BlockList()
        list.addSubnet(base, bits, family)
        const network = parseNetwork(`${base}/${bits}`)
        const whole = isIP(base) === 4 ? 32 : 128
        // The same first bits make a neighbor; a random address is hardly ever inside.
        const neighbor =
          near < 10 ? parseNetwork(`${base}/${Math.max(0, whole - near)}`) : parseNetwork(`${other}/${whole}`)
        if (network === undefined || neighbor === undefined) throw new Error('not read')
        const first = networkText({ ...neighbor, bits: 128 }).replace('/128', '')
        expect(isInside({ ...neighbor, bits: 128 }, network)).toBe(list.check(first, family))
      }),
      { numRuns: 500 },
    )
  })

  test('is written so that it is read again the same', () => {
    const any = fc.oneof(
      fc.tuple(fc.ipV4(), fc.nat(32)).map(([text, bits]) => `${text}/${bits}`),
      fc.tuple(fc.ipV6(), fc.nat(128)).map(([text, bits]) => `${text}/${bits}`),
      fc.ipV4(),
      fc.ipV6(),
    )
    fc.assert(
      fc.property(any, text => {
        const network = parseNetwork(text)
        if (network === undefined) throw new Error('not read')
        expect(parseNetwork(networkText(network))).toEqual(network)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1/128', '2001:db8:0:0:0:0:0:1/128'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::/0', '::/0'],
  ])('%s is told as %s', (text, told) => {
    const network = parseNetwork(text)
    expect(network === undefined ? undefined : networkText(network)).toBe(told)
  })

  test.each([
    '192.0.2.0/33',
    '2001:db8::/129',
    '192.0.2.0/',
    '192.0.2.0/24/1',
    '192.0.2.0/-1',
    '192.0.2.0/08',
    'fe80::1%eth0',
    'pump-*',
  ])('%s is none', text => expect(parseNetwork(text)).toBeUndefined())

  test('overlaps what lies in it and what it lies in', () => {
    const network = (text: string) => parseNetwork(text) ?? { words: [0, 0, 0, 0] as const, bits: 0 }
    expect(overlap(network('10.0.0.0/8'), network('10.1.2.3'))).toBe(true)
    expect(overlap(network('10.1.2.3'), network('10.0.0.0/8'))).toBe(true)
    expect(overlap(network('10.0.0.0/8'), network('11.0.0.0/8'))).toBe(false)
  })
})
