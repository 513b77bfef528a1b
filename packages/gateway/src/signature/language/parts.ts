import { PacketType } from '@ringwall/wire'
import { EVERY_TYPE, Sticky, typeBit, typesWith } from '../match/buffers.ts'
import type { Fields } from '../match/fields.ts'
import type { BufferTest, FastContent } from '../match/part.ts'
import type { ChainDraft, ContentDraft, Draft, FirstTest } from './draft.ts'
import { chainOf } from './steps.ts'

/** A part before it has its place among all. */
export interface PartDraft {
  types: number
  readonly checks: ((fields: Fields) => boolean)[]
  readonly firsts: FirstTest[]
  readonly buffers: BufferTest[]
  readonly contents: { readonly buffer: Sticky; readonly content: ContentDraft }[]
  /** What its patterns need, as `BytePattern.needs`. */
  readonly needed: FastContent[]
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
  readonly chain?: ChainDraft
}

/**
 * Deals a rule's conditions out to the packets that can fulfil them: to one where there is a type of packet that can fulfil
 * all, else to those of one transaction. Null where no transaction has them all: the rule never fires. Throws `RuleFlaw`.
 */
export function partsOf(draft: Draft): PartDraft[] | null {
  const conditions: Condition[] = [
    ...draft.checks.map(({ types, holds, first }) => ({ types, check: holds, first })),
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
      part = { types, checks: [], firsts: [], buffers: [], contents: [], needed: [] }
      parts.push(part)
    }
    part.types &= types
    if (condition.check) part.checks.push(condition.check)
    if (condition.first) part.firsts.push(condition.first)
    if (condition.chain !== undefined) add(part, condition.chain)
  }
  if (parts.length === 0) parts.push({ types: within, checks: [], firsts: [], buffers: [], contents: [], needed: [] })
  return parts
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

/** Fewer bytes than these are not looked for in passing: see `match/prefilter.ts`. A topic of so many is worth more than any message. */
const ENOUGH = 4

/**
 * What is looked for first: what the rule says, else a topic of some length, else the longest content, else a pattern's words. Null
 * too for what is short and stands at the beginning, which is asked for sooner than looked for.
 */
export function fastOf({ contents, needed }: PartDraft): FastContent | null {
  const chosen =
    contents.find(({ content }) => content.fast) ??
    contents.reduce<(typeof contents)[number] | undefined>(
      (best, each) => (best === undefined || worth(each) > worth(best) ? each : best),
      undefined,
    )
  if (chosen === undefined) return needed[0] ?? null
  if (chosen.content.startswith && chosen.content.bytes.length < ENOUGH) return null
  return { buffer: chosen.buffer, words: [chosen.content.bytes] }
}

function worth({ buffer, content }: PartDraft['contents'][number]): number {
  const { length } = content.bytes
  return buffer === Sticky.publishTopic && length >= ENOUGH ? length + 1_024 : length
}
