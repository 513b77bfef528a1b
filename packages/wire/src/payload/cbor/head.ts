import { wordAt } from './floats.ts'

/** Major types of CBOR (RFC 8949, section 3.1). */
export const Major = { UNSIGNED: 0, NEGATIVE: 1, BYTES: 2, TEXT: 3, ARRAY: 4, MAP: 5, TAG: 6, SIMPLE: 7 } as const

/** Additional information 31: an indefinite length, or the break that ends it. */
export const INDEFINITE = 31
export const BREAK = 0xff

/** The bytes of a head's argument by its additional information; -1 where it is reserved (RFC 8949, section 3). */
export function argumentLength(information: number): number {
  if (information < 24) return 0
  if (information < 28) return 1 << (information - 24)
  return information === INDEFINITE ? 0 : -1
}

/** The negative integer of a head: -1 less its argument, to the nearest double. */
export function negativeAt(bytes: Uint8Array, at: number, information: number): number {
  // Added to the lower word, where the sum is exact, so that it is rounded once.
  if (information === 27) return -(wordAt(bytes, at + 1) * 2 ** 32 + (wordAt(bytes, at + 5) + 1))
  return -1 - argumentAt(bytes, at, information)
}

/** The argument behind a head; above 2^53 to the nearest double. */
export function argumentAt(bytes: Uint8Array, at: number, information: number): number {
  switch (information) {
    case 24:
      return bytes[at + 1]
    case 25:
      return (bytes[at + 1] << 8) | bytes[at + 2]
    case 26:
      return wordAt(bytes, at + 1)
    case 27:
      return wordAt(bytes, at + 1) * 2 ** 32 + wordAt(bytes, at + 5)
    default:
      return information
  }
}
