import type { CodePoints } from './set.ts'
import type { Expression } from './syntax.ts'

/** Shorter words stand in too many texts, and more of them would cost more than they save. */
const SHORTEST = 3
const MOST = 32

type Words = readonly (readonly number[])[]

/**
 * Words of which at least one stands in every text in which a pattern over bytes matches, so that texts without any need not
 * be looked at closer. ASCII letters are small; whoever looks for them takes capitals for the same. Null where there are none
 * that are worth it.
 */
export function literalsOf(expression: Expression): readonly Uint8Array[] | null {
  const words = wordsOf(expression)
  return words === null || shortest(words) < SHORTEST ? null : words.map(word => Uint8Array.from(word))
}

function wordsOf(expression: Expression): Words | null {
  switch (expression.kind) {
    case 'set': {
      const byte = byteOf(expression.set)
      return byte < 0 ? null : [[byte]]
    }
    case 'either':
      return unionOf(expression.options)
    case 'repeat':
      return expression.least > 0 ? wordsOf(expression.of) : null
    case 'sequence':
      return bestOf(flat(expression.parts))
    default:
      return null
  }
}

/** Of what follows one after the other: the longest run of single bytes, or the words of one of its parts. */
function bestOf(parts: readonly Expression[]): Words | null {
  let best: Words | null = null
  let run: number[] = []
  const offer = (words: Words | null): void => {
    if (words !== null && (best === null || shortest(words) > shortest(best))) best = words
  }
  for (const part of parts) {
    const byte = part.kind === 'set' ? byteOf(part.set) : -1
    if (byte >= 0) run.push(byte)
    // What takes no room stands between two bytes without parting them.
    else if (part.kind !== 'assert' && part.kind !== 'start' && part.kind !== 'end') {
      offer(run.length > 0 ? [run] : null)
      run = []
      offer(wordsOf(part))
    }
  }
  offer(run.length > 0 ? [run] : null)
  return best
}

function unionOf(options: readonly Expression[]): Words | null {
  const union: (readonly number[])[] = []
  for (const option of options) {
    const words = wordsOf(option)
    if (words === null) return null
    union.push(...words)
  }
  return union.length > 0 && union.length <= MOST ? union : null
}

function flat(parts: readonly Expression[]): readonly Expression[] {
  return parts.flatMap(part => (part.kind === 'sequence' ? flat(part.parts) : [part]))
}

function shortest(words: Words): number {
  return Math.min(...words.map(word => word.length))
}

/** The one byte of a set, or the small one of a letter's two cases; -1 where it has others. */
function byteOf(set: CodePoints): number {
  if (set.length === 2 && set[0] === set[1]) return small(set[0])
  const pair = set.length === 4 && set[0] === set[1] && set[2] === set[3]
  return pair && set[0] !== set[2] && small(set[0]) === small(set[2]) ? small(set[0]) : -1
}

function small(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
}
