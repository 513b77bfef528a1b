import { readEscape } from './escape.ts'
import { type CodePoints, codePoints, DOT, inverted } from './set.ts'
import { Source } from './source.ts'
import { type Expression, Unusable } from './syntax.ts'

const DEEPEST = 64

/** Reads a pattern's text (ECMA-262, Pattern with `u`); throws `Unusable`. */
export function readPattern(text: string): Expression {
  if (!text.isWellFormed()) throw new Unusable('pattern_syntax', 'the pattern holds half of a surrogate pair', 0)
  const source = new Source(text)
  const whole = either(source, 0)
  if (!source.done) source.syntax(`${source.next} stands alone`)
  return whole
}

function either(source: Source, depth: number): Expression {
  if (depth > DEEPEST) throw new Unusable('pattern_size', `groups are nested deeper than ${DEEPEST}`, source.at)
  const options = [sequence(source, depth)]
  while (source.take('|')) options.push(sequence(source, depth))
  return options.length === 1 ? options[0] : { kind: 'either', options }
}

function sequence(source: Source, depth: number): Expression {
  const parts: Expression[] = []
  while (!source.done && source.next !== '|' && source.next !== ')') parts.push(term(source, depth))
  return parts.length === 1 ? parts[0] : { kind: 'sequence', parts }
}

function term(source: Source, depth: number): Expression {
  const at = source.at
  const of = atom(source, depth)
  const counts = quantifier(source)
  if (counts === null) return of
  if (of.kind === 'start' || of.kind === 'end') source.syntax('an anchor cannot be repeated', at)
  return { kind: 'repeat', of, ...counts }
}

function atom(source: Source, depth: number): Expression {
  const at = source.at
  const character = source.advance()
  switch (character) {
    case '^':
      return { kind: 'start' }
    case '$':
      return { kind: 'end' }
    case '.':
      return { kind: 'set', set: DOT }
    case '[':
      return { kind: 'set', set: characterClass(source, at) }
    case '(':
      return group(source, at, depth)
    case '\\':
      return { kind: 'set', set: asSet(readEscape(source, false)) }
    case '*':
    case '+':
    case '?':
    case '{':
    case '}':
    case ']':
      return source.syntax(`${character} stands alone`, at)
    default:
      return { kind: 'set', set: asSet(character.codePointAt(0) as number) }
  }
}

function group(source: Source, at: number, depth: number): Expression {
  if (source.take('?') && !source.take(':')) {
    source.unsupported('of the groups only (…) and (?:…) are supported', at)
  }
  const inside = either(source, depth + 1)
  if (!source.take(')')) source.syntax('the group has no end', at)
  // An anchor alone in a group may be repeated.
  return inside.kind === 'start' || inside.kind === 'end' ? { kind: 'sequence', parts: [inside] } : inside
}

function quantifier(source: Source): { least: number; most: number } | null {
  const at = source.at
  let counts: { least: number; most: number } | null = null
  if (source.take('*')) counts = { least: 0, most: Number.POSITIVE_INFINITY }
  else if (source.take('+')) counts = { least: 1, most: Number.POSITIVE_INFINITY }
  else if (source.take('?')) counts = { least: 0, most: 1 }
  else if (source.take('{')) counts = braces(source, at)
  // Whether it is lazy decides what is matched, not whether.
  if (counts !== null) source.take('?')
  return counts
}

function braces(source: Source, at: number): { least: number; most: number } {
  const least = source.decimal() ?? source.syntax('{ must be followed by a count', at)
  const most = source.take(',') ? (source.decimal() ?? Number.POSITIVE_INFINITY) : least
  if (!source.take('}')) source.syntax('the count has no end', at)
  if (most < least) source.syntax(`the counts ${least} and ${most} are out of order`, at)
  return { least, most }
}

function characterClass(source: Source, at: number): CodePoints {
  const negated = source.take('^')
  const ranges: number[] = []
  while (!source.take(']')) {
    if (source.done) source.syntax('the class has no end', at)
    const first = classAtom(source)
    const dash = source.at
    if (source.next !== '-' || source.points[dash + 1] === ']' || dash + 1 >= source.points.length) {
      ranges.push(...asSet(first))
      continue
    }
    source.at++
    const last = classAtom(source)
    if (typeof first !== 'number' || typeof last !== 'number') return source.syntax('a class ends no range', dash)
    if (last < first) source.syntax('the range is out of order', dash)
    ranges.push(first, last)
  }
  const set = codePoints(ranges)
  return negated ? inverted(set) : set
}

function classAtom(source: Source): number | CodePoints {
  const character = source.advance()
  return character === '\\' ? readEscape(source, true) : (character.codePointAt(0) as number)
}

function asSet(what: number | CodePoints): CodePoints {
  return typeof what === 'number' ? [what, what] : what
}
