import { PacketType, packetName } from './codes.ts'
import type { Frame } from './frame.ts'

// Wide enough for real topics; a description goes into one line of a log.
const LONGEST_TOPIC = 200

/** One line in words of the current packet: `PUBLISH qos 1 id 7 topic plant/x/level, 135 bytes`. */
export function describe(frame: Frame): string {
  const words = [packetName(frame.type)]
  if (frame.type === PacketType.PUBLISH) {
    words.push(`qos ${frame.qos}`)
    if (frame.dup) words.push('dup')
    if (frame.retain) words.push('retain')
  }
  if (frame.packetId !== 0) words.push(`id ${frame.packetId}`)
  if (frame.topicEnd > frame.topicStart) words.push(`topic ${topicText(frame)}`)
  if (frame.alias !== 0) words.push(`alias ${frame.alias}`)
  if (frame.reason !== 0) words.push(`reason 0x${frame.reason.toString(16).padStart(2, '0')}`)
  const size = frame.end - frame.start
  const line = `${words.join(' ')}, ${size} ${size === 1 ? 'byte' : 'bytes'}`
  return frame.fault === null ? line : `${line}; illegal: ${frame.fault.why} (${frame.fault.clause})`
}

/** The topic as text that cannot break a line or move a terminal's cursor, though the topic be illegal. */
function topicText(frame: Frame): string {
  const stop = Math.min(frame.topicEnd, frame.topicStart + LONGEST_TOPIC)
  const text = new TextDecoder().decode(frame.bytes.subarray(frame.topicStart, stop))
  const safe = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, hidden => {
    return `\\u${hidden.codePointAt(0)?.toString(16).padStart(4, '0')}`
  })
  return stop < frame.topicEnd ? `${safe}…` : safe
}
