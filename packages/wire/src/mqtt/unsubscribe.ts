import { MOST_FILTERS, PacketType, Reason } from './codes.ts'
import { Cursor } from './cursor.ts'
import { type Fault, strictFault } from './fault.ts'
import { readFilter } from './read-filter.ts'

/** One filter of an UNSUBSCRIBE. Offsets are indexes into the packet's bytes. */
export interface UnsubscribeFilter {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly filter: string
  readonly share: string
}

export interface Unsubscribe {
  readonly bytes: Uint8Array
  readonly version: 4 | 5
  readonly packetId: number
  readonly filters: readonly UnsubscribeFilter[]
  readonly propertiesStart: number
  readonly propertiesEnd: number
}

/** Reads the UNSUBSCRIBE whose variable header begins at `body`; `strict` as for `readConnect`. */
export function readUnsubscribe(
  bytes: Uint8Array,
  body: number,
  end: number,
  version: 4 | 5,
  strict = false,
): Unsubscribe | Fault {
  const cursor = new Cursor(bytes, body, end, version, strict)
  const packetId = cursor.packetId(version === 5 ? 'MQTT-2.2.1-3' : 'MQTT-2.3.1-1')
  cursor.properties(PacketType.UNSUBSCRIBE, true)
  const { from, to } = cursor
  const filters: UnsubscribeFilter[] = []
  while (cursor.more && filters.length < MOST_FILTERS) {
    const read = readFilter(cursor, 'MQTT-3.10.3-1')
    filters.push({ start: cursor.from, end: cursor.to, ...read })
  }
  if (cursor.more) {
    const why = `more than ${MOST_FILTERS} topic filters`
    cursor.fault = strictFault('too_many_filters', 'MQTT-3.10.3', why, Reason.QUOTA_EXCEEDED, cursor.at)
  }
  if (filters.length === 0) {
    cursor.fail('no_filters', 'MQTT-3.10.3-2', 'an UNSUBSCRIBE without a topic filter', Reason.PROTOCOL_ERROR)
  }
  if (cursor.problem !== null) return cursor.problem
  return { bytes, version, packetId, filters, propertiesStart: from, propertiesEnd: to }
}
