import { Reason } from './codes.ts'
import type { Cursor } from './cursor.ts'
import { WILL } from './property.ts'
import { topicNameProblem } from './topic.ts'

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
  cursor.properties(WILL, true)
  const propertiesStart = cursor.from
  const propertiesEnd = cursor.to
  const topic = cursor.text('will topic', cursor.version === 5 ? 'MQTT-3.1.3-11' : 'MQTT-3.1.3-10')
  const topicStart = cursor.from
  const topicEnd = cursor.to
  const problem = topicNameProblem(topic)
  if (problem !== '') {
    const clause = topic === '' ? 'MQTT-4.7.3-1' : cursor.version === 5 ? 'MQTT-4.7.0-1' : 'MQTT-4.7.1-1'
    cursor.fail('will_topic', clause, `the will topic ${problem}`, Reason.TOPIC_NAME_INVALID, topicStart)
  }
  cursor.binary('will payload')
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
