import type { Segment } from '../net/segment.ts'

/** Who of a flow whose beginning was not captured is the client; `unknown` until there are data. */
export type Role = 'sender' | 'receiver' | 'unknown'

/**
 * Says which end of a segment is the client: by the server's port, else by data that look like the beginning of MQTT, else by the
 * lower port. `final`: there will be no more to tell from.
 */
export function clientOf(segment: Segment, ports: ReadonlySet<number>, final: boolean): Role {
  const { sourcePort, destinationPort, length } = segment
  const servesSource = ports.has(sourcePort)
  if (servesSource !== ports.has(destinationPort)) return servesSource ? 'receiver' : 'sender'
  if (length === 0 && !final) return 'unknown'
  if (isConnect(segment)) return 'sender'
  if (isConnack(segment)) return 'receiver'
  return sourcePort < destinationPort ? 'receiver' : 'sender'
}

/** A CONNECT packet: its type, a length of one to four bytes, and the protocol's name `MQTT` or, before 3.1.1, `MQIsdp`. */
function isConnect({ bytes, start, end }: Segment): boolean {
  if (start >= end || bytes[start] !== 0x10) return false
  let at = start + 1
  while (at < end && at < start + 4 && bytes[at] >= 0x80) at++
  at++
  if (at + 4 > end || bytes[at] !== 0 || bytes[at + 2] !== 0x4d || bytes[at + 3] !== 0x51) return false
  return bytes[at + 1] === 4 || bytes[at + 1] === 6
}

/** A CONNACK packet without properties, or with few. */
function isConnack({ bytes, start, end }: Segment): boolean {
  return (
    start + 4 <= end &&
    bytes[start] === 0x20 &&
    bytes[start + 1] >= 2 &&
    bytes[start + 1] < 0x80 &&
    bytes[start + 2] <= 1
  )
}
