import { readFileSync } from 'node:fs'
import { CaptureReader, Flows } from '@ringwall/wire'

/** What a client of a capture wrote, in order; times in milliseconds since the capture's first connection. */
export interface CapturedFlow {
  /** Its address. */
  readonly from: string
  readonly began: number
  readonly pieces: readonly { readonly at: number; readonly bytes: Buffer }[]
  /** When it closed its connection, infinite where it still stood at the end. */
  readonly ended: number
  /** Whether its server said anything. */
  readonly answered: boolean
}

/** The first connections of a capture, in the order in which they were opened. */
export function readFlows(file: string, most: number): CapturedFlow[] {
  const found = new Map<number, { -readonly [Key in keyof CapturedFlow]: CapturedFlow[Key] }>()
  let first = Number.NaN
  const flows = new Flows({
    opened: ({ id, began, client }) => {
      if (found.size === 0) first = began
      if (found.size >= most) return
      found.set(id, { from: client.address, began: began - first, pieces: [], ended: Infinity, answered: false })
    },
    data: ({ id }, direction, bytes, start, end, time) => {
      const flow = found.get(id)
      if (flow === undefined) return
      if (direction === 'down') flow.answered = true
      else flow.pieces = [...flow.pieces, { at: time - first, bytes: Buffer.from(bytes.slice(start, end)) }]
    },
    gap: () => {},
    anomaly: () => {},
    closed: ({ id }, how, time) => {
      const flow = found.get(id)
      if (flow !== undefined && (how === 'fin' || how === 'reset')) flow.ended = time - first
    },
  })
  const reader = new CaptureReader()
  reader.feed(readFileSync(file))
  while (reader.next()) flows.packet(reader)
  if (reader.finish() !== null) throw new Error(`${file}: ${reader.fault?.why}`)
  flows.flush()
  return [...found.values()]
}

/** The pieces with the client id of the CONNECT at their beginning put in place; as they are where none is to be read. */
export function renamed(pieces: CapturedFlow['pieces'], device: string): CapturedFlow['pieces'] {
  const bytes = Buffer.concat(pieces.map(piece => piece.bytes))
  let body = 1
  let remaining = 0
  for (let shift = 0; body < Math.min(bytes.length, 5); shift += 7) {
    const byte = bytes[body++]
    remaining += (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  const behind = body + remaining
  // The level of the protocol, flags and keep-alive lie between its name and the client id (MQTT 3.1.1, section 3.1.2).
  const id = bytes.length < body + 2 ? Infinity : body + 2 + bytes.readUInt16BE(body) + 4
  if (bytes[0] !== 0x10 || bytes.length < behind || behind < id + 2) return pieces
  const rest = id + 2 + bytes.readUInt16BE(id)
  if (rest > behind) return pieces
  const name = Buffer.from(device)
  const length = remaining - (rest - id) + 2 + name.length
  const head = length < 128 ? [0x10, length] : [0x10, (length & 0x7f) | 0x80, length >> 7]
  const connect = [
    Buffer.from(head),
    bytes.subarray(body, id),
    Buffer.from([0, name.length]),
    name,
    bytes.subarray(rest, behind),
  ]
  // What stood behind the CONNECT keeps its pieces and their times.
  let at = 0
  const after = pieces.flatMap(piece => {
    const kept = piece.bytes.subarray(Math.max(0, behind - at))
    at += piece.bytes.length
    return kept.length === 0 ? [] : [{ at: piece.at, bytes: kept }]
  })
  return [{ at: pieces[0].at, bytes: Buffer.concat(connect) }, ...after]
}
