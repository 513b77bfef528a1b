import type { Random } from './random.ts'

// Bytes that mean something to MQTT: ends of ranges, wildcards, lead bytes of UTF-8, continued lengths.
const TELLING = [0x00, 0x01, 0x02, 0x23, 0x24, 0x2b, 0x2f, 0x7f, 0x80, 0xc0, 0xe0, 0xed, 0xf0, 0xf4, 0xff]

/** A copy of the bytes with one to five small changes: flips, telling bytes, cuts, repeats and insertions. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let result: Uint8Array = bytes.slice()
  for (let left = 1 + random.below(5); left > 0 && result.length > 0; left--) result = change(result, random)
  return result
}

function change(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length)
  switch (random.below(6)) {
    case 0:
      bytes[at] ^= 1 << random.below(8)
      return bytes
    case 1:
      bytes[at] = random.pick(TELLING)
      return bytes
    case 2:
      bytes[at] = random.below(256)
      return bytes
    case 3:
      return splice(bytes, at, Math.min(bytes.length, at + 1 + random.below(8)), new Uint8Array(0))
    case 4:
      return splice(bytes, at, at, bytes.slice(at, at + 1 + random.below(24)))
    default:
      return splice(bytes, at, at, Uint8Array.of(random.pick(TELLING)))
  }
}

function splice(bytes: Uint8Array, from: number, to: number, put: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - (to - from) + put.length)
  result.set(bytes.subarray(0, from))
  result.set(put, from)
  result.set(bytes.subarray(to), from + put.length)
  return result
}
