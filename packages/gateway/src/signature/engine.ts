import { PacketType } from '@ringwall/wire/mqtt'
import type { BufferWords } from './match/buffer-words.ts'
import { Sticky } from './match/buffers.ts'
import { COUNT_WORDS, Counts } from './match/counts.ts'
import { Fields } from './match/fields.ts'
import { fitsTopic, fulfils } from './match/fulfils.ts'
import { limited } from './match/limits.ts'
import type { CompiledRule } from './match/part.ts'
import type { RuleSet } from './match/rule-set.ts'
import { toldOf } from './match/told.ts'
import { ALONE, closes, opens, transactionOf } from './match/transaction.ts'
import type { FlowMemory } from './memory.ts'
import type { SignedPacket } from './packet.ts'
import type { Hit } from './rule.ts'

const NONE: readonly Hit[] = Object.freeze([])
/** Counts by source, target and rule that an engine keeps where it is given none. */
const OWN_COUNTS = 4_096

/**
 * Judges packets by rules. A rule is asked about a packet only where its longest content stands in it, or where it has none
 * and the packet is of its type. One a thread: what it finds is a function of the packets that it was asked about and their
 * memories. Nothing is allocated for a packet in which no content is found.
 */
export class SignatureEngine {
  readonly rules: RuleSet
  readonly counts: Counts
  readonly #fields = new Fields()
  /** The parts that the packet fulfils, `#count` of them; those that were asked have the packet's stamp. */
  readonly #fulfilled: Int32Array
  readonly #stamps: Float64Array
  #stamp = 0
  #count = 0

  /** @param counts where counts by source, target and rule are kept; 4,096 of its own where it is left out */
  constructor(rules: RuleSet, counts = new Counts(new Float64Array(OWN_COUNTS * COUNT_WORDS), 0, OWN_COUNTS)) {
    this.rules = rules
    this.counts = counts
    this.#fulfilled = new Int32Array(rules.parts.length)
    this.#stamps = new Float64Array(rules.parts.length)
  }

  /** The parts that a topic fits, for `SignedPacket.named`: worked out once for many packets. */
  named(topic: Uint8Array): Int32Array {
    const found = new Set(this.rules.topical)
    for (const words of this.rules.plans[PacketType.PUBLISH << 4].words) {
      if (words.buffer === Sticky.publishTopic) words.search(topic, 0, topic.length, part => found.add(part))
    }
    return Int32Array.from(found).filter(part => fitsTopic(this.rules.parts[part], topic))
  }

  /**
   * Whether `inspect` would find and remember nothing of a PUBLISH whose bytes lie at `[start, end)`, its payload from `payload`
   * on: told sooner than it takes to describe the packet. False where it has to be asked.
   * @param named what `named` says of its topic
   */
  passes(bytes: Uint8Array, start: number, payload: number, end: number, named: Int32Array, flow: FlowMemory): boolean {
    if (named.length > 0 || flow.busy) return false
    const { silence } = this.rules.plans[bytes[start]]
    return silence?.holds(bytes, start, payload, end) === true
  }

  /**
   * Judges one packet. `time` is in milliseconds, of the traffic. The hits are in the order of their rules: drop, reject,
   * alert; a rule of `pass` that fires is the only one.
   */
  inspect(packet: SignedPacket, flow: FlowMemory, time: number): readonly Hit[] {
    this.#fields.aim(packet)
    this.#gather(packet)
    if (flow.busy && opens(packet.type)) flow.forget(transactionOf(packet))
    const hits = this.#count === 0 ? NONE : this.#judge(packet, flow, time)
    if (flow.busy && closes(packet.type)) flow.forget(transactionOf(packet))
    return hits
  }

  #gather(packet: SignedPacket): void {
    this.#count = 0
    this.#stamp++
    const { plain, topical, words } = this.rules.plans[(packet.type << 4) | packet.flags]
    const { named } = packet
    for (let i = 0; i < plain.length; i++) this.#ask(plain[i])
    const known = named ?? topical
    for (let i = 0; i < known.length; i++) this.#ask(known[i])
    for (let i = 0; i < words.length; i++) {
      if (words[i].buffer !== Sticky.publishTopic || named === null) this.#search(words[i])
    }
  }

  #search(words: BufferWords): void {
    const fields = this.#fields
    const { buffer } = words
    const count = fields.count(buffer)
    if (count === 0) return
    const bytes = fields.bytesOf(buffer)
    if (count === 1) return words.search(bytes, fields.start(buffer), fields.end(buffer), this.#ask)
    for (let i = 0; i < count; i++) words.search(bytes, fields.filters[i * 2], fields.filters[i * 2 + 1], this.#ask)
  }

  readonly #ask = (part: number): void => {
    if (this.#stamps[part] === this.#stamp) return
    this.#stamps[part] = this.#stamp
    if (fulfils(this.rules.parts[part], this.#fields)) this.#fulfilled[this.#count++] = part
  }

  #judge(packet: SignedPacket, flow: FlowMemory, time: number): readonly Hit[] {
    let hits: Hit[] | null = null
    for (const index of this.#fulfilled.subarray(0, this.#count).sort()) {
      const part = this.rules.parts[index]
      if (!fires(part.of, part.bit, packet, flow)) continue
      flow.apply(part.of.bits, this.rules.bits)
      const speaks = limited(part.of, packet, flow, this.counts, time)
      if (speaks === 'no') continue
      const { rule, quiet } = part.of
      hits ??= []
      hits.push({ rule, action: rule.action, alerts: speaks === 'yes' && !quiet, what: toldOf(part, this.#fields) })
      if (rule.action === 'pass') break
    }
    return hits ?? NONE
  }
}

/** Whether a rule, one of whose parts is fulfilled, fires: all its parts, its flowbits, and not before in this transaction. */
function fires(of: CompiledRule, bit: number, packet: SignedPacket, flow: FlowMemory): boolean {
  const transaction = transactionOf(packet)
  if (of.parts.length > 1) {
    if (transaction === ALONE) return false
    if (flow.fulfil(transaction, of.key, bit) !== (1 << of.parts.length) - 1) return false
  }
  if (!flow.fits(of.bits)) return false
  return transaction === ALONE || isOfOneType(of) || flow.fire(transaction, of.key)
}

/** What asks for one type of packet meets one in a transaction, so that nothing need be remembered. */
function isOfOneType({ parts }: CompiledRule): boolean {
  const [{ types }] = parts
  return parts.length === 1 && (types & (types - 1)) === 0
}
