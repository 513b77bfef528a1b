/** A value with a tag before it (RFC 8949, section 3.4). */
export class Tagged {
  readonly tag: number
  readonly value: CborValue

  constructor(tag: number, value: CborValue) {
    this.tag = tag
    this.value = value
  }
}

/** Keys of maps. */
export type CborKey = number | bigint | string

/**
 * What CBOR can say here. A whole number is an integer, whichever way JavaScript holds it, `-0` aside; bigints serve beyond 2^53. An
 * object is a map with texts for keys; where it is read, a map is a `Map`.
 */
export type CborValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | Tagged
  | readonly CborValue[]
  | ReadonlyMap<CborKey, CborValue>
  | { readonly [key: string]: CborValue }

/** Levels of arrays, maps and tags within each other. */
export const MOST_LEVELS = 32

/** Major types (RFC 8949, section 3.1). */
export const Major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const
