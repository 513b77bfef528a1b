import { bytesOf } from '../../mqtt/utf8.ts'

/** The fields of a record (RFC 8428, table 1), in the order of `LABELS`. */
export const Field = {
  BASE_VERSION: 0,
  BASE_NAME: 1,
  BASE_TIME: 2,
  BASE_UNIT: 3,
  BASE_VALUE: 4,
  BASE_SUM: 5,
  NAME: 6,
  UNIT: 7,
  VALUE: 8,
  STRING: 9,
  BOOLEAN: 10,
  SUM: 11,
  TIME: 12,
  UPDATE: 13,
  DATA: 14,
} as const

export const FIELDS = 15

/** Labels in JSON (RFC 8428, table 2) and the integers of CBOR (table 4). */
const LABELS: readonly (readonly [string, number])[] = [
  ['bver', -1],
  ['bn', -2],
  ['bt', -3],
  ['bu', -4],
  ['bv', -5],
  ['bs', -6],
  ['n', 0],
  ['u', 1],
  ['v', 2],
  ['vs', 3],
  ['vb', 4],
  ['s', 5],
  ['t', 6],
  ['ut', 7],
  ['vd', 8],
]

const LOWEST = -6
const HIGHEST = 8

/** Labels as bytes, by field. */
export const LABEL_TEXTS: readonly Uint8Array[] = LABELS.map(([label]) => bytesOf(label))

const BY_INTEGER = Array.from({ length: HIGHEST - LOWEST + 1 }, (_, i) =>
  LABELS.findIndex(([, integer]) => integer === i + LOWEST),
)

/** The field of an integer label, or -1. */
export function fieldOfInteger(label: number): number {
  return label < LOWEST || label > HIGHEST ? -1 : BY_INTEGER[label - LOWEST]
}
