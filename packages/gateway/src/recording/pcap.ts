/** Microseconds, little-endian; link type 101 is bare IP (draft-ietf-opsawg-pcap). */
const MAGIC = 0xa1b2c3d4
const RAW = 101
const LONGEST = 65_535
const IP = 20
const TCP = 20
const PORT = 1883
const GATEWAY = 0x0a00_0001
/** Payload bytes of one segment. */
const SEGMENT = 1_460

const SYN = 0x02
const ACK = 0x10
const PUSH = 0x08

interface Stream {
  readonly address: number
  readonly port: number
  /** The next sequence numbers, of the device and of the gateway. */
  up: number
  down: number
}

/** A capture of streams that nobody captured: the packets are real, addresses, ports and sequence numbers are made up. */
export class Capture {
  packets = 0
  readonly #parts: Buffer[] = [fileHeader()]
  readonly #streams = new Map<string, Stream>()

  /** Adds a packet of a lane's connection. @param wall milliseconds since the Unix epoch */
  add(lane: number, epoch: number, direction: 'up' | 'down', wall: number, packet: Buffer): void {
    this.packets++
    const stream = this.#stream(lane, epoch, wall)
    for (let at = 0; at < packet.length; at += SEGMENT) {
      this.#segment(stream, direction, wall, ACK | PUSH, packet.subarray(at, at + SEGMENT))
    }
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  #stream(lane: number, epoch: number, wall: number): Stream {
    const key = `${lane} ${epoch}`
    let stream = this.#streams.get(key)
    if (stream !== undefined) return stream
    // 10.64.0.0/10 for the lanes; a lane's connections differ in their ports.
    stream = { address: 0x0a40_0000 + (lane & 0x3f_ffff), port: 1_024 + (epoch % 60_000), up: 0, down: 0 }
    this.#streams.set(key, stream)
    this.#segment(stream, 'up', wall, SYN, Buffer.alloc(0))
    this.#segment(stream, 'down', wall, SYN | ACK, Buffer.alloc(0))
    this.#segment(stream, 'up', wall, ACK, Buffer.alloc(0))
    return stream
  }

  #segment(stream: Stream, direction: 'up' | 'down', wall: number, flags: number, payload: Buffer): void {
    const isUp = direction === 'up'
    const length = IP + TCP + payload.length
    const head = Buffer.alloc(16 + IP + TCP)
    head.writeUInt32LE(Math.floor(wall / 1_000), 0)
    head.writeUInt32LE(Math.floor((wall % 1_000) * 1_000), 4)
    head.writeUInt32LE(length, 8)
    head.writeUInt32LE(length, 12)
    writeIp(head.subarray(16, 16 + IP), length, isUp ? stream.address : GATEWAY, isUp ? GATEWAY : stream.address)
    const tcp = head.subarray(16 + IP)
    tcp.writeUInt16BE(isUp ? stream.port : PORT, 0)
    tcp.writeUInt16BE(isUp ? PORT : stream.port, 2)
    tcp.writeUInt32BE((isUp ? stream.up : stream.down) >>> 0, 4)
    tcp.writeUInt32BE(flags === SYN ? 0 : (isUp ? stream.down : stream.up) >>> 0, 8)
    tcp[12] = (TCP / 4) << 4
    tcp[13] = flags
    tcp.writeUInt16BE(LONGEST, 14)
    const taken = payload.length + ((flags & SYN) === 0 ? 0 : 1)
    if (isUp) stream.up += taken
    else stream.down += taken
    this.#parts.push(head, payload)
  }
}

function fileHeader(): Buffer {
  const bytes = Buffer.alloc(24)
  bytes.writeUInt32LE(MAGIC, 0)
  bytes.writeUInt16LE(2, 4)
  bytes.writeUInt16LE(4, 6)
  bytes.writeUInt32LE(LONGEST, 16)
  bytes.writeUInt32LE(RAW, 20)
  return bytes
}

/** RFC 791; with its checksum, for what reads captures may look at it. TCP's stays zero: Wireshark does not verify it. */
function writeIp(ip: Buffer, length: number, from: number, to: number): void {
  ip[0] = 0x45
  ip.writeUInt16BE(length, 2)
  ip[8] = 64
  ip[9] = 6
  ip.writeUInt32BE(from, 12)
  ip.writeUInt32BE(to, 16)
  let sum = 0
  for (let at = 0; at < IP; at += 2) sum += ip.readUInt16BE(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  ip.writeUInt16BE(~sum & 0xffff, 10)
}
