import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  block,
  enhancedBlock,
  interfaceBlock,
  numbers,
  obsoleteBlock,
  option,
  pcapFile,
  pcapngFile,
  sectionBlock,
  simpleBlock,
  type Written,
} from '../../test/capture/files.ts'
import { readPieces } from '../../test/capture/reading.ts'
import { cut, hex, join } from '../../test/frames.ts'
import { CaptureReader } from './reader.ts'

const orders = [true, false]
const one: Written = { time: 1_585_066_890_253.974, bytes: hex('01 02 03 04 05') }
const two: Written = { time: 1_585_066_891_000.001, bytes: hex('06'), originalLength: 1500 }

const shown = (packet: Written, linkType: number) => ({
  time: packet.time,
  linkType,
  bytes: packet.bytes,
  originalLength: packet.originalLength ?? packet.bytes.length,
})

test('a file that tcpdump wrote is read byte for byte', () => {
  const file = hex(
    'd4c3b2a1 0200 0400 00000000 00000000 00000400 01000000 8a3d7a5e 16e00300 02000000 4a000000 abcd'.replaceAll(
      ' ',
      '',
    ),
  )
  expect(readPieces([file])).toEqual({
    packets: [{ time: 1_585_069_450_253.974, linkType: 1, bytes: hex('ab cd'), originalLength: 74 }],
    fault: null,
  })
})

for (const little of orders) {
  const order = little ? 'little' : 'big'
  for (const nano of [true, false]) {
    test(`classic files, ${order} end first, ${nano ? 'nano' : 'micro'}seconds, are read`, () => {
      const file = pcapFile([one, two], { little, nano, linkType: 113 })
      expect(readPieces([file])).toEqual({ packets: [shown(one, 113), shown(two, 113)], fault: null })
    })
  }

  test(`pcapng, ${order} end first: enhanced, simple and obsolete packets, and what is passed over`, () => {
    const file = join([
      sectionBlock(little),
      interfaceBlock(little, 1, 3),
      interfaceBlock(little, 276),
      // Name resolution, statistics and a block of nobody's.
      block(little, 4, hex('00 00 00 00')),
      block(little, 5, new Uint8Array(300)),
      block(little, 0xbad, hex('01')),
      enhancedBlock(little, 1, 1_585_066_890_253_974n, one, [option(little, 1, hex('61 62 63'))]),
      simpleBlock(little, { time: 0, bytes: hex('aa bb cc'), originalLength: 9 }),
      obsoleteBlock(little, 0, 1_585_066_891_000_001n, two),
    ])
    const simple = { time: one.time, bytes: hex('aa bb cc'), originalLength: 9 }
    expect(readPieces([file])).toEqual({ packets: [shown(one, 276), shown(simple, 1), shown(two, 1)], fault: null })
  })
}

test('sections of both byte orders follow each other, each with interfaces of its own', () => {
  const file = join(orders.map(little => pcapngFile([one, two], little, little ? 1 : 101)))
  expect(readPieces([file]).packets).toEqual([shown(one, 1), shown(two, 1), shown(one, 101), shown(two, 101)])
})

for (const [name, resolution, units, time] of [
  ['milliseconds', 3, 1_585_066_890_253n, 1_585_066_890_253],
  ['seconds', 0, 1_585_066_890n, 1_585_066_890_000],
  ['nanoseconds', 9, 1_585_066_890_253_974_000n, 1_585_066_890_253.974],
  ['units of a power of two', 0x80 | 10, 1_585_066_890n * 1024n + 512n, 1_585_066_890_500],
] as const) {
  for (const little of orders) {
    test(`an interface counts ${name}, ${little ? 'little' : 'big'} end first`, () => {
      const options = [option(little, 9, Uint8Array.of(resolution)), option(little, 14, numbers(little, [64, -3600n]))]
      const end = numbers(little, [32, 0])
      const file = join([
        sectionBlock(little),
        interfaceBlock(little, 1, 0, [option(little, 2, hex('65 74 68 30')), ...options, end, hex('ff ff ff ff')]),
        enhancedBlock(little, 0, units, one),
      ])
      expect(readPieces([file]).packets[0].time).toBeCloseTo(time - 3_600_000, 3)
    })
  }
}

test('a snap length that cut packets off is told by their original length', () => {
  const [packet] = readPieces([pcapFile([two])]).packets
  expect([packet.bytes.length, packet.originalLength]).toEqual([1, 1500])
})

const written = fc.record({
  time: fc.nat({ max: 4_000_000_000 }).map(seconds => seconds * 1000 + 0.25),
  bytes: fc.uint8Array({ maxLength: 80 }),
  originalLength: fc.integer({ min: 80, max: 65_535 }),
})
const splits = fc.array(fc.nat(), { maxLength: 12 })

test('files of every kind give their packets however they are split', () => {
  fc.assert(
    fc.property(fc.array(written), splits, fc.boolean(), fc.boolean(), (packets, places, little, classic) => {
      const file = classic ? pcapFile(packets, { little }) : pcapngFile(packets, little, 1)
      expect(readPieces(cut(file, places))).toEqual({ packets: packets.map(packet => shown(packet, 1)), fault: null })
    }),
    { numRuns: 400 },
  )
})

test('a file that is cut off anywhere gives the packets before, and says where it ends', () => {
  fc.assert(
    fc.property(fc.array(written, { minLength: 1 }), fc.nat(), fc.boolean(), (packets, place, classic) => {
      const made = (some: readonly Written[]) => (classic ? pcapFile(some) : pcapngFile(some, true, 1))
      const file = made(packets)
      const length = place % file.length
      const { packets: seen, fault } = readPieces([file.slice(0, length)])
      expect(seen).toEqual(packets.slice(0, seen.length).map(packet => shown(packet, 1)))
      // A section may end before its interface is described.
      const ends = [...packets.keys()].map(count => made(packets.slice(0, count)).length).concat(classic ? [] : [28])
      if (ends.includes(length)) expect(fault).toBeNull()
      else {
        const code = length < 24 ? 'capture_empty' : 'capture_truncated'
        expect(fault).toMatchObject({ code, offset: length })
      }
    }),
    { numRuns: 400 },
  )
})

const little = true
const section = sectionBlock(little)
const ethernet = interfaceBlock(little, 1)
const start = section.length + ethernet.length

for (const [name, file, code, offset] of [
  ['of another kind', hex('1f 8b 08 00 00 00'), 'capture_magic', 0],
  ['empty', new Uint8Array(0), 'capture_empty', 0],
  ['of an old version', join([pcapFile([]).slice(0, 4), hex('01 00'), pcapFile([]).slice(6)]), 'capture_version', 4],
  ['with a section of another version', sectionBlock(little, 2), 'capture_version', 12],
  ['with a section without a byte order', join([section.slice(0, 8), new Uint8Array(20)]), 'byte_order', 8],
  ['with a block of no length', join([section, numbers(little, [32, 5], [32, 0], [32, 0])]), 'block_length', 32],
  ['with a block of odd length', join([section, numbers(little, [32, 5], [32, 13], [64, 0])]), 'block_length', 32],
  ['with a packet of no interface', join([section, enhancedBlock(little, 0, 0n, one)]), 'interface_unknown', 36],
  [
    'with a packet longer than its block',
    join([section, ethernet, block(little, 6, numbers(little, [32, 0], [64, 0], [32, 5], [32, 5], [32, 0]))]),
    'block_length',
    start + 20,
  ],
  [
    'with a block that ends with another length',
    join([section, numbers(little, [32, 5], [32, 12], [32, 16])]),
    'block_length',
    section.length + 8,
  ],
  [
    'with a broken option',
    join([section, interfaceBlock(little, 1, 0, [option(little, 9, hex('01 02'))])]),
    'option_length',
    section.length + 16,
  ],
  ['with a packet over the limit', pcapFile([{ time: 0, bytes: new Uint8Array(2000) }]), 'packet_too_large', 32],
] as const) {
  test(`a file ${name} has fault ${code}`, () => {
    for (const pieces of [[file], cut(file, Array.from(file.keys()))]) {
      expect(readPieces(pieces, { maxPacket: 1000 }).fault).toMatchObject({ code, offset })
    }
  })
}

test('a block of a gigabyte that nobody knows is passed over without being held', () => {
  const reader = new CaptureReader()
  const length = 2 ** 30
  reader.feed(join([section, numbers(little, [32, 99], [32, length])]))
  expect(reader.next()).toBe(false)
  const chunk = new Uint8Array(2 ** 22)
  for (let fed = 12; fed < length; fed += chunk.length) {
    reader.feed(length - fed < chunk.length ? chunk.subarray(0, length - fed) : chunk)
    expect(reader.next()).toBe(false)
    expect(reader.held).toBeLessThan(16)
  }
  reader.feed(numbers(little, [32, length]))
  expect(reader.next()).toBe(false)
  expect(reader.finish()).toBeNull()
})

test('packets that lie whole in a chunk share it', () => {
  const file = pcapFile([one, two])
  const reader = new CaptureReader()
  reader.feed(file)
  expect(reader.next()).toBe(true)
  expect(reader.bytes).toBe(file)
})

test('of a Buffer packets are shown as plain bytes, so that a slice of them is a copy', () => {
  const file = Buffer.concat([Buffer.alloc(8), pcapFile([one])]).subarray(8)
  const reader = new CaptureReader()
  reader.feed(file)
  expect(reader.next()).toBe(true)
  const copy = reader.bytes.slice(reader.start, reader.end)
  file.fill(0)
  expect(copy).toEqual(one.bytes)
})
