import type { PayloadLimits } from '../../src/index.ts'

/** What stands in bytes that are well-formed CBOR. */
export interface CborFacts {
  depth: number
  members: number
  stringBytes: number
  /** Tags behind the front, simple values but `false`, `true` and `null`, and texts or byte strings in chunks. */
  odd: boolean
  byteStrings: boolean
  integerKeys: boolean
  /** A map has a key twice, however it is written: cbor2 takes an integer in another length for another key. */
  repeated: boolean
  unsafe: boolean
}

/** Goes through well-formed CBOR by its heads and notes what the validators have limits and rules for. */
export function factsOf(bytes: Uint8Array): CborFacts {
  const facts: CborFacts = {
    depth: 0,
    members: 0,
    stringBytes: 0,
    odd: false,
    byteStrings: false,
    integerKeys: false,
    repeated: false,
    unsafe: false,
  }
  walk(Buffer.from(bytes), selfDescribed(bytes) ? 3 : 0, 0, facts)
  return facts
}

export function selfDescribed(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd9 && bytes[1] === 0xd9 && bytes[2] === 0xf7
}

/** Whether the facts are within the limits and nothing odd is among them. */
export function isPlain(facts: CborFacts, limits: PayloadLimits): boolean {
  return (
    !facts.odd &&
    !facts.repeated &&
    facts.depth <= limits.depth &&
    facts.members <= limits.members &&
    facts.stringBytes <= limits.stringBytes
  )
}

/** Goes over one item; answers where it ends. */
function walk(bytes: Buffer, at: number, depth: number, facts: CborFacts): number {
  const major = bytes[at] >> 5
  const information = bytes[at] & 31
  const { argument, size } = headOf(bytes, at)
  const next = at + 1 + size
  if (major < 2) {
    facts.unsafe ||= argument > 2n ** 53n - 2n
    return next
  }
  if (major === 6) {
    facts.odd = true
    return walk(bytes, next, depth, facts)
  }
  if (major === 7) {
    facts.odd ||= size === 1 || (size === 0 && (information < 20 || information > 22))
    const float = size === 8 ? bytes.readDoubleBE(at + 1) : size === 4 ? bytes.readFloatBE(at + 1) : 0
    facts.unsafe ||= Number.isInteger(float) && !Number.isSafeInteger(float)
    return next
  }
  if (major < 4) {
    facts.byteStrings ||= major === 2
    facts.odd ||= information === 31
    if (information === 31) return walkAll(bytes, next, 3, Number.POSITIVE_INFINITY, depth, facts)
    facts.stringBytes = Math.max(facts.stringBytes, Number(argument))
    return next + Number(argument)
  }
  facts.depth = Math.max(facts.depth, depth + 1)
  const count = information === 31 ? Number.POSITIVE_INFINITY : Number(argument)
  return walkAll(bytes, next, major, count, depth + 1, facts)
}

function walkAll(bytes: Buffer, from: number, major: number, count: number, depth: number, facts: CborFacts): number {
  const integers = new Set<string>()
  let at = from
  let i = 0
  for (; i < count; i++) {
    if (count === Number.POSITIVE_INFINITY && bytes[at] === 0xff) {
      at++
      break
    }
    if (major === 5) {
      const key = integerKey(bytes, at)
      facts.integerKeys ||= key !== null
      facts.repeated ||= key !== null && integers.has(key)
      if (key !== null) integers.add(key)
      facts.odd ||= bytes[at] >> 5 > 3 || bytes[at] >> 5 === 2
      at = walk(bytes, at, depth, facts)
    }
    at = walk(bytes, at, depth, facts)
  }
  if (major > 3) facts.members = Math.max(facts.members, i)
  return at
}

/** The integer that stands there, with its sign; null where something else does. */
function integerKey(bytes: Buffer, at: number): string | null {
  const major = bytes[at] >> 5
  return major > 1 ? null : `${major === 0 ? '' : '-'}${headOf(bytes, at).argument}`
}

function headOf(bytes: Buffer, at: number): { argument: bigint; size: number } {
  const information = bytes[at] & 31
  const size = information < 24 || information === 31 ? 0 : 2 ** (information - 24)
  const argument = size === 0 ? BigInt(information) : BigInt(`0x${bytes.toString('hex', at + 1, at + 1 + size)}`)
  return { argument, size }
}
