import { fromBase64url, toBase64url } from './base64url.ts'
import { HEAD, LONGEST_SEAL, type SealView, TAG_BYTES } from './layout.ts'
import { readSeal } from './read.ts'
import { type Seal, stringHead } from './sealer.ts'

/** The name of the user property (MQTT 5.0) that carries a seal; its value is the seal in base64url, the payload stays as it is. */
export const SEAL_PROPERTY = 'rw-seal'
/** What an envelope begins with: `rw1.`, the seal in base64url, a dot, then the payload as it is. For MQTT 3.1.1. */
const MARK = Uint8Array.of(0x72, 0x77, 0x31, 0x2e)
const DOT = 0x2e
/** In the place of a payload that is sent apart: null. */
const NOTHING = [Uint8Array.of(0xf6)]
const NO_OPEN_HEADERS = Uint8Array.of(0xa0)
const ascii = new TextEncoder()
/** Characters of the longest seal in base64url. */
const LONGEST_TEXT = Math.ceil((LONGEST_SEAL * 4) / 3)

/** The value of the user property. */
export function asProperty(seal: Seal): string {
  return toBase64url(written(seal, null))
}

/** A payload in its envelope. */
export function asEnvelope(seal: Seal, payload: Uint8Array): Uint8Array {
  return joined(MARK, ascii.encode(asProperty(seal)), Uint8Array.of(DOT), payload)
}

/** The whole COSE_Mac0 with the payload in it, for devices that speak CBOR. */
export function asCose(seal: Seal, payload: Uint8Array): Uint8Array {
  return written(seal, payload)
}

function written({ secured, tag }: Seal, payload: Uint8Array | null): Uint8Array {
  const content = payload === null ? NOTHING : [stringHead(payload.length), payload]
  return joined(HEAD, stringHead(secured.length), secured, NO_OPEN_HEADERS, ...content, stringHead(TAG_BYTES), tag)
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Reads a user property's value at `[start, end)`. What is read lies in the view's own memory. */
export function readProperty(bytes: Uint8Array, start: number, end: number, into: SealView): boolean {
  const length = fromBase64url(bytes, start, end, into.scratch)
  return length > 0 && readSeal(into.scratch, 0, length, into) && into.end === length && into.payloadStart < 0
}

/**
 * Reads an envelope at `[start, end)`. @returns where the payload begins, 0 where this is no envelope (a payload that nobody has sealed), -1
 * where it begins like one and is none. The seal lies in the view's own memory.
 */
export function readEnvelope(bytes: Uint8Array, start: number, end: number, into: SealView): number {
  if (end - start < MARK.length || !isMark(bytes, start)) return 0
  const from = start + MARK.length
  let dot = from
  while (dot < end && dot - from <= LONGEST_TEXT && bytes[dot] !== DOT) dot++
  if (dot >= end || bytes[dot] !== DOT || !readProperty(bytes, from, dot, into)) return -1
  return dot + 1
}

/** Reads a COSE_Mac0 with its payload, all of `[start, end)`. */
export function readCose(bytes: Uint8Array, start: number, end: number, into: SealView): boolean {
  return readSeal(bytes, start, end, into) && into.end === end && into.payloadStart >= 0
}

function isMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === MARK[0] && bytes[at + 1] === MARK[1] && bytes[at + 2] === MARK[2] && bytes[at + 3] === MARK[3]
}
