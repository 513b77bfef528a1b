import { PacketType, packetName, Reason } from './codes.ts'
import { Cursor } from './cursor.ts'
import type { Fault } from './fault.ts'
import { legalReason, reasonClause } from './legal.ts'

/** What a SUBACK or UNSUBACK says. */
export interface Suback {
  readonly bytes: Uint8Array
  readonly version: 4 | 5
  readonly packetId: number
  /** One for each filter, in their order; empty for an UNSUBACK of 3.1.1. A view over `bytes`. */
  readonly reasons: Uint8Array
  readonly propertiesStart: number
  readonly propertiesEnd: number
}

/** Reads the SUBACK, or with `type` UNSUBACK that one, whose variable header begins at `body`. */
export function readSuback(
  bytes: Uint8Array,
  body: number,
  end: number,
  version: 4 | 5,
  type: number = PacketType.SUBACK,
): Suback | Fault {
  const cursor = new Cursor(bytes, body, end, version)
  const packetId = cursor.packetId(version === 5 ? 'MQTT-2.2.1-6' : 'MQTT-2.3.1-7')
  cursor.properties(type, false)
  const { from, to } = cursor
  const reasonsStart = cursor.at
  const bare = version === 4 && type === PacketType.UNSUBACK
  if (bare) cursor.finish('MQTT-3.11.3')
  else if (reasonsStart === end) {
    const clause = type === PacketType.SUBACK ? 'MQTT-3.9.3' : 'MQTT-3.11.3'
    cursor.fail('no_reasons', clause, `a ${packetName(type)} without a reason code`, Reason.PROTOCOL_ERROR)
  }
  while (cursor.more) checkReason(cursor, type)
  if (cursor.problem !== null) return cursor.problem
  const reasons = bytes.subarray(reasonsStart, end)
  return { bytes, version, packetId, reasons, propertiesStart: from, propertiesEnd: to }
}

function checkReason(cursor: Cursor, type: number): void {
  const at = cursor.at
  const code = cursor.u8('reason codes')
  const legal = cursor.version === 5 ? legalReason(type, code, false) : code <= 2 || code === 0x80
  if (!legal) {
    const why = `reason code ${code} is none of ${packetName(type)}`
    cursor.fail('reason_illegal', reasonClause(type), why, Reason.PROTOCOL_ERROR, at)
  }
}
