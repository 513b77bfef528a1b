import { PacketType } from '@ringwall/wire/mqtt'
import { EVERY_TYPE, Sticky, typeBit, typesWith } from '../match/buffers.ts'
import type { Fields } from '../match/fields.ts'
import type { BufferTest, FastContent } from '../match/part.ts'
import type { ChainDraft, ContentDraft, Draft, FirstTest } from './draft.ts'
import type { NumberTest } from './number.ts'
import { chainOf } from './steps.ts'

/** A part before it has its place among all. */
export interface PartDraft {
  types: number
  readonly checks: ((fields: Fields) => boolean)[]
  readonly firsts: FirstTest[]
  readonly sizes: NumberTest[]
  readonly buffers: BufferTest[]
  readonly contents: { readonly buffer: Sticky; readonly content: ContentDraft }[]
  /** What its patterns need, as `BytePattern.needs`. */
  readonly needed: { readonly buffer: Sticky; readonly words: readonly Uint8Array[] }[]
}

/** The packets that belong together, each kind of transaction as a set of types. */
const TRANSACTIONS: readonly number[] = [
  typeBit(PacketType.CONNECT) | typeBit(PacketType.CONNACK),
  typeBit(PacketType.PUBLISH) |
    typeBit(PacketType.PUBACK) |
    typeBit(PacketType.PUBREC) |
    typeBit(PacketType.PUBREL) |
    typeBit(PacketType.PUBCOMP),
  typeBit(PacketType.SUBSCRIBE) | typeBit(PacketType.SUBACK),
  typeBit(PacketType.UNSUBSCRIBE) | typeBit(PacketType.UNSUBACK),
]

interface Condition {
  readonly types: number
  readonly check?: ((fields: Fields) => boolean) | null
  readonly first?: FirstTest | undefined
  readonly size?: NumberTest | undefined
  readonly chain?: ChainDraft
}

/**
 * Deals a rule's conditions out to the packets that can fulfil them: to one where there is a type of packet that can fulfil
 * all, else to those of one transaction. Null where no transaction has them all: the rule never fires. Throws `RuleFlaw`.
 */
export function partsOf(draft: Draft): PartDraft[] | null {
  const conditions: Condition[] = [
    ...draft.checks.map(({ types, holds, first, size }) => ({ types, check: holds, first, size })),
    ...draft.chains.map(chain => ({ types: typesWith(chain.buffer), chain })),
  ]
  const common = conditions.reduce((types, each) => types & each.types, EVERY_TYPE)
  if (common !== 0) return dealt(conditions, common)
  const transaction = TRANSACTIONS.find(types => conditions.every(each => (each.types & types) !== 0))
  return transaction === undefined ? null : dealt(conditions, transaction)
}

/** Each condition goes to the first part that has a type for it; the narrowest choose first. */
function dealt(conditions: readonly Condition[], within: number): PartDraft[] {
  const parts: PartDraft[] = []
  const narrowest = [...conditions].sort((a, b) => width(a.types & within) - width(b.types & within))
  for (const condition of narrowest) {
    const types = condition.types & within
    let part = parts.find(each => (each.types & types) !== 0)
    if (part === undefined) {
      part = emptyPart(types)
      parts.push(part)
    }
    part.types &= types
    if (condition.check) part.checks.push(condition.check)
    if (condition.first) part.firsts.push(condition.first)
    if (condition.size) part.sizes.push(condition.size)
    if (condition.chain !== undefined) add(part, condition.chain)
  }
  if (parts.length === 0) parts.push(emptyPart(within))
  return parts
}

function emptyPart(types: number): PartDraft {
  return { types, checks: [], firsts: [], sizes: [], buffers: [], contents: [], needed: [] }
}

function add(part: PartDraft, draft: ChainDraft): void {
  const { buffer } = draft
  part.buffers.push({ buffer, chain: chainOf(draft) })
  for (const step of draft.steps) {
    if (step.kind === 'content' && !step.negated) part.contents.push({ buffer, content: step })
    if (step.kind === 'pcre' && !step.negated && step.pattern.needs !== null) {
      part.needed.push({ buffer, words: step.pattern.needs })
    }
  }
}

function width(types: number): number {
  let bits = 0
  for (let rest = types; rest !== 0; rest &= rest - 1) bits++
  return bits
}

/** A topic of so many bytes is worth more than any message. */
const ENOUGH = 4
/** Bytes of a word beyond which it is not found sooner: see `match/prefilter.ts`. */
const LONG = 6

/**
 * What is looked for first: what the rule says, else a topic of some length, else the longest of its contents and of the words
 * that its patterns need.
 */
export function fastOf({ contents, needed }: PartDraft): FastContent | null {
  const chosen =
    contents.find(({ content }) => content.fast) ??
    bestOf(contents, ({ buffer, content }) => worth(buffer, content.bytes.length))
  const other = bestOf(needed, ({ buffer, words }) => worth(buffer, shortest(words)))
  if (chosen === undefined) return other === undefined ? null : { ...other, heads: null }
  const { buffer, content } = chosen
  // What stands at the beginning is asked for, not looked for: nothing costs less.
  const known = worth(buffer, content.startswith ? LONG : Math.min(content.bytes.length, LONG))
  if (!content.fast && other !== undefined && worth(other.buffer, Math.min(shortest(other.words), LONG)) > known) {
    return { ...other, heads: null }
  }
  return { buffer, words: [content.bytes], heads: content.startswith ? headsOf(content) : null }
}

function bestOf<T>(all: readonly T[], worthOf: (each: T) => number): T | undefined {
  return all.reduce<T | undefined>(
    (best, each) => (best === undefined || worthOf(each) > worthOf(best) ? each : best),
    undefined,
  )
}

function worth(buffer: Sticky, length: number): number {
  return buffer === Sticky.publishTopic && length >= ENOUGH ? length + 1_024 : length
}

function shortest(words: readonly Uint8Array[]): number {
  return Math.min(...words.map(({ length }) => length))
}

function headsOf({ bytes, nocase }: ContentDraft): number[] {
  const letter = nocase && /[a-z]/i.test(String.fromCharCode(bytes[0]))
  return letter ? [bytes[0], bytes[0] ^ 0x20] : [bytes[0]]
}
