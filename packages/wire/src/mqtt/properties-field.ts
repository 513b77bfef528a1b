import { packetName, Reason } from './codes.ts'
import { blame, doubt, type Frame } from './frame.ts'
import { checkProperties } from './properties.ts'
import { variableAt, variableMinimal, variableSize, variableValue } from './variable.ts'

/**
 * Reads and checks the Properties field of a frame at `at` (MQTT-2.2.2-1: it is always there). Answers where it ends,
 * or -1 where its length cannot be read, so that nothing after it can either.
 */
export function propertiesField(frame: Frame, at: number): number {
  const bytes = frame.bytes
  const end = frame.end
  if (at < end && bytes[at] === 0) {
    frame.propertiesStart = at + 1
    frame.propertiesEnd = at + 1
    return at + 1
  }
  const read = variableAt(bytes, at, end)
  if (read < 0) {
    const why = `the property length of the ${packetName(frame.type)} is missing or malformed`
    blame(frame, 'property_length', 'MQTT-2.2.2-1', why, Reason.MALFORMED_PACKET, at)
    return -1
  }
  if (!variableMinimal(read)) {
    const why = 'the property length is not in its shortest form'
    doubt(frame, 'property_length_not_shortest', 'MQTT-1.5.5-1', why, Reason.MALFORMED_PACKET, at)
  }
  const start = at + variableSize(read)
  const next = start + variableValue(read)
  if (next > end) {
    const why = `${variableValue(read)} bytes of properties are announced and ${end - start} are left in the packet`
    blame(frame, 'property_length', 'MQTT-2.2.2.1', why, Reason.MALFORMED_PACKET, at)
    return -1
  }
  frame.propertiesStart = start
  frame.propertiesEnd = next
  const problem = checkProperties(bytes, start, next, frame.type, frame.fromClient, frame)
  if (problem !== null && frame.fault === null) frame.fault = problem
  return next
}
