import { type Frame, Scanner } from '../src/index.ts'

/** Everything that a frame says, with offsets counted from its own start, so that frames can be compared. */
export function snapshot(frame: Frame): Record<string, unknown> {
  const from = (at: number) => at - frame.start
  return {
    bytes: Buffer.from(frame.bytes.subarray(frame.start, frame.end)).toString('hex'),
    version: frame.version,
    body: from(frame.body),
    type: frame.type,
    flags: frame.flags,
    qos: frame.qos,
    dup: frame.dup,
    retain: frame.retain,
    packetId: frame.packetId,
    reason: frame.reason,
    topic: [from(frame.topicStart), from(frame.topicEnd)],
    topicHash: frame.topicHash,
    alias: frame.alias,
    payload: [from(frame.payloadStart), from(frame.payloadEnd)],
    properties: [from(frame.propertiesStart), from(frame.propertiesEnd)],
    fault: frame.fault === null ? null : { ...frame.fault, offset: from(frame.fault.offset) },
  }
}

/** A scanner as the tests use it: 64 KiB a packet and every alias allowed unless said otherwise. */
export function scanner(from: 'client' | 'server', version: 0 | 4 | 5, maxPacket = 65_536): Scanner {
  const made = new Scanner({ from, maxPacket, aliasMaximum: 65_535 })
  made.version = version
  return made
}

/** Feeds a stream in the given pieces and answers all frames. */
export function frames(scan: Scanner, pieces: readonly Uint8Array[]): Record<string, unknown>[] {
  const seen: Record<string, unknown>[] = []
  for (const piece of pieces) {
    scan.feed(piece)
    while (scan.next()) seen.push(snapshot(scan))
  }
  return seen
}

/** Cuts bytes at the given places (in any order, taken modulo the length), so that pieces may be empty. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b)
  const pieces: Uint8Array[] = []
  let at = 0
  for (const place of [...sorted, bytes.length]) {
    pieces.push(bytes.slice(at, place))
    at = place
  }
  return pieces
}

/** `10 0c 00…` as bytes. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
