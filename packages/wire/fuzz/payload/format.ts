import type { Json, Shape } from '../../src/index.ts'
import type { Random } from '../random.ts'

/** A schema with its shape, by which one format's payloads are judged. */
export interface Judged {
  readonly schema: Json
  readonly shape: Shape
}

/** What the reference says of a payload. */
export interface Reference {
  readonly good: boolean
  /** Codes that the validator may refuse with though the reference finds the payload good: limits that it found exceeded itself. */
  readonly codes: ReadonlySet<string>
}

/** One payload format to fuzz, in its own file; `formats.ts` lists them. */
export interface PayloadFormat {
  readonly name: string
  /** A schema for a seed, in the subset that the format can carry. */
  generate(seed: number): Judged
  /** The bytes of a payload of which the schema may think well. */
  encode(judged: Judged, random: Random): Uint8Array
  /** A copy with small changes. */
  mutate(bytes: Uint8Array, random: Random): Uint8Array
  /** Null where the validator finds it good, otherwise the fault's code. */
  check(judged: Judged, bytes: Uint8Array): string | null
  /** What a library that is not ours finds. */
  reference(judged: Judged, bytes: Uint8Array): Reference
}
