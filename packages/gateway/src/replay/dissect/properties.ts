import { Property } from '@ringwall/wire/mqtt'
import type { Fields } from './fields.ts'
import { textJson } from './text.ts'

type Kind = 'u8' | 'u16' | 'u32' | 'variable' | 'text' | 'binary' | 'pair'

const BY_KIND: Readonly<Record<Kind, readonly (keyof typeof Property)[]>> = {
  u8: [
    'PAYLOAD_FORMAT_INDICATOR',
    'REQUEST_PROBLEM_INFORMATION',
    'REQUEST_RESPONSE_INFORMATION',
    'MAXIMUM_QOS',
    'RETAIN_AVAILABLE',
    'WILDCARD_SUBSCRIPTION_AVAILABLE',
    'SUBSCRIPTION_IDENTIFIER_AVAILABLE',
    'SHARED_SUBSCRIPTION_AVAILABLE',
  ],
  u16: ['SERVER_KEEP_ALIVE', 'RECEIVE_MAXIMUM', 'TOPIC_ALIAS_MAXIMUM', 'TOPIC_ALIAS'],
  u32: ['MESSAGE_EXPIRY_INTERVAL', 'SESSION_EXPIRY_INTERVAL', 'WILL_DELAY_INTERVAL', 'MAXIMUM_PACKET_SIZE'],
  variable: ['SUBSCRIPTION_IDENTIFIER'],
  text: [
    'CONTENT_TYPE',
    'RESPONSE_TOPIC',
    'ASSIGNED_CLIENT_IDENTIFIER',
    'AUTHENTICATION_METHOD',
    'RESPONSE_INFORMATION',
    'SERVER_REFERENCE',
    'REASON_STRING',
  ],
  binary: ['CORRELATION_DATA', 'AUTHENTICATION_DATA'],
  pair: ['USER_PROPERTY'],
}

/** EVE's name of a property is the standard's, in lower case with underscores. */
const SHAPES: readonly ({ readonly name: string; readonly kind: Kind } | undefined)[] = (() => {
  const shapes: { name: string; kind: Kind }[] = []
  for (const [kind, names] of Object.entries(BY_KIND) as [Kind, readonly (keyof typeof Property)[]][]) {
    for (const name of names) shapes[Property[name]] = { name: name.toLowerCase(), kind }
  }
  return shapes
})()

/** Reads the properties of a packet or a will, their length first. An unknown identifier is passed over as one without a value. */
export function readProperties(fields: Fields): void {
  const length = fields.variable()
  const stop = fields.at + length
  if (fields.broken || stop > fields.end) {
    fields.broken = true
    return
  }
  if (length === 0) return
  // A property may not reach over the end of the properties into what follows them.
  const { end } = fields
  fields.end = stop
  fields.open('properties')
  while (!fields.broken && fields.at < stop) readProperty(fields)
  fields.close()
  fields.end = end
}

function readProperty(fields: Fields): void {
  const id = fields.variable()
  const shape = SHAPES[id]
  if (shape === undefined) return
  if (id === Property.TOPIC_ALIAS) {
    fields.alias = fields.u16()
    return fields.number(shape.name, fields.alias)
  }
  const { name } = shape
  switch (shape.kind) {
    case 'u8':
      return fields.number(name, fields.u8())
    case 'u16':
      return fields.number(name, fields.u16())
    case 'u32':
      return fields.number(name, fields.u32())
    case 'variable':
      return fields.number(name, fields.variable())
    case 'text':
      return fields.string(name, fields.prefixed())
    case 'binary':
      return fields.binary(name, fields.prefixed())
    default:
      return readPair(fields)
  }
}

/** EVE writes a user property under the name that its sender chose. */
function readPair(fields: Fields): void {
  const start = fields.prefixed()
  const stop = fields.at
  const value = fields.prefixed()
  if (fields.writing.silent) return
  fields.string(textJson(fields.bytes, start, stop, 0).slice(1, -1), value)
}
