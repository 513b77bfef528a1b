import { u16, u32 } from '../integers.ts'

const END_OF_OPTIONS = 0
const TIME_RESOLUTION = 9
const TIME_OFFSET = 14
const DEFAULT_RESOLUTION = 6

/** An interface of a pcapng section: where its packets begin and what their times count. */
export interface CaptureInterface {
  readonly linkType: number
  /** 0: no limit. */
  readonly snapLength: number
  /** Of a time stamp: milliseconds are `offset + stamp / divisor * factor`. */
  readonly divisor: number
  readonly factor: number
  readonly offset: number
  /** Milliseconds since the Unix epoch of a time stamp in its two halves. */
  time(high: number, low: number): number
}

/**
 * Reads an Interface Description Block whose body lies in [at, end) (draft-ietf-opsawg-pcapng, section 4.2). Answers where
 * an option is broken instead, as an index.
 */
export function readInterface(bytes: Uint8Array, at: number, end: number, little: boolean): CaptureInterface | number {
  let resolution = DEFAULT_RESOLUTION
  let offset = 0
  for (let option = at + 8; option + 4 <= end; ) {
    const code = u16(bytes, option, little)
    const length = u16(bytes, option + 2, little)
    const value = option + 4
    if (code === END_OF_OPTIONS) break
    const wanted = code === TIME_RESOLUTION ? 1 : code === TIME_OFFSET ? 8 : length
    if (value + length > end || length !== wanted) return option
    if (code === TIME_RESOLUTION) resolution = bytes[value]
    if (code === TIME_OFFSET) offset = seconds(bytes, value, little)
    option = value + padded(length)
  }
  return {
    linkType: u16(bytes, at, little),
    snapLength: u32(bytes, at + 4, little),
    ...clock(resolution, offset * 1000),
  }
}

/** The length with the padding to 32 bits that pcapng puts behind what is shorter. */
export function padded(length: number): number {
  return (length + 3) & ~3
}

/** The top bit says whether the lower ones are a negative power of two or of ten, in seconds. */
function clock(resolution: number, offset: number): Omit<CaptureInterface, 'linkType' | 'snapLength'> {
  const binary = resolution >= 0x80
  const exponent = resolution & 0x7f
  // Dividing by a whole number rounds once; multiplying by its inverse would round twice.
  const divisor = binary ? 2 ** exponent / 1000 : 10 ** Math.max(0, exponent - 3)
  const factor = binary ? 1 : 10 ** Math.max(0, 3 - exponent)
  const time = (high: number, low: number): number => offset + ((high * 0x1_0000_0000 + low) / divisor) * factor
  return { divisor, factor, offset, time }
}

/** A signed 64-bit number of seconds; beyond 2^53 it is rounded. */
function seconds(bytes: Uint8Array, at: number, little: boolean): number {
  const high = u32(bytes, little ? at + 4 : at, little) | 0
  const low = u32(bytes, little ? at : at + 4, little)
  return high * 0x1_0000_0000 + low
}
