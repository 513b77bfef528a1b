import type { InspectOptions } from '../src/cli/inspect-stream.ts'
import type { Bytes, Version } from './build.ts'

/** A stream of a client, and what is to be said of it. */
export interface Vector {
  readonly name: string
  readonly version: Version
  /** The clause by which it is refused, or that a legal one comes close to; null where it is about none. */
  readonly clause: string | null
  /** The code of the fault. */
  readonly expect: 'accept' | (string & {})
  /** A receiver need not refuse it. */
  readonly strict: boolean
  readonly hex: string
  /** What the broker granted, where it matters. */
  readonly options?: InspectOptions
}

interface More {
  readonly strict?: boolean
  readonly options?: InspectOptions
}

const hexOf = (packets: readonly Bytes[]): string => Buffer.from(packets.flat()).toString('hex')

/** A stream that breaks a clause. */
export function bad(
  version: Version,
  clause: string,
  expect: string,
  name: string,
  packets: readonly Bytes[],
  { strict = false, options }: More = {},
): Vector {
  return { name, version, clause, expect, strict, hex: hexOf(packets), ...(options && { options }) }
}

/** A stream that does not, though it comes close. */
export function good(
  version: Version,
  clause: string | null,
  name: string,
  packets: readonly Bytes[],
  options?: InspectOptions,
): Vector {
  return { name, version, clause, expect: 'accept', strict: false, hex: hexOf(packets), ...(options && { options }) }
}

export const BOTH: readonly Version[] = [4, 5]

/** The clause id of the version. */
export const by = (version: Version, four: string, five: string): string => (version === 4 ? four : five)
