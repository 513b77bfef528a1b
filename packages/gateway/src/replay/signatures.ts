import { PacketType } from '@ringwall/wire/mqtt'
import { FlowMemory, type Hit, type RuleSet, SignatureEngine, type SignedPacket } from '../signature/index.ts'
import type { Inspector } from './inspection.ts'
import { isSame, propertiesEnd, u16 } from './places.ts'

/** A topic with what the rules ask of it. */
interface Known {
  readonly topic: Uint8Array
  readonly named: Int32Array
}

/** What the rules remember of a conversation, and the topic that was last named in each direction. */
interface Memory {
  readonly flow: FlowMemory
  up: Known
  down: Known
}

/** Topics whose rules are known at once, all conversations together; a topic beyond has another's place. */
const PLACES = 4_096
/** Bytes of the longest of them: 4 MB in all at most. */
const LONGEST = 1_024
const NOTHING: readonly Hit[] = Object.freeze([])
const NOBODY: Known = { topic: new Uint8Array(0), named: new Int32Array(0) }

/** Looks at the packets of a capture by rules, and at most PUBLISHes no longer than it takes to see that none can match. */
export class Signatures implements Inspector<Memory> {
  readonly looks: boolean
  readonly #engine: SignatureEngine
  readonly #places: (Known | undefined)[] = new Array(PLACES).fill(undefined)

  constructor(rules: RuleSet) {
    this.looks = rules.parts.length > 0
    this.#engine = new SignatureEngine(rules)
  }

  memory(): Memory {
    return { flow: new FlowMemory(), up: NOBODY, down: NOBODY }
  }

  inspect(packet: SignedPacket, memory: Memory, time: number): readonly Hit[] {
    const passes = packet.type === PacketType.PUBLISH && packet.topic === null && this.#passes(packet, memory)
    return passes ? NOTHING : this.#engine.inspect(packet, memory.flow, time)
  }

  #passes(packet: SignedPacket, memory: Memory): boolean {
    const { bytes, start, body, end, flags, version, events } = packet
    const topicEnd = body + 2 + u16(bytes, body)
    // An empty topic is none to the rules.
    if (events !== 0 || topicEnd > end || topicEnd === body + 2 || topicEnd - body > LONGEST) return false
    const payload = propertiesEnd(version, bytes, (flags & 6) === 0 ? topicEnd : topicEnd + 2, end)
    if (payload > end) return false
    const isUp = packet.direction === 'up'
    let known = isUp ? memory.up : memory.down
    if (!isSame(known.topic, bytes, body + 2, topicEnd)) {
      known = this.#known(bytes, body + 2, topicEnd)
      if (isUp) memory.up = known
      else memory.down = known
    }
    return this.#engine.passes(bytes, start, payload, end, known.named, memory.flow)
  }

  #known(bytes: Uint8Array, start: number, end: number): Known {
    let hash = 0
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0
    const place = hash & (PLACES - 1)
    const found = this.#places[place]
    if (found !== undefined && isSame(found.topic, bytes, start, end)) return found
    const topic = bytes.slice(start, end)
    const known = { topic, named: this.#engine.named(topic) }
    this.#places[place] = known
    return known
  }
}
