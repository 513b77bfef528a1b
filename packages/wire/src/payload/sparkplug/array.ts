import { textProblem } from '../../mqtt/utf8.ts'
import { DataType } from './datatype.ts'
import { readReal } from './proto.ts'

/** Bytes of one element by array type, from Int8Array on. */
const SIZES: readonly number[] = [1, 2, 4, 8, 1, 2, 4, 8, 4, 8]

/** What is wrong with the bytes of an array type (section 6.4.17), or an empty string. Bytes and File may be anything. */
export function arrayProblem(bytes: Uint8Array, from: number, to: number, type: number): string {
  if (type < DataType.Int8Array) return ''
  const length = to - from
  if (type === DataType.BooleanArray) return booleans(bytes, from, length)
  if (type === DataType.StringArray) return strings(bytes, from, to)
  const size = type === DataType.DateTimeArray ? 8 : SIZES[type - DataType.Int8Array]
  if (length % size !== 0) return `of ${length} bytes, which is no multiple of ${size}`
  if (type !== DataType.FloatArray && type !== DataType.DoubleArray) return ''
  for (let at = from; at < to; at += size) {
    if (!Number.isFinite(readReal(bytes, at, size === 4 ? 4 : 8))) return 'with a number that is not finite'
  }
  return ''
}

/** A count of four bytes, then as many bits. */
function booleans(bytes: Uint8Array, from: number, length: number): string {
  if (length < 4) return `of ${length} bytes, which have no room for its count`
  const count = (bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16) | (bytes[from + 3] << 24)) >>> 0
  const needed = 4 + Math.ceil(count / 8)
  return needed === length ? '' : `of ${length} bytes, ${count} booleans take ${needed}`
}

/** Texts that each end with a zero byte. */
function strings(bytes: Uint8Array, from: number, to: number): string {
  let start = from
  for (let at = from; at < to; at++) {
    if (bytes[at] !== 0) continue
    if (textProblem(bytes, start, at) !== 0) return 'with a string that is not well-formed UTF-8'
    start = at + 1
  }
  return start === to ? '' : 'whose last string has no end'
}
