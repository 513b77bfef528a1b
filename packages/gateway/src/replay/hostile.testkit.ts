import type { Random } from '../../../wire/fuzz/random.ts'
import { ack, connack, connect, packet, publish, subscribe } from '../path/packets.testkit.ts'
import { capture, type MadeFlow, type Sent } from './capture.testkit.ts'

const FILE = 24
const RECORD = 16
const HEADERS = 40
const TELLING = [0, 1, 19, 20, 39, 40, 0x7fff, 0xffff, 0x4_0000, 0x4_0001, 0x7fff_ffff, 0xffff_ffff]

/** A capture of sessions with a little of everything, to be made hostile. */
export function honest(random: Random): Buffer {
  return capture(
    ...Array.from({ length: 1 + random.below(5) }, (_, client): MadeFlow => {
      const version = random.below(2) === 0 ? 4 : 5
      const more: readonly Sent[] = [
        { up: publish('plant/a', 'x'.repeat(random.below(300)), { version }) },
        { up: publish('plant/b', 'y', { version, qos: 1, id: 7 }) },
        { down: ack(0x40, 7) },
        { up: subscribe(['plant/#'], 8, version) },
        { down: packet(0x90, [0, 8, ...(version === 5 ? [0] : []), 1]) },
        { down: publish('plant/c', 'z', { version }) },
        { up: packet(0xc0) },
      ]
      const session = Array.from({ length: random.below(12) }, () => random.pick(more))
      const begin = [{ up: connect({ version, clientId: `c${client}`, username: 'ada', password: 'pw' }) }]
      return { client: 1 + random.below(200), sent: [...begin, { down: connack(version) }, ...session] }
    }),
  )
}

/** The same capture as pcapng: a section, its interface of microseconds, and a block a packet. */
export function asPcapng(bytes: Buffer): Buffer {
  const blocks = recordsOf(bytes).map((at, i, all) => {
    const data = bytes.subarray(at + RECORD, all[i + 1] ?? bytes.length)
    const micros = BigInt(bytes.readUInt32LE(at)) * 1_000_000n + BigInt(bytes.readUInt32LE(at + 4))
    return block(6, words(0, Number(micros >> 32n), Number(micros & 0xffff_ffffn), data.length, data.length), data)
  })
  const section = block(0x0a0d_0d0a, words(0x1a2b_3c4d, 1, 0xffff_ffff, 0xffff_ffff))
  return Buffer.concat([section, block(1, words(101, 262_144)), ...blocks])
}

function block(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)])
  const length = words(12 + padded.length)
  return Buffer.concat([words(type), length, padded, length])
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, 4 * i)
  return bytes
}

/** Some bytes of a file of any format anew: its lengths among them. */
export function scrambled(bytes: Buffer, random: Random): Buffer {
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(bytes.length - 4)
    if (random.below(2) === 0) bytes[at] = random.below(256)
    else bytes.writeUInt32LE(random.pick(TELLING), at)
  }
  return random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes
}

/** Where each record of a capture begins that is whole as far as TCP's header. */
function recordsOf(bytes: Buffer): number[] {
  const places: number[] = []
  for (let at = FILE; at + RECORD + HEADERS <= bytes.length; at += RECORD + bytes.readUInt32LE(at + 8)) places.push(at)
  return places
}

/** The same capture as somebody makes it who wants its reader to fail. */
export function hostile(bytes: Buffer, random: Random): Buffer {
  const places = recordsOf(bytes)
  if (places.length === 0) return bytes
  const at = random.pick(places)
  const lie = random.pick(TELLING)
  const records = places.map((place, i) => bytes.subarray(place, places[i + 1] ?? bytes.length))
  const whole = (all: readonly Buffer[]): Buffer => Buffer.concat([bytes.subarray(0, FILE), ...all])
  switch (random.below(10)) {
    case 0: // Cut off.
      return bytes.subarray(0, random.below(bytes.length))
    case 1: // A record's lengths lie: what was kept, and what there was.
      bytes.writeUInt32LE(lie, at + random.pick([8, 12]))
      return bytes
    case 2: // IP's own length, its header's, and TCP's.
      bytes.writeUInt16BE(lie & 0xffff, at + RECORD + 2)
      return bytes
    case 3:
      bytes[at + RECORD + random.pick([0, 32])] = random.below(256)
      return bytes
    case 4: // Sequence numbers from anywhere: holes, overlaps, turns of the number.
      bytes.writeUInt32BE(
        (bytes.readUInt32BE(at + RECORD + 24) + random.pick([-9, 1, 7, 1e6, 2e9]) + 2 ** 32) % 2 ** 32,
        at + RECORD + 24,
      )
      return bytes
    case 5: // In another order, and some twice.
      return whole(records.toSorted(() => random.below(3) - 1))
    case 6:
      return whole([...records, ...records.filter(() => random.below(2) === 0)])
    case 7: // Time that jumps, and goes back.
      bytes.writeUInt32LE(random.pick([0, 1, 0x7fff_ffff, 0xffff_ffff]), at)
      return bytes
    case 8: // Anything in what the peers said.
      for (let n = 0; n < 8; n++) bytes[FILE + random.below(bytes.length - FILE)] = random.below(256)
      return bytes
    default: // Nothing but noise behind the file's header, or from its beginning on.
      return Buffer.concat([
        bytes.subarray(0, random.pick([0, 4, FILE])),
        Buffer.from(Array.from({ length: random.below(400) }, () => random.below(256))),
      ])
  }
}
