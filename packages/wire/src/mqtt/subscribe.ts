import { MOST_FILTERS, PacketType, Reason } from './codes.ts'
import { Cursor } from './cursor.ts'
import { type Fault, strictFault } from './fault.ts'
import { numberProperty } from './properties.ts'
import { Property } from './property.ts'
import { readFilter } from './read-filter.ts'

/** One filter of a SUBSCRIBE with its options. Offsets cover the whole filter, `$share/NAME/` included. */
export interface SubscribeFilter {
  readonly start: number
  readonly end: number
  /** As it was sent. */
  readonly text: string
  /** What topics are matched against: without `$share/NAME/`. */
  readonly filter: string
  /** The name of a shared subscription, or an empty string. */
  readonly share: string
  readonly qos: number
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
  readonly retainHandling: number
}

export interface Subscribe {
  readonly bytes: Uint8Array
  readonly version: 4 | 5
  readonly packetId: number
  readonly filters: readonly SubscribeFilter[]
  /** 0 where absent. */
  readonly subscriptionIdentifier: number
  readonly propertiesStart: number
  readonly propertiesEnd: number
}

/** Reads the SUBSCRIBE whose variable header begins at `body`; `strict` as for `readConnect`. */
export function readSubscribe(
  bytes: Uint8Array,
  body: number,
  end: number,
  version: 4 | 5,
  strict = false,
): Subscribe | Fault {
  const cursor = new Cursor(bytes, body, end, version, strict)
  const packetId = cursor.packetId(version === 5 ? 'MQTT-2.2.1-3' : 'MQTT-2.3.1-1')
  cursor.properties(PacketType.SUBSCRIBE, true)
  const { from, to } = cursor
  const filters: SubscribeFilter[] = []
  while (cursor.more && filters.length < MOST_FILTERS) {
    const { text, filter, share } = readFilter(cursor, 'MQTT-3.8.3-1')
    const { from: start, to: stop } = cursor
    const options = cursor.u8('subscription options')
    checkOptions(cursor, options, share !== '')
    filters.push({
      start,
      end: stop,
      text,
      filter,
      share,
      qos: options & 3,
      noLocal: (options & 4) !== 0,
      retainAsPublished: (options & 8) !== 0,
      retainHandling: (options >> 4) & 3,
    })
  }
  if (cursor.more) {
    const why = `more than ${MOST_FILTERS} topic filters`
    cursor.fault = strictFault('too_many_filters', 'MQTT-3.8.3', why, Reason.QUOTA_EXCEEDED, cursor.at)
  }
  if (filters.length === 0) {
    const clause = version === 5 ? 'MQTT-3.8.3-2' : 'MQTT-3.8.3-3'
    cursor.fail('no_filters', clause, 'a SUBSCRIBE without a topic filter', Reason.PROTOCOL_ERROR)
  }
  if (cursor.problem !== null) return cursor.problem
  const subscriptionIdentifier = numberProperty(bytes, from, to, Property.SUBSCRIPTION_IDENTIFIER, 0)
  return { bytes, version, packetId, filters, subscriptionIdentifier, propertiesStart: from, propertiesEnd: to }
}

function checkOptions(cursor: Cursor, options: number, shared: boolean): void {
  if (cursor.fault !== null) return
  const at = cursor.at - 1
  const reserved = cursor.version === 5 ? 0xc0 : 0xfc
  const clause = cursor.version === 5 ? 'MQTT-3.8.3-5' : 'MQTT-3.8.3-4'
  if ((options & reserved) !== 0) {
    cursor.fail('subscription_options', clause, 'reserved bits of the options are set', Reason.MALFORMED_PACKET, at)
  }
  if ((options & 3) === 3) {
    const qosClause = cursor.version === 5 ? 'MQTT-3.8.3.1' : clause
    cursor.fail('qos_3', qosClause, 'a maximum QoS of 3 is asked for', Reason.MALFORMED_PACKET, at)
  }
  if (((options >> 4) & 3) === 3) {
    cursor.fail('retain_handling', 'MQTT-3.8.3.1', 'retain handling 3 does not exist', Reason.PROTOCOL_ERROR, at)
  }
  if (shared && (options & 4) !== 0) {
    const why = 'no local is set on a shared subscription'
    cursor.fail('shared_no_local', 'MQTT-3.8.3-4', why, Reason.PROTOCOL_ERROR, at)
  }
}
