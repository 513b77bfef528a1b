import type { Endpoint, SignedPacket } from '../packet.ts'
import { Sticky, typeBit } from './buffers.ts'
import type { Fields } from './fields.ts'
import type { BufferTest, Ends, Part } from './part.ts'
import { ANSWERS } from './transaction.ts'

/** Whether a packet fulfils all conditions of a part. */
export function fulfils(part: Part, fields: Fields): boolean {
  const { packet } = fields
  if ((part.types & typeBit(packet.type)) === 0) return false
  if (!isDirected(part, packet)) return false
  const { checks, firsts, sizes, buffers } = part
  for (let i = 0; i < firsts.length; i++) if (!firsts[i]((packet.type << 4) | packet.flags)) return false
  for (let i = 0; i < sizes.length; i++) if (!sizes[i](packet.end - packet.start)) return false
  for (let i = 0; i < checks.length; i++) if (!checks[i](fields)) return false
  for (let i = 0; i < buffers.length; i++) if (!holds(buffers[i], fields)) return false
  return true
}

/** Whether a topic fulfils what a part asks of topics. */
export function fitsTopic(part: Part, topic: Uint8Array): boolean {
  for (const { buffer, chain } of part.buffers) {
    if (buffer === Sticky.publishTopic && (chain === null || !chain.matches(topic, 0, topic.length))) return false
  }
  return true
}

/** Answers count for both directions: they belong to the transaction that the other end opened. */
function isDirected({ of: { directions, ends, anywhere } }: Part, packet: SignedPacket): boolean {
  const up = packet.direction === 'up'
  const directed = (directions & (up ? 1 : 2)) !== 0
  if (anywhere && directed) return true
  const { client, server } = packet
  if ((ANSWERS & typeBit(packet.type)) !== 0) return between(ends, client, server) || between(ends, server, client)
  if (!directed) return false
  return up ? between(ends, client, server) : between(ends, server, client)
}

function between(ends: Ends, source: Endpoint, target: Endpoint): boolean {
  return oneWay(ends, source, target) || (ends.both && oneWay(ends, target, source))
}

function oneWay(ends: Ends, source: Endpoint, target: Endpoint): boolean {
  return (
    (ends.source === null || ends.source(source.address)) &&
    (ends.sourcePort === null || ends.sourcePort(source.port)) &&
    (ends.target === null || ends.target(target.address)) &&
    (ends.targetPort === null || ends.targetPort(target.port))
  )
}

/** Of several filters one must hold all that is looked for behind one mention of the buffer. */
function holds({ buffer, chain }: BufferTest, fields: Fields): boolean {
  const count = fields.count(buffer)
  if (chain === null) return count === 0
  if (count === 0) return false
  const bytes = fields.bytesOf(buffer)
  if (count === 1) return chain.matches(bytes, fields.start(buffer), fields.end(buffer))
  for (let i = 0; i < count; i++) {
    if (chain.matches(bytes, fields.filters[i * 2], fields.filters[i * 2 + 1])) return true
  }
  return false
}
