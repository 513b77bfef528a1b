import type { CodePoints } from './set.ts'
import type { Expression } from './syntax.ts'

/** Shorter words stand in too many texts, and more of them would cost more than they save. */
const SHORTEST = 3
const MOST = 32
/** Bytes of a word beyond which it is not found sooner. */
const LONG = 6

type Words = readonly (readonly number[])[]

/** With what a match begins. */
interface Beginning {
  /** One of them stands at its start. */
  readonly starts: Words
  /** Whether a match is one of them and goes on no further. */
  readonly whole: boolean
}

const EMPTY: Words = [[]]
const ANYTHING: Beginning = { starts: EMPTY, whole: false }
const NO_ROOM: Beginning = { starts: EMPTY, whole: true }

/**
 * Words of which at least one stands in every text in which a pattern over bytes matches, so that texts without any need not
 * be looked at closer. ASCII letters are small; whoever looks for them takes capitals for the same. Null where there are none
 * that are worth it. In the manner of Cox's regular expression search with a trigram index (2012): beginnings are multiplied
 * out while they are few.
 */
export function literalsOf(expression: Expression): readonly Uint8Array[] | null {
  const best = new Best()
  best.offer(beginningOf(expression, best).starts)
  const words = best.words
  return words === null || shortest(words) < SHORTEST ? null : withoutLonger(words).map(word => Uint8Array.from(word))
}

/** The best of several sets of words each of which would do: long enough, then few, then longer still. */
class Best {
  words: Words | null = null

  offer(words: Words): void {
    const length = shortest(words)
    if (length === 0 || words.length > MOST) return
    const known = this.words
    const gain =
      known === null
        ? 1
        : Math.min(length, LONG) - Math.min(shortest(known), LONG) ||
          known.length - words.length ||
          length - shortest(known)
    if (gain > 0) this.words = words
  }
}

/** @param inner is offered what stands in each match, wherever in it */
function beginningOf(expression: Expression, inner: Best): Beginning {
  switch (expression.kind) {
    case 'set':
      return ofSet(expression.set)
    case 'either':
      return ofOptions(expression.options, inner)
    case 'sequence':
      return ofSequence(expression.parts, inner)
    case 'repeat': {
      const { of, least, most } = expression
      if (least === 0) return most === 1 ? ofOptions([{ kind: 'sequence', parts: [] }, of], new Best()) : ANYTHING
      const copies = new Array<Expression>(Math.min(least, LONG)).fill(of)
      const { starts, whole } = ofSequence(copies, inner)
      return { starts, whole: whole && least === most && least <= LONG }
    }
    default:
      // What takes no room stands between two bytes without parting them.
      return NO_ROOM
  }
}

function ofSequence(parts: readonly Expression[], inner: Best): Beginning {
  let first: Beginning | null = null
  let run: Words = EMPTY
  for (const part of parts) {
    const { starts, whole } = beginningOf(part, inner)
    if (run.length * starts.length > MOST) {
      inner.offer(run)
      first ??= { starts: run, whole: false }
      run = starts
    } else {
      run = run.flatMap(head => starts.map(tail => [...head, ...tail]))
    }
    inner.offer(run)
    if (whole) continue
    first ??= { starts: run, whole: false }
    run = EMPTY
  }
  return first ?? { starts: run, whole: true }
}

/** Each option's words are offered together: one of them matches. Beginnings are cut short until they are few enough. */
function ofOptions(options: readonly Expression[], inner: Best): Beginning {
  const bests = options.map(() => new Best())
  const beginnings = options.map((option, index) => beginningOf(option, bests[index]))
  for (const [index, { starts }] of beginnings.entries()) bests[index].offer(starts)
  if (bests.every(({ words }) => words !== null)) inner.offer(distinct(bests.flatMap(({ words }) => words ?? [])))
  const starts = distinct(beginnings.flatMap(beginning => beginning.starts))
  if (starts.length <= MOST) return { starts, whole: beginnings.every(({ whole }) => whole) }
  for (let length = LONG; length > 0; length--) {
    const cut = distinct(starts.map(word => word.slice(0, length)))
    if (cut.length <= MOST) return { starts: cut, whole: false }
  }
  return ANYTHING
}

/** The bytes of a set, letters small; anything where they are many. */
function ofSet(set: CodePoints): Beginning {
  const bytes = new Set<number>()
  for (let i = 0; i < set.length; i += 2) {
    for (let byte = set[i]; byte <= set[i + 1] && bytes.size <= MOST; byte++) bytes.add(small(byte))
  }
  return bytes.size > MOST ? ANYTHING : { starts: [...bytes].map(byte => [byte]), whole: true }
}

function distinct(words: Words): Words {
  return [...new Map(words.map(word => [word.join(), word])).values()]
}

/** Where a word stands within another, it alone tells as much. */
function withoutLonger(words: Words): Words {
  const texts = words.map(word => String.fromCharCode(...word))
  return words.filter((_, at) => !texts.some((text, index) => index !== at && texts[at].includes(text)))
}

function shortest(words: Words): number {
  return Math.min(...words.map(word => word.length))
}

function small(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
}
