import { Reason } from './codes.ts'
import type { Cursor } from './cursor.ts'
import { WILL } from './property.ts'
import { topicNameProblem } from './topic.ts'
import { wellFormed } from './utf8.ts'

/** The message that a CONNECT leaves to be published later. Offsets are indexes into the CONNECT's bytes. */
export interface Will {
  readonly topic: string
  readonly topicStart: number
  readonly topicEnd: number
  readonly payloadStart: number
  readonly payloadEnd: number
  readonly qos: number
  readonly retain: boolean
  readonly propertiesStart: number
  readonly propertiesEnd: number
}

/** Reads the will of a CONNECT at the cursor; a fault is left in the cursor. */
export function readWill(cursor: Cursor, connectFlags: number): Will {
  const presence = 'MQTT-3.1.2-9'
  cursor.promised('will', presence)
  cursor.properties(WILL, true)
  const propertiesStart = cursor.from
  const propertiesEnd = cursor.to
  cursor.promised('will topic', presence)
  const topic = cursor.text('will topic', cursor.version === 5 ? 'MQTT-3.1.3-11' : 'MQTT-3.1.3-10')
  const topicStart = cursor.from
  const topicEnd = cursor.to
  const problem = topicNameProblem(topic)
  if (cursor.fault === null && problem !== '') {
    const clause = topic === '' ? 'MQTT-4.7.3-1' : cursor.version === 5 ? 'MQTT-4.7.0-1' : 'MQTT-4.7.1-1'
    cursor.fail('will_topic', clause, `the will topic ${problem}`, Reason.TOPIC_NAME_INVALID, topicStart)
  }
  cursor.promised('will payload', presence)
  cursor.binary('will payload')
  if (cursor.utf8Payload && cursor.strict && !wellFormed(cursor.bytes, cursor.from, cursor.to)) {
    const why = 'the payload format indicator says UTF-8 and the will payload is not'
    cursor.doubt('payload_format', 'MQTT-3.1.3.2.3', why, Reason.PAYLOAD_FORMAT_INVALID, cursor.from)
  }
  return {
    topic,
    topicStart,
    topicEnd,
    payloadStart: cursor.from,
    payloadEnd: cursor.to,
    qos: (connectFlags >> 3) & 3,
    retain: (connectFlags & 0x20) !== 0,
    propertiesStart,
    propertiesEnd,
  }
}
