import type { DetectionFilter, FirstTest, Threshold } from '../language/draft.ts'
import type { NumberTest } from '../language/number.ts'
import type { Selection } from '../language/selection.ts'
import type { Rule } from '../rule.ts'
import type { Sticky } from './buffers.ts'
import type { Chain } from './chain.ts'
import type { Fields } from './fields.ts'

/** A buffer that must hold something or, without a chain, must not be there. */
export interface BufferTest {
  readonly buffer: Sticky
  readonly chain: Chain | null
}

/** What is looked for first, so that the other conditions are asked only where it stands. */
export interface FastContent {
  readonly buffer: Sticky
  /** One of them stands wherever the rule matches. */
  readonly words: readonly Uint8Array[]
  /** The bytes with which the buffer begins wherever the rule matches, where the rule says that the word stands there; else null. */
  readonly heads: readonly number[] | null
}

/**
 * The conditions of a rule that one packet must fulfil. Nearly every rule is one part; one that speaks of several packets of a
 * transaction (a CONNECT's user name and its CONNACK's code) has a part for each.
 */
export interface Part {
  /** Position among all parts, in the order in which they are judged. */
  readonly index: number
  readonly of: CompiledRule
  /** Which of the rule's parts it is, as a bit. */
  readonly bit: number
  readonly types: number
  readonly checks: readonly ((fields: Fields) => boolean)[]
  /** Those of the first byte alone. */
  readonly firsts: readonly FirstTest[]
  /** Those of the packet's size in bytes. */
  readonly sizes: readonly NumberTest[]
  readonly buffers: readonly BufferTest[]
  readonly fast: FastContent | null
}

/** A flowbit's command with the numbers of its bits. */
export interface BitCommand {
  readonly command: 'set' | 'unset' | 'toggle' | 'isset' | 'isnotset'
  readonly bits: readonly number[]
}

export interface Ends {
  readonly source: Selection<Uint8Array | null>
  readonly sourcePort: Selection<number>
  readonly target: Selection<Uint8Array | null>
  readonly targetPort: Selection<number>
  readonly both: boolean
}

/** A rule as the engine works with it. */
export interface CompiledRule {
  readonly rule: Rule
  /** Names it in memory that outlives a rule set: from gid and sid. */
  readonly key: number
  readonly ends: Ends
  /** Whether it names no address and no port. */
  readonly anywhere: boolean
  /** 1 up, 2 down, 3 both. */
  readonly directions: number
  readonly parts: Part[]
  readonly bits: readonly BitCommand[]
  readonly threshold: Threshold | null
  readonly filter: DetectionFilter | null
  readonly quiet: boolean
}
