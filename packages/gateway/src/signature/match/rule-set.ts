import { PacketType } from '@ringwall/wire'
import type { Problem } from '../../config/problem.ts'
import type { Rule } from '../rule.ts'
import { AhoCorasick } from './aho-corasick.ts'
import { BUFFERS, Sticky, typeBit, typesWith } from './buffers.ts'
import type { CompiledRule, Part } from './part.ts'
import { SHORTEST_FILTERED } from './prefilter.ts'
import type { Word } from './word.ts'

/** What is asked about packets with one first byte. */
export interface Plan {
  /** Parts without any content, which are asked about every such packet, ascending. */
  readonly plain: Int32Array
  /** Of these the ones that ask something of a PUBLISH's topic, apart: that is worked out once a topic. */
  readonly topical: Int32Array
  readonly automata: readonly BufferWords[]
}

/** What is looked for in one buffer. */
export interface BufferWords {
  readonly buffer: Sticky
  readonly words: AhoCorasick
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
    const automata = Array.from({ length: BUFFERS }, (_, buffer) => automataOf(this.parts, buffer as Sticky)).flat()
    this.plans = Array.from({ length: 256 }, (_, first) => ({
      plain: plainOf(this.parts, [first], false),
      topical: plainOf(this.parts, [first], true),
      automata: automata.filter(({ buffer }) => (typesWith(buffer) & typeBit(first >> 4)) !== 0),
    }))
    const publishes = Array.from({ length: 16 }, (_, flags) => (PacketType.PUBLISH << 4) | flags)
    this.topical = plainOf(this.parts, publishes, true)
  }

  get rules(): Rule[] {
    return this.compiled.map(({ rule }) => rule)
  }
}

/** Short words go apart, so that they do not make the others slow. */
function automataOf(parts: readonly Part[], buffer: Sticky): BufferWords[] {
  const all: Word[] = parts.flatMap(({ fast, index }) =>
    fast?.buffer === buffer ? fast.words.map(bytes => ({ bytes, tells: index })) : [],
  )
  const long = all.filter(({ bytes }) => bytes.length >= SHORTEST_FILTERED)
  const short = all.filter(({ bytes }) => bytes.length < SHORTEST_FILTERED)
  return [long, short].flatMap(words => (words.length === 0 ? [] : [{ buffer, words: new AhoCorasick(words) }]))
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
