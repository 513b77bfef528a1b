import { Reason } from './codes.ts'
import { blame, doubt, type Frame } from './frame.ts'
import { propertiesField } from './properties-field.ts'
import { oddSequence, sequenceLength, wellFormed } from './utf8.ts'

const FNV_OFFSET = 0x811c9dc5 | 0
const FNV_PRIME = 0x01000193

/**
 * Reads and checks a PUBLISH. After a fault that leaves the layout readable it reads on, so that the caller still has
 * the packet identifier to answer with.
 */
export function publishBody(frame: Frame): void {
  const flags = frame.flags
  const qos = (flags >> 1) & 3
  frame.qos = qos
  frame.dup = (flags & 8) !== 0
  frame.retain = (flags & 1) !== 0
  if (qos === 3) blame(frame, 'qos_3', 'MQTT-3.3.1-4', 'both QoS bits are set', Reason.MALFORMED_PACKET, frame.start)
  else if (qos === 0 && frame.dup) {
    const why = 'DUP is set in a message of QoS 0'
    doubt(frame, 'dup_qos_0', 'MQTT-3.3.1-2', why, Reason.MALFORMED_PACKET, frame.start)
  }
  const bytes = frame.bytes
  const end = frame.end
  let at = frame.body + 2
  if (at > end) {
    cutOff(frame, 'topic')
    return
  }
  const topicEnd = at + ((bytes[at - 2] << 8) | bytes[at - 1])
  if (topicEnd > end) {
    cutOff(frame, 'topic')
    return
  }
  frame.topicStart = at
  frame.topicEnd = topicEnd
  frame.topicHash = topicPass(frame, bytes, at, topicEnd)
  at = topicEnd
  if (qos !== 0) {
    if (at + 2 > end) {
      cutOff(frame, 'packet identifier')
      return
    }
    frame.packetId = (bytes[at] << 8) | bytes[at + 1]
    if (frame.packetId === 0) zeroId(frame, at)
    at += 2
  }
  if (frame.version === 5) {
    at = propertiesField(frame, at)
    if (at < 0) return
    if (frame.alias > frame.aliasMaximum) aliasTooLarge(frame)
  }
  frame.payloadStart = at
  frame.payloadEnd = end
  if (frame.topicStart === topicEnd && frame.alias === 0) emptyTopic(frame)
  if (frame.utf8Payload && frame.strict && !wellFormed(bytes, at, end)) notText(frame, at)
}

/** Validates a topic name and hashes it in the same pass. */
function topicPass(frame: Frame, bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET
  let at = start
  while (at < end) {
    const byte = bytes[at]
    // One unsigned comparison passes 0x2c to 0x7e, which is nearly every byte of real topics and no wildcard.
    if ((byte - 0x2c) >>> 0 < 0x53) {
      hash = Math.imul(hash ^ byte, FNV_PRIME)
      at++
      continue
    }
    let length = 1
    if (byte >= 0x80) {
      length = sequenceLength(bytes, at, end)
      if (length === 0) {
        illFormed(frame, at)
        length = 1
      } else if (frame.strict && oddSequence(bytes, at)) odd(frame, at)
    } else if (byte === 0x23 || byte === 0x2b) wildcard(frame, byte, at)
    else if (byte === 0) nullCharacter(frame, at)
    else if (frame.strict && (byte < 0x20 || byte === 0x7f)) odd(frame, at)
    for (const next = at + length; at < next; at++) hash = Math.imul(hash ^ bytes[at], FNV_PRIME)
  }
  return hash
}

function wildcard(frame: Frame, byte: number, at: number): void {
  const why = `the topic name holds the wildcard ${byte === 0x23 ? '#' : '+'}`
  blame(frame, 'topic_wildcard', 'MQTT-3.3.2-2', why, Reason.TOPIC_NAME_INVALID, at)
}

function nullCharacter(frame: Frame, at: number): void {
  const clause = frame.version === 5 ? 'MQTT-1.5.4-2' : 'MQTT-1.5.3-2'
  blame(frame, 'text_null', clause, 'the topic name holds the character U+0000', Reason.MALFORMED_PACKET, at)
}

function illFormed(frame: Frame, at: number): void {
  const clause = frame.version === 5 ? 'MQTT-1.5.4-1' : 'MQTT-1.5.3-1'
  blame(frame, 'text_malformed', clause, 'the topic name is not well-formed UTF-8', Reason.MALFORMED_PACKET, at)
}

function odd(frame: Frame, at: number): void {
  const clause = frame.version === 5 ? 'MQTT-1.5.4' : 'MQTT-1.5.3'
  const why = `the topic name holds a control character or a non-character, at its byte ${at - frame.topicStart}`
  doubt(frame, 'text_control', clause, why, Reason.MALFORMED_PACKET, at)
}

function notText(frame: Frame, at: number): void {
  const why = 'the payload format indicator says UTF-8 and the payload is not'
  doubt(frame, 'payload_format', 'MQTT-3.3.2.3.2', why, Reason.PAYLOAD_FORMAT_INVALID, at)
}

function zeroId(frame: Frame, at: number): void {
  const clause = frame.version === 4 ? 'MQTT-2.3.1-1' : frame.fromClient ? 'MQTT-2.2.1-3' : 'MQTT-2.2.1-4'
  blame(frame, 'packet_id_zero', clause, 'the packet identifier is 0', Reason.PROTOCOL_ERROR, at)
}

function emptyTopic(frame: Frame): void {
  const why = frame.version === 5 ? 'the topic name is empty and there is no topic alias' : 'the topic name is empty'
  const reason = frame.version === 5 ? Reason.PROTOCOL_ERROR : Reason.TOPIC_NAME_INVALID
  blame(frame, 'topic_empty', 'MQTT-4.7.3-1', why, reason, frame.body)
}

function aliasTooLarge(frame: Frame): void {
  const clause = frame.fromClient ? 'MQTT-3.3.2-9' : 'MQTT-3.3.2-11'
  const why = `topic alias ${frame.alias} is above the maximum of ${frame.aliasMaximum}`
  blame(frame, 'alias_too_large', clause, why, Reason.TOPIC_ALIAS_INVALID, frame.propertiesStart)
}

function cutOff(frame: Frame, what: string): void {
  const why = `the packet ends within its ${what}`
  blame(frame, 'truncated', 'MQTT-3.3.2', why, Reason.MALFORMED_PACKET, frame.end)
}
