import { expect, test } from 'vitest'
import { pcapFile, pcapngFile } from '../../../test/capture/files.ts'
import { ip, ip4, link, type SegmentFields, tcp } from '../../../test/capture/frames.ts'
import { type Journal, journal, type Way } from '../../../test/capture/journal.ts'
import { addressesOf } from '../../../test/capture/network.ts'
import { LinkType } from '../packet.ts'
import { SLOT_COUNT, WINDOW_BYTES } from './layout.ts'

const OPTIONS = { history: 65_536 }
const CLIENT = 50_000
const HELLO = Buffer.from('100c00044d515454040200000000', 'hex')
const WELCOME = Buffer.from('20020000', 'hex')

function publish(topic: string, payload = 'reading', first = 0x30): Buffer {
  const body = Buffer.concat([Buffer.from([0, topic.length]), Buffer.from(topic), Buffer.from(payload)])
  return Buffer.concat([Buffer.from([first, body.length]), body])
}

type Segment = Partial<SegmentFields> & { readonly up: boolean; readonly fragmented?: boolean }

/** A connection that was accepted; the next bytes are 15 up and 5 down. */
const GREETING: readonly Segment[] = [
  { up: true, flags: 'S', sequence: 0 },
  { up: false, flags: 'SA', sequence: 0, acknowledgement: 1 },
  { up: true, flags: 'A', sequence: 1, acknowledgement: 1 },
  { up: true, sequence: 1, acknowledgement: 1, data: HELLO },
  { up: false, sequence: 1, acknowledgement: 15, data: WELCOME },
]
const UP = 15
const DOWN = 5

function file(segments: readonly Segment[], six = false, pcapng = false, tags: number[] = []): Uint8Array {
  const { from, to } = addressesOf(six)
  const packets = segments.map(({ up, fragmented = false, ...fields }, i) => {
    const addresses = up ? { from, to } : { from: to, to: from }
    const [source, destination] = up ? [CLIENT, 1883] : [1883, CLIENT]
    const segment = tcp(addresses, { source, destination, flags: 'PA', sequence: 0, ...fields })
    const packet = fragmented ? ip4(addresses, segment, { more: true }) : ip(addresses, segment)
    return { time: 1_600_000_000_000 + i, bytes: link(LinkType.ETHERNET, packet, tags) }
  })
  return pcapng ? pcapngFile(packets, true, LinkType.ETHERNET) : pcapFile(packets)
}

function read(bytes: Uint8Array, way: Way): Journal {
  return journal(bytes, () => bytes.length, { way, five: false, options: OPTIONS })
}

/** What is told of a capture, the same whether messages are read in one step or not; and how many were. */
function both(bytes: Uint8Array): { entries: readonly string[]; stepped: number } {
  const told = read(bytes, 'told')
  expect(told.entries).toEqual(read(bytes, 'plain').entries)
  return told
}

/** So many segments in order, one of each text. */
function inOrder(messages: readonly Uint8Array[], up = true): Segment[] {
  let sequence = up ? UP : DOWN
  return messages.map(data => {
    const segment = { up, sequence, acknowledgement: up ? DOWN : UP, data }
    sequence += data.length
    return segment
  })
}

for (const [name, six, pcapng, tags] of [
  ['IPv4', false, false, []],
  ['IPv6', true, false, []],
  ['IPv4 in pcapng', false, true, []],
  ['IPv6 with a VLAN', true, false, [0x8100]],
] as const) {
  test(`PUBLISHes and pings in order are read in one step: ${name}`, () => {
    const pings = [Buffer.from('c000', 'hex'), Buffer.concat([publish('a'), publish('b/c')])]
    const segments = [...GREETING, ...inOrder([publish('a/b'), publish('x'.repeat(40)), ...pings])]
    expect(both(file(segments, six, pcapng, [...tags])).stepped).toBe(5)
  })
}

for (const [name, message] of [
  ['a wildcard', publish('a/+')],
  ['a wildcard far behind', publish(`${'a'.repeat(20)}#`)],
  ['a control character', publish('a\u0007')],
  ['the character U+0000', publish('a\0b')],
  ['a byte of UTF-8', publish(Buffer.from('ä').toString('latin1'))],
  ['no topic', publish('')],
  ['QoS 1', publish('a', 'xx', 0x32)],
  ['DUP', publish('a', 'xx', 0x38)],
  ['a topic beyond its end', Buffer.from('30040009616263', 'hex')],
  ['an answer to a ping from the client', Buffer.from('d000', 'hex')],
  ['a ping with a body', Buffer.from('c00100', 'hex')],
  ['a length in more bytes than it needs', Buffer.from('30830000016100', 'hex')],
  ['half of a packet', publish('a/b').subarray(0, 6)],
] as const) {
  test(`${name} is left to who reads everything, with all that its segment holds`, () => {
    const whole = Buffer.concat([publish('before'), message])
    expect(both(file([...GREETING, ...inOrder([whole])])).stepped).toBe(0)
  })
}

test('bytes that were read in one step are compared when they come again', () => {
  const first = publish('a/b', 'level 1')
  const segments = [...GREETING, ...inOrder([first, publish('a/b', 'level 2')])]
  const again = { up: true, sequence: UP, acknowledgement: DOWN }
  const same = both(file([...segments, { ...again, data: first }]))
  expect(same.entries.filter(entry => entry.startsWith('anomaly'))).toEqual([])
  const other = both(file([...segments, { ...again, data: publish('a/b', 'level 9') }]))
  expect(other.entries.filter(entry => entry.startsWith('anomaly'))).toEqual([
    expect.stringContaining('overlap_differs'),
  ])
})

test('a RST stands where the other end has acknowledged, in one step or not', () => {
  const [first, second] = inOrder([publish('a/b'), publish('a/c')])
  const acknowledged = UP + publish('a/b').length
  const segments: Segment[] = [
    ...GREETING,
    first,
    second,
    { up: false, flags: 'A', sequence: DOWN, acknowledgement: acknowledged },
    { up: true, flags: 'R', sequence: acknowledged },
  ]
  const { entries, stepped } = both(file(segments))
  expect(stepped).toBe(2)
  expect(entries.filter(entry => entry.startsWith('closed'))).toEqual([expect.stringContaining('reset')])
})

test('acknowledgements half of all numbers away are looked at as long as it takes', () => {
  const messages = Array.from({ length: 6 }, (_, n) => publish('a/b', `level ${n}${'.'.repeat(80)}`))
  const [first, second, third, fourth, fifth, sixth] = inOrder(messages)
  const ack = (far: number): Segment => ({ up: false, flags: 'A', sequence: DOWN, acknowledgement: UP + far })
  const spoofed = [ack(2 ** 30), ack(2 ** 31 - 1), ack(2 ** 31 + 400)]
  // Behind a number that far the stream stands before it at last: what comes out of order then is given up soon.
  both(file([...GREETING, ...spoofed, first, second, third, fourth, sixth, fifth]))
  both(file([...GREETING, first, ...spoofed, second, third, fourth, fifth, sixth]))
})

test('a history that is no power of two is kept without the one step', () => {
  const bytes = file([...GREETING, ...inOrder([publish('a/b'), publish('a/c')])])
  for (const [history, stepped] of [
    [6_144, 0],
    [8_192, 2],
  ]) {
    const told = journal(bytes, () => bytes.length, { way: 'told', five: false, options: { history } })
    expect(told.stepped).toBe(stepped)
  }
})

for (const [name, odd] of [
  ['a fragment', { fragmented: true }],
  ['an urgent pointer', { flags: 'PAU' }],
  ['no ACK', { flags: 'P' }],
  ['an acknowledgement of what was not captured', { acknowledgement: DOWN + 9 }],
  ['a later place', { sequence: UP + 1 }],
] as const) {
  test(`a segment with ${name} is left to who reads everything`, () => {
    const [segment] = inOrder([publish('a/b')])
    expect(both(file([...GREETING, { ...segment, ...odd }])).stepped).toBe(0)
  })
}

test('more flows than there is room for are read as well, a little slower', () => {
  const { to } = addressesOf(false)
  const flows = SLOT_COUNT + 40
  const frames = Array.from({ length: flows }, (_, i) => {
    const device = Uint8Array.of(10, i >> 16, (i >> 8) & 255, i & 255)
    return [...GREETING, ...inOrder([publish('a/b')])].map(({ up, ...fields }) => {
      const addresses = up ? { from: device, to } : { from: to, to: device }
      const [source, destination] = up ? [CLIENT, 1883] : [1883, CLIENT]
      const segment = tcp(addresses, { source, destination, flags: 'PA', sequence: 0, ...fields })
      return { time: 1_600_000_000_000, bytes: ip(addresses, segment) }
    })
  })
  const bytes = pcapFile(frames.flat(), { linkType: LinkType.RAW })
  const told = read(bytes, 'counted')
  expect(told.stepped).toBeLessThan(SLOT_COUNT)
  // Records that are cut in two by the pieces in which a capture is read are not read in one step.
  expect(told.stepped).toBeGreaterThan(SLOT_COUNT - 1 - Math.ceil(bytes.length / WINDOW_BYTES))
  expect(told.entries.filter(entry => entry.startsWith('closed'))).toHaveLength(flows)
}, 60_000)
