/** Bytes of one end of a connection, or an event of TCP. */
export interface Sent {
  readonly up?: Uint8Array
  readonly down?: Uint8Array
  /** Milliseconds from the capture's beginning on; one after what was put before it unless given. */
  readonly at?: number
}

export interface MadeFlow {
  /** Of the server; 1883 unless given. */
  readonly port?: number
  /** The last number of the client's address 10.0.0.N, and its port 40000 + N and more. */
  readonly client?: number
  /** Leaves the handshake out. */
  readonly midstream?: boolean
  /** As `Sent.at`, of its first packet. */
  readonly at?: number
  readonly sent: readonly Sent[]
}

/** A classic pcap of raw IPv4 (link type 101) with these flows, in the order of their times: one after the other, a packet each millisecond, unless times are given. */
export function capture(...flows: readonly MadeFlow[]): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2_c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(262_144, 16)
  head.writeUInt32LE(101, 20)
  const packets: Packet[] = []
  for (const flow of flows) add(packets, flow)
  const ordered = packets.toSorted((a, b) => a.at - b.at)
  return Buffer.concat([head, ...ordered.map(({ bytes }) => bytes)])
}

/** When a made capture begins, in milliseconds since the Unix epoch. */
export const BEGAN = 1_763_880_000_000

interface Packet {
  readonly at: number
  readonly bytes: Buffer
}

function add(packets: Packet[], { port = 1883, client = 1, midstream = false, at, sent }: MadeFlow): void {
  const own = 40_000 + ((client + 10 * packets.length) % 25_000)
  let time = at ?? packets.length
  let up = 1_000
  let down = 9_000
  const put = (fromClient: boolean, flags: number, data: Uint8Array): void => {
    const [from, to] = fromClient ? [client, 250] : [250, client]
    const [source, target] = fromClient ? [own, port] : [port, own]
    packets.push({
      at: time,
      bytes: packet(
        time,
        { from, to, source, target, seq: fromClient ? up : down, ack: fromClient ? down : up, flags },
        data,
      ),
    })
    if (at === undefined) time++
    const length = data.length + ((flags & 3) === 0 ? 0 : 1)
    if (fromClient) up += length
    else down += length
  }
  if (!midstream) {
    put(true, 0x02, NOTHING)
    put(false, 0x12, NOTHING)
    put(true, 0x10, NOTHING)
  }
  for (const each of sent) {
    time = each.at ?? time
    if (each.up !== undefined) put(true, 0x18, each.up)
    if (each.down !== undefined) put(false, 0x18, each.down)
  }
  put(true, 0x11, NOTHING)
  put(false, 0x11, NOTHING)
}

const NOTHING = new Uint8Array(0)

interface Ends {
  readonly from: number
  readonly to: number
  readonly source: number
  readonly target: number
  readonly seq: number
  readonly ack: number
  readonly flags: number
}

function packet(at: number, { from, to, source, target, seq, ack, flags }: Ends, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(16 + 40 + data.length)
  const time = BEGAN + at
  bytes.writeUInt32LE(Math.floor(time / 1_000), 0)
  bytes.writeUInt32LE((time % 1_000) * 1_000, 4)
  bytes.writeUInt32LE(40 + data.length, 8)
  bytes.writeUInt32LE(40 + data.length, 12)
  bytes[16] = 0x45
  bytes.writeUInt16BE(40 + data.length, 18)
  bytes[24] = 64
  bytes[25] = 6
  bytes.set([10, 0, 0, from, 10, 0, 0, to], 28)
  bytes.writeUInt16BE(source, 36)
  bytes.writeUInt16BE(target, 38)
  bytes.writeUInt32BE(seq, 40)
  bytes.writeUInt32BE(ack, 44)
  bytes[48] = 0x50
  bytes[49] = flags
  bytes.set(data, 56)
  return bytes
}

/** Bytes of hex, blanks between them allowed. */
export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

/** A CONNECT of MQTT 3.1.1 with a clean session and a keep-alive of a minute. */
export function connect(id: string): Uint8Array {
  const name = Buffer.from(id)
  return Buffer.concat([
    hex('10'),
    Buffer.of(12 + name.length),
    hex('00044d515454 04 02 003c 00'),
    Buffer.of(name.length),
    name,
  ])
}

export const CONNACK = hex('20020000')

/** A PUBLISH of QoS 0. */
export function publish(topic: string, payload: string): Uint8Array {
  const body = Buffer.concat([Buffer.of(0, topic.length), Buffer.from(topic), Buffer.from(payload)])
  return Buffer.concat([Buffer.of(0x30, body.length), body])
}
