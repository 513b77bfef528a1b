import { PacketType } from '@ringwall/wire/mqtt'
import type { Problem } from '../../config/problem.ts'
import type { Rule } from '../rule.ts'
import { BufferWords } from './buffer-words.ts'
import { BUFFERS, Sticky, typeBit, typesWith } from './buffers.ts'
import type { CompiledRule, Part } from './part.ts'
import { Silence } from './silence.ts'

/** What is asked about packets with one first byte. */
export interface Plan {
  /** Parts without any content, which are asked about every such packet, ascending. */
  readonly plain: Int32Array
  /** Of these the ones that ask something of a PUBLISH's topic, apart: that is worked out once a topic. */
  readonly topical: Int32Array
  readonly words: readonly BufferWords[]
  /** What tells that none of this is found, of a PUBLISH whose topic no rule asks for; null where nothing does. */
  readonly silence: Silence | null
}

/** Compiled rules: immutable, and shared by whatever engines judge by them. */
export class RuleSet {
  /** In the order in which they are judged. */
  readonly compiled: readonly CompiledRule[]
  readonly parts: readonly Part[]
  /** How many flowbits there are. */
  readonly bits: number
  /** Rules that are right and never fire, which are left out. */
  readonly warnings: readonly Problem[]
  /** The types of packets that some rule asks about, a bit each. */
  readonly types: number
  /** By the packet's first byte: its type and flags. */
  readonly plans: readonly Plan[]
  /** The parts that ask something of a PUBLISH's topic and cannot be looked for, whatever its flags. */
  readonly topical: Int32Array

  constructor(compiled: readonly CompiledRule[], bits: number, warnings: readonly Problem[]) {
    this.compiled = compiled
    this.bits = bits
    this.warnings = warnings
    this.parts = compiled.flatMap(({ parts }) => parts)
    this.types = this.parts.reduce((types, part) => types | part.types, 0)
    const all = Array.from({ length: BUFFERS }, (_, buffer) => BufferWords.of(buffer as Sticky, this.parts))
    const words = all.filter(each => each !== null)
    this.plans = Array.from({ length: 256 }, (_, first) => this.#planOf(first, words))
    const publishes = Array.from({ length: 16 }, (_, flags) => (PacketType.PUBLISH << 4) | flags)
    this.topical = plainOf(this.parts, publishes, true)
  }

  get rules(): Rule[] {
    return this.compiled.map(({ rule }) => rule)
  }

  #planOf(first: number, all: readonly BufferWords[]): Plan {
    const type = first >> 4
    const plain = plainOf(this.parts, [first], false)
    const words = all.filter(({ buffer }) => (typesWith(buffer) & typeBit(type)) !== 0)
    const asked = [...plain].map(part => this.parts[part])
    const silence = type === PacketType.PUBLISH ? Silence.of(asked, words) : null
    return { plain, topical: plainOf(this.parts, [first], true), words, silence }
  }
}

/** Parts without words that may be fulfilled by a packet with one of these first bytes. */
function plainOf(parts: readonly Part[], firsts: readonly number[], topical: boolean): Int32Array {
  const asked = parts.filter(
    ({ fast, types, firsts: tests, buffers }) =>
      fast === null &&
      firsts.some(first => (types & typeBit(first >> 4)) !== 0 && tests.every(holds => holds(first))) &&
      buffers.some(({ buffer }) => buffer === Sticky.publishTopic) === topical,
  )
  return Int32Array.from(asked, ({ index }) => index)
}
