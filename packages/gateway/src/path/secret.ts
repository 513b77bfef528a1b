import { type Connect, isFault, PacketType, readConnect, type Scanner } from '@ringwall/wire'

/** How much of a CONNECT or AUTH that cannot be read is kept: its fixed header and the fields before any text. */
const SAFE = 12
/** Of an AUTH: its fixed header and reason. */
const SAFE_AUTH = 3

/** The bytes of a packet that a verdict may keep: a copy without the password, where there may be one. */
export function withoutSecrets(frame: Scanner): { bytes: Uint8Array; start: number; end: number } {
  const { bytes, start, end, type } = frame
  if (type === PacketType.AUTH) return { bytes, start, end: Math.min(end, start + SAFE_AUTH) }
  if (type === PacketType.CONNACK) return { bytes, start, end: Math.min(end, frame.body + 2) }
  if (type !== PacketType.CONNECT) return { bytes, start, end }
  const connect = readConnect(bytes, frame.body, end)
  if (isFault(connect)) return { bytes, start, end: Math.min(end, start + SAFE) }
  const copy = bytes.slice(start, end)
  const { password } = connect
  if (password !== undefined) {
    const at = password.byteOffset - bytes.byteOffset - start
    copy.fill(STAR, at, at + password.length)
  }
  if (connect.authenticationMethod !== undefined) blankProperties(copy, connect, start)
  return { bytes: copy, start: 0, end: copy.length }
}

const STAR = 0x2a

// Authentication data stands among the properties; the method alone would explain little more.
function blankProperties(copy: Uint8Array, connect: Connect, start: number): void {
  copy.fill(STAR, connect.propertiesStart - start, connect.propertiesEnd - start)
}
