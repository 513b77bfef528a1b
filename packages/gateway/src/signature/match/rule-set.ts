import type { Problem } from '../../config/problem.ts'
import type { Rule } from '../rule.ts'
import { AhoCorasick } from './aho-corasick.ts'
import { BUFFERS, type Buffer, typeBit, typesWith } from './buffers.ts'
import type { CompiledRule, Part } from './part.ts'
import type { Word } from './word.ts'

/** What is asked about a packet of one type. */
export interface Plan {
  /** Parts without any content, which are asked about every such packet, ascending. */
  readonly plain: Int32Array
  readonly automata: readonly { readonly buffer: Buffer; readonly words: AhoCorasick }[]
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
  /** By packet type. */
  readonly plans: readonly Plan[]

  constructor(compiled: readonly CompiledRule[], bits: number, warnings: readonly Problem[]) {
    this.compiled = compiled
    this.bits = bits
    this.warnings = warnings
    this.parts = compiled.flatMap(({ parts }) => parts)
    this.types = this.parts.reduce((types, part) => types | part.types, 0)
    const automata = Array.from({ length: BUFFERS }, (_, buffer) => automatonOf(this.parts, buffer as Buffer))
    this.plans = Array.from({ length: 16 }, (_, type) => ({
      plain: plainOf(this.parts, type),
      automata: automata.flatMap((words, buffer) =>
        words === null || (typesWith(buffer as Buffer) & typeBit(type)) === 0
          ? []
          : [{ buffer: buffer as Buffer, words }],
      ),
    }))
  }

  get rules(): Rule[] {
    return this.compiled.map(({ rule }) => rule)
  }
}

function automatonOf(parts: readonly Part[], buffer: Buffer): AhoCorasick | null {
  const words: Word[] = parts.flatMap(({ fast, index }) =>
    fast?.buffer === buffer ? fast.words.map(bytes => ({ bytes, tells: index })) : [],
  )
  return words.length === 0 ? null : new AhoCorasick(words)
}

function plainOf(parts: readonly Part[], type: number): Int32Array {
  return Int32Array.from(
    parts.filter(({ fast, types }) => fast === null && (types & typeBit(type)) !== 0).map(({ index }) => index),
  )
}
