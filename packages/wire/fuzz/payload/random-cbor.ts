import type { Json } from '../../src/index.ts'
import type { Random } from '../random.ts'

// Tags, undefined, simple values, infinities, byte strings, texts in chunks, big integers, reserved heads.
const ODD = ['c000', 'd9d9f700', 'f7', 'e0', 'f820', 'f97c00', 'f97e00', '40', '4101', '7f6161ff', '5fff', '7fff']
const ODDER = [
  '1bffffffffffffffff',
  '3b0020000000000001',
  '1b0020000000000000',
  '1c',
  'ff',
  'f800',
  '9b00000000ffffffff',
]

/** A value in CBOR, in one of the many ways that it may be written; now and then something odd stands in its place. */
export function randomCbor(value: Json, random: Random): Uint8Array {
  const front = random.below(12) === 0 ? [0xd9, 0xd9, 0xf7] : []
  return Uint8Array.from([...front, ...item(value, random)])
}

function item(value: Json, random: Random): number[] {
  if (random.below(150) === 0) return [...Buffer.from(random.pick([...ODD, ...ODDER]), 'hex')]
  if (value === null) return [0xf6]
  if (typeof value === 'boolean') return [value ? 0xf5 : 0xf4]
  if (typeof value === 'number') return number(value, random)
  if (typeof value === 'string') return text(value, random)
  const list = Array.isArray(value)
  const members: number[][] = list
    ? (value as readonly Json[]).map(one => item(one, random))
    : Object.entries(value).map(([key, one]) => [...text(key, random), ...item(one, random)])
  if (!list && members.length > 0 && random.below(60) === 0) members.push(random.pick(members))
  const major = list ? 4 : 5
  if (random.below(6) === 0) return [(major << 5) | 31, ...members.flat(), 0xff]
  return [...head(major, members.length, random), ...members.flat()]
}

function text(value: string, random: Random): number[] {
  const bytes = Buffer.from(value)
  return [...head(3, bytes.length, random), ...bytes]
}

/** As an integer where it is one, or as the shortest float that holds it, or a longer one. */
export function number(value: number, random: Random): number[] {
  const whole = Number.isSafeInteger(value) && !Object.is(value, -0)
  if (whole && random.below(4) > 0) return value < 0 ? head(1, -1 - value, random) : head(0, value, random)
  if (Math.fround(value) === value && random.below(2) === 0) {
    const single = Buffer.alloc(5, 0xfa)
    single.writeFloatBE(value, 1)
    return [...single]
  }
  const half = Math.abs(value) * 4
  // Small quarters, by exponents that a half has: 1.x * 2^e.
  if (Number.isInteger(half) && half >= 4 && half <= 64 && random.below(2) === 0) return halfOf(value)
  const double = Buffer.alloc(9, 0xfb)
  double.writeDoubleBE(value, 1)
  return [...double]
}

function halfOf(value: number): number[] {
  const exponent = Math.floor(Math.log2(Math.abs(value)))
  const fraction = (Math.abs(value) / 2 ** exponent - 1) * 1024
  const bits = (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction
  return [0xf9, bits >> 8, bits & 0xff]
}

/** A head in as few bytes as there may be, or in more. */
export function head(major: number, argument: number, random: Random): number[] {
  const least = argument < 24 ? 0 : argument < 2 ** 8 ? 1 : argument < 2 ** 16 ? 2 : argument < 2 ** 32 ? 4 : 8
  const longer = [0, 1, 2, 4, 8].filter(length => length >= least)
  const length = random.below(8) === 0 ? random.pick(longer) : least
  if (length === 0) return [(major << 5) | argument]
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(argument))
  return [(major << 5) | (24 + Math.log2(length)), ...bytes.subarray(8 - length)]
}
