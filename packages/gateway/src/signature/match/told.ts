import { packetName } from '@ringwall/wire/mqtt'
import { BUFFER_NAMES, Sticky } from './buffers.ts'
import type { Fields } from './fields.ts'
import type { Part } from './part.ts'

const LONGEST = 64
/** What may be a secret is never told. */
const SECRETS: readonly Sticky[] = [Sticky.password, Sticky.username, Sticky.packet]

/** What of a packet a part has matched, for people: its type, and its buffers with an excerpt. */
export function toldOf(part: Part, fields: Fields): string {
  const parts = part.buffers.flatMap(({ buffer, chain }) => {
    const name = BUFFER_NAMES[buffer]
    if (chain === null) return [`no ${name}`]
    if (SECRETS.includes(buffer)) return buffer === Sticky.packet ? [] : [name]
    return [`${name} ${excerpt(fields.bytesOf(buffer).subarray(fields.start(buffer), fields.end(buffer)))}`]
  })
  return [packetName(fields.packet.type), ...new Set(parts)].join(', ')
}

function excerpt(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, LONGEST))
    .replaceAll('"', "'")
    .replace(/[^\x20-\x7e]/g, '.')
  return `"${text}${bytes.length > LONGEST ? '…' : ''}"`
}
