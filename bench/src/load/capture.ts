import { CaptureReader, encodeConnack, encodePublish, LinkType } from '../../../packages/wire/src/index.ts'

/** What a made capture holds. */
export interface MadeCapture {
  readonly bytes: Buffer
  /** MQTT packets in it. */
  readonly messages: number
}

const GLOBAL_HEADER = 24
const RECORD_HEADER = 16
const HEADERS = 14 + 20 + 20
const SYN = 0x02
const ACK = 0x10
const PUSH = 0x18
const PORT = 1883
/** Bytes of one PUBLISH, its fixed header included. */
const SIZE = 135

interface Device {
  readonly address: number
  readonly port: number
  /** The next sequence numbers of client and server. */
  up: number
  down: number
}

/**
 * A classic pcap of a fleet's plain MQTT 3.1.1 over Ethernet and IPv4: each flow with its handshake, CONNECT and CONNACK, then
 * PUBLISHes of 135 bytes with a JSON reading, one a segment, the flows in turn.
 */
export function makeCapture(flows: number, publishes: number): MadeCapture {
  const writer = new Writer(flows * (5 * 200) + publishes * (2 * (RECORD_HEADER + HEADERS) + SIZE))
  const devices = Array.from({ length: flows }, (_, n) => begin(writer, n))
  for (let n = 0; n < publishes; n++) {
    const device = devices[n % flows]!
    const bytes = publish(n % flows, n)
    writer.segment(device, true, PUSH, bytes)
    device.up += bytes.length
    // As TCP does, every other segment is acknowledged: what stays unacknowledged, a peer would have to remember.
    if (Math.floor(n / flows) % 2 === 1) writer.segment(device, false, ACK, NOTHING)
  }
  return { bytes: writer.done(), messages: 2 * flows + publishes }
}

function begin(writer: Writer, n: number): Device {
  const device = { address: 0x0a00_0100 + n, port: 20_000 + n, up: 1_000, down: 5_000 }
  writer.segment(device, true, SYN, NOTHING)
  device.up++
  writer.segment(device, false, SYN | ACK, NOTHING)
  device.down++
  writer.segment(device, true, ACK, NOTHING)
  const id = Buffer.from(`level-${n}`)
  const head = Buffer.from([0x10, 12 + id.length, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, id.length])
  const connect = Buffer.concat([head, id])
  writer.segment(device, true, PUSH, connect)
  device.up += connect.length
  const connack = encodeConnack({ version: 4, sessionPresent: false, reason: 0 })
  writer.segment(device, false, PUSH, connack)
  device.down += connack.length
  return device
}

const NOTHING = new Uint8Array(0)

function publish(device: number, n: number): Uint8Array {
  const topic = `mill-3/level-${device}/telemetry`
  const reading = `{"device":"level-${device}","ts":${1_763_880_000_000 + n},"level":${(1 + (n % 97) / 100).toFixed(2)},"unit":"m","state":"ok","trace":"`
  // Fixed header 2 or 3 bytes, topic length 2.
  const room = SIZE - 3 - 2 - topic.length
  const payload = Buffer.from(
    `${reading}${'0123456789abcdef'.repeat(8).slice(0, Math.max(0, room - reading.length - 2))}"}`,
  )
  return encodePublish({ version: 4, topic, payload, qos: 0 })
}

/**
 * The packets of a capture of IPv4 over Ethernet or Linux's cooked link so many times over, as a classic pcap, each time as another network: the first byte
 * of both addresses differs. Checksums are not made anew; neither side of the bench looks at them.
 */
export function repeated(capture: Buffer, copies: number): Buffer {
  const { linkType, bytes: once } = packetsOf(capture)
  const link = linkType === LinkType.ETHERNET ? 14 : 16
  const parts = [pcapHead(linkType)]
  for (let copy = 0; copy < copies; copy++) {
    const packets = Buffer.from(once)
    for (let at = 0; at < packets.length; at += RECORD_HEADER + packets.readUInt32LE(at + 8)) {
      const ip = at + RECORD_HEADER + link
      // Both link layers end with the type of what they carry.
      if (packets.readUInt16BE(ip - 2) !== 0x0800) continue
      packets[ip + 12] = 20 + copy
      packets[ip + 16] = 20 + copy
    }
    parts.push(packets)
  }
  return Buffer.concat(parts)
}

function packetsOf(capture: Buffer): { readonly linkType: number; readonly bytes: Buffer } {
  let linkType: number = LinkType.ETHERNET
  const reader = new CaptureReader()
  const parts: Uint8Array[] = []
  reader.feed(capture)
  while (reader.next()) {
    linkType = reader.linkType
    if (linkType !== LinkType.ETHERNET && linkType !== LinkType.LINUX_SLL) throw new Error(`link type ${linkType}`)
    const head = Buffer.alloc(RECORD_HEADER)
    head.writeUInt32LE(Math.floor(reader.time / 1_000), 0)
    head.writeUInt32LE(Math.floor((reader.time % 1_000) * 1_000), 4)
    head.writeUInt32LE(reader.end - reader.start, 8)
    head.writeUInt32LE(reader.originalLength, 12)
    parts.push(head, reader.bytes.slice(reader.start, reader.end))
  }
  return { linkType, bytes: Buffer.concat(parts) }
}

function pcapHead(linkType: number): Buffer {
  const head = Buffer.alloc(GLOBAL_HEADER)
  head.writeUInt32LE(0xa1b2_c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(262_144, 16)
  head.writeUInt32LE(linkType, 20)
  return head
}

/** Writes packets one after the other, a tenth of a millisecond apart. */
class Writer {
  readonly #bytes: Buffer
  #at = GLOBAL_HEADER
  #micros = 0

  constructor(size: number) {
    this.#bytes = Buffer.alloc(GLOBAL_HEADER + size)
    this.#bytes.set(pcapHead(LinkType.ETHERNET))
  }

  segment({ address, port, up, down }: Device, fromClient: boolean, flags: number, data: Uint8Array): void {
    const bytes = this.#bytes
    const at = this.#at
    const ip = at + RECORD_HEADER + 14
    const tcp = ip + 20
    this.#micros += 100
    bytes.writeUInt32LE(1_763_880_000 + Math.floor(this.#micros / 1_000_000), at)
    bytes.writeUInt32LE(this.#micros % 1_000_000, at + 4)
    bytes.writeUInt32LE(HEADERS + data.length, at + 8)
    bytes.writeUInt32LE(HEADERS + data.length, at + 12)
    bytes.writeUInt16BE(0x0800, ip - 2)
    bytes[ip] = 0x45
    bytes.writeUInt16BE(40 + data.length, ip + 2)
    bytes[ip + 8] = 64
    bytes[ip + 9] = 6
    const server = 0x0a01_0001
    bytes.writeUInt32BE(fromClient ? address : server, ip + 12)
    bytes.writeUInt32BE(fromClient ? server : address, ip + 16)
    bytes.writeUInt16BE(fromClient ? port : PORT, tcp)
    bytes.writeUInt16BE(fromClient ? PORT : port, tcp + 2)
    bytes.writeUInt32BE(fromClient ? up : down, tcp + 4)
    bytes.writeUInt32BE(flags === SYN ? 0 : fromClient ? down : up, tcp + 8)
    bytes[tcp + 12] = 0x50
    bytes[tcp + 13] = flags
    bytes.writeUInt16BE(65_535, tcp + 14)
    bytes.set(data, tcp + 20)
    this.#at = tcp + 20 + data.length
  }

  done(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }
}
