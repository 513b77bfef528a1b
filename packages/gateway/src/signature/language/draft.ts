import type { BytePattern } from '@ringwall/wire/pattern'
import type { Sticky } from '../match/buffers.ts'
import type { Fields } from '../match/fields.ts'
import type { Rule } from '../rule.ts'
import { RuleFlaw } from './flaw.ts'
import type { Header } from './header.ts'
import type { NumberTest } from './number.ts'
import type { Option } from './options.ts'

/** A content while its modifiers are still being read. */
export interface ContentDraft {
  readonly kind: 'content'
  readonly bytes: Uint8Array
  readonly negated: boolean
  readonly at: number
  nocase: boolean
  fast: boolean
  endswith: boolean
  startswith: boolean
  offset?: number
  depth?: number
  distance?: number
  within?: number
}

export interface PcreDraft {
  readonly kind: 'pcre'
  readonly pattern: BytePattern
  readonly negated: boolean
  readonly relative: boolean
}

export interface DataDraft {
  readonly kind: 'data'
  readonly bytes: number
  readonly negated: boolean
  readonly relative: boolean
}

export type StepDraft = ContentDraft | PcreDraft | DataDraft | { readonly kind: 'size'; readonly test: NumberTest }

/** What is looked for in one buffer. */
export interface ChainDraft {
  readonly buffer: Sticky
  readonly at: number
  readonly steps: StepDraft[]
  /** The buffer must not be there. */
  absent: boolean
}

/** A condition on a packet as a whole. */
export interface Check {
  /** The types of packets that can fulfil it, a bit each. */
  readonly types: number
  /** Null where the type says it all. */
  readonly holds: ((fields: Fields) => boolean) | null
  /** The same asked of the packet's first byte, where that tells it: so that nobody need ask for each packet. */
  readonly first?: FirstTest
  /** The same asked of the packet's size in bytes. */
  readonly size?: NumberTest
}

/** A condition on the first byte of a packet: its type and its flags. */
export type FirstTest = (byte: number) => boolean

/** Which ends a rule's counts are kept by. */
export type Track = 'by_src' | 'by_dst' | 'by_rule' | 'by_both' | 'by_flow'

export interface Threshold {
  readonly type: 'limit' | 'threshold' | 'both'
  readonly track: Track
  readonly count: number
  readonly seconds: number
}

export interface DetectionFilter {
  readonly track: Track
  readonly count: number
  readonly seconds: number
}

export interface Flowbit {
  readonly command: 'set' | 'unset' | 'toggle' | 'isset' | 'isnotset'
  /** Several for `isset` and `isnotset` with `|`: any of them. */
  readonly names: readonly string[]
}

export type Meta = { -readonly [Key in keyof Omit<Rule, 'action' | 'file' | 'line'>]?: Rule[Key] } & {
  references: { scheme: string; value: string }[]
  metadata: { key: string; value: string }[]
}

/** A rule while it is being read: what its options have said so far. */
export class Draft {
  readonly header: Header
  readonly meta: Meta = { references: [], metadata: [] }
  readonly checks: Check[] = []
  readonly chains: ChainDraft[] = []
  readonly flowbits: Flowbit[] = []
  /** Directions that `flow` leaves, as bits: 1 up, 2 down. */
  directions = 3
  /** Nothing can fulfil it, such as `flow:not_established`. */
  never = false
  quiet = false
  threshold: Threshold | null = null
  filter: DetectionFilter | null = null
  /** The buffer that contents are looked for in; null before any was chosen. */
  #chain: ChainDraft | null = null

  constructor(header: Header) {
    this.header = header
  }

  choose(buffer: Sticky, at: number): void {
    this.#chain = { buffer, at, steps: [], absent: false }
    this.chains.push(this.#chain)
  }

  /** What is looked for now; the whole packet where no buffer was chosen. */
  chain(at: number): ChainDraft {
    if (this.#chain === null) this.choose(0, at)
    return this.#chain as ChainDraft
  }

  /** The content that a modifier is about. Throws `RuleFlaw`. */
  content(option: Option): ContentDraft {
    const last = this.#chain?.steps.findLast(step => step.kind === 'content')
    if (last?.kind === 'content') return last
    throw new RuleFlaw('rule_syntax', `${option.keyword} stands before any content`, 'Put it behind one.', option.at)
  }
}
