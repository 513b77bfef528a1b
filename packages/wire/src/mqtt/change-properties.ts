import { numberProperty, propertyEnd } from './properties.ts'
import { Kind, Property, propertyKind, propertyName } from './property.ts'
import { Writer } from './writer.ts'

/**
 * A property to be set in place of any that is there, or with null to be removed: `[Property.RECEIVE_MAXIMUM, 20]`.
 * Flags and integers take numbers, text takes strings, binary data takes bytes; user properties can only be removed.
 */
export type PropertyChange = readonly [id: number, value: number | string | Uint8Array | null]

const NONE = new Uint8Array(0)

/**
 * The properties in `bytes` (without their length, already checked) with the changes made; what is not changed keeps
 * its bytes and its order, what is set comes last. Throws a TypeError for a value of the wrong type.
 */
export function changeProperties(
  bytes: Uint8Array = NONE,
  changes: readonly PropertyChange[] = [],
  start = 0,
  end: number = bytes.length,
): Uint8Array {
  if (changes.length === 0) return bytes.subarray(start, end)
  const changed = new Set(changes.map(([id]) => id))
  const writer = new Writer()
  for (let at = start; at < end; ) {
    const next = propertyEnd(bytes, at, end)
    if (next < 0) throw new TypeError('these properties were not checked')
    if (!changed.has(bytes[at])) writer.raw(bytes.subarray(at, next))
    at = next
  }
  for (const [id, value] of changes) if (value !== null) writeProperty(writer, id, value)
  return writer.bytes()
}

/**
 * The change that brings a numeric limit of CONNECT or CONNACK down to `most`, or none where it is that low already.
 * An absent limit is unlimited, but for the topic alias maximum, where absent means 0.
 */
export function lowered(bytes: Uint8Array, start: number, end: number, id: number, most: number): PropertyChange[] {
  const absent = id === Property.TOPIC_ALIAS_MAXIMUM ? 0 : Number.POSITIVE_INFINITY
  return numberProperty(bytes, start, end, id, absent) > most ? [[id, most]] : []
}

function writeProperty(writer: Writer, id: number, value: number | string | Uint8Array): void {
  const kind = propertyKind(id)
  writer.u8(id)
  if (typeof value === 'string' && kind === Kind.TEXT) writer.prefixed(value)
  else if (value instanceof Uint8Array && kind === Kind.BINARY) writer.prefixed(value)
  else if (typeof value === 'number' && kind === Kind.FLAG) writer.u8(value)
  else if (typeof value === 'number' && kind === Kind.U16) writer.u16(value)
  else if (typeof value === 'number' && kind === Kind.U32) writer.u32(value)
  else if (typeof value === 'number' && kind === Kind.VARIABLE) writer.variable(value)
  else throw new TypeError(`${propertyName(id)} cannot be set to a ${typeof value}`)
}
