import { readByteClass } from './byte-class.ts'
import { readByteEscape, readPlace } from './byte-escape.ts'
import { bothCases, EVERY_BYTE, LINE_FEED, otherBytes } from './byte-set.ts'
import { Op } from './program.ts'
import type { CodePoints } from './set.ts'
import { Source } from './source.ts'
import { type Expression, Unusable } from './syntax.ts'

/** How a pattern is meant, by the letters of Perl: `i`, `s`, `m` and `x`; `E` is PCRE's "dollar means the very end". */
export interface ByteFlags {
  readonly i?: boolean
  readonly s?: boolean
  readonly m?: boolean
  readonly x?: boolean
  readonly E?: boolean
}

const DEEPEST = 64
// As pcre2pattern has it under "Newline sequences".
const NEWLINES: CodePoints = [0x0a, 0x0d, 0x85, 0x85]

/** Reads a pattern of Perl's kind over bytes, each character of the text being one; throws `Unusable`. */
export function readBytePattern(text: string, flags: ByteFlags): Expression {
  const reader = new Reader(new Source(text), flags)
  const whole = reader.either(0)
  if (!reader.source.done) reader.source.syntax(`${reader.source.next} stands alone`)
  return whole
}

class Reader {
  readonly source: Source
  #flags: ByteFlags

  constructor(source: Source, flags: ByteFlags) {
    this.source = source
    this.#flags = flags
  }

  either(depth: number): Expression {
    const { source } = this
    if (depth > DEEPEST) throw new Unusable('pattern_size', `groups are nested deeper than ${DEEPEST}`, source.at)
    const options = [this.#sequence(depth)]
    while (source.take('|')) options.push(this.#sequence(depth))
    return options.length === 1 ? options[0] : { kind: 'either', options }
  }

  #sequence(depth: number): Expression {
    const parts: Expression[] = []
    for (;;) {
      this.#skip()
      const { done, next } = this.source
      if (done || next === '|' || next === ')') return parts.length === 1 ? parts[0] : { kind: 'sequence', parts }
      const of = this.#atom(depth)
      if (of !== null) parts.push(this.#repeated(of))
    }
  }

  #repeated(of: Expression): Expression {
    const { source } = this
    let whole = of
    for (;;) {
      this.#skip()
      const at = source.at
      const counts = quantifier(source)
      if (counts === null) return whole
      if (whole !== of) source.syntax('a count follows a count', at)
      if (source.take('+')) source.unsupported('possessive counts are not supported', at)
      // Whether it is lazy decides what is matched, not whether.
      source.take('?')
      whole = { kind: 'repeat', of, ...counts }
    }
  }

  /** Null for what only changes how the rest is read. */
  #atom(depth: number): Expression | null {
    const { source } = this
    const at = source.at
    const character = source.advance()
    switch (character) {
      case '^':
        return this.#flags.m ? { kind: 'assert', op: Op.LINE_START } : { kind: 'start' }
      case '$':
        if (this.#flags.m) return { kind: 'assert', op: Op.LINE_END }
        return this.#flags.E ? { kind: 'end' } : { kind: 'assert', op: Op.LAST_LINE_END }
      case '.':
        return { kind: 'set', set: this.#flags.s ? EVERY_BYTE : otherBytes(LINE_FEED) }
      case '[':
        return { kind: 'set', set: readByteClass(source, at, this.#flags.i === true) }
      case '(':
        return this.#group(at, depth)
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        return source.syntax(`${character} stands alone`, at)
      default:
        return this.#set(character.charCodeAt(0))
    }
  }

  #escape(): Expression | null {
    const { source } = this
    if (source.take('Q')) return this.#quoted()
    if (source.take('E')) return null
    if (source.take('R')) {
      const pair: Expression = { kind: 'sequence', parts: [this.#set(0x0d), this.#set(0x0a)] }
      return { kind: 'either', options: [pair, { kind: 'set', set: NEWLINES }] }
    }
    return readPlace(source) ?? this.#set(readByteEscape(source, false))
  }

  #quoted(): Expression | null {
    const parts: Expression[] = []
    while (!this.source.done && !this.source.take('\\E')) parts.push(this.#set(this.source.advance().charCodeAt(0)))
    return parts.length === 0 ? null : { kind: 'sequence', parts }
  }

  #set(what: number | CodePoints): Expression {
    const set = typeof what === 'number' ? [what, what] : what
    return { kind: 'set', set: this.#flags.i ? bothCases(set) : set }
  }

  #group(at: number, depth: number): Expression | null {
    const { source } = this
    const outside = this.#flags
    if (source.take('?#')) {
      while (!source.done && source.next !== ')') source.at++
      return source.take(')') ? null : source.syntax('the comment has no end', at)
    }
    if (source.take('*')) source.unsupported('verbs are not supported', at)
    if (source.take('?') && !this.#named()) {
      const flags = this.#changes(at)
      this.#flags = flags
      // (?i) holds until the end of the group around it, which then sets back its own.
      if (source.take(')')) return null
      if (!source.take(':')) source.unsupported('look-around, atomic groups and recursion are not supported', at)
    }
    const inside = this.either(depth + 1)
    if (!source.take(')')) source.syntax('the group has no end', at)
    this.#flags = outside
    return { kind: 'sequence', parts: [inside] }
  }

  #named(): boolean {
    const { source } = this
    const rest = source.points.slice(source.at, source.at + 80).join('')
    const name = /^(P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*')/.exec(rest)
    if (name === null) return false
    source.at += name[0].length
    return true
  }

  #changes(at: number): ByteFlags {
    const { source } = this
    const flags = { ...this.#flags }
    let on = true
    while (/^[imsx-]$/.test(source.next)) {
      const letter = source.advance()
      if (letter === '-') on = false
      else flags[letter as 'i' | 'm' | 's' | 'x'] = on
    }
    if (source.next !== ')' && source.next !== ':') {
      source.unsupported('look-around, atomic groups and recursion are not supported', at)
    }
    return flags
  }

  /** What the flag `x` lets stand between things. */
  #skip(): void {
    const { source } = this
    while (this.#flags.x && !source.done) {
      if (/^\s$/.test(source.next)) source.at++
      else if (source.take('#')) while (!source.done && source.advance() !== '\n');
      else return
    }
  }
}

function quantifier(source: Source): { least: number; most: number } | null {
  if (source.take('*')) return { least: 0, most: Number.POSITIVE_INFINITY }
  if (source.take('+')) return { least: 1, most: Number.POSITIVE_INFINITY }
  if (source.take('?')) return { least: 0, most: 1 }
  const at = source.at
  if (!source.take('{')) return null
  const least = source.decimal()
  const most = least !== null && source.take(',') ? (source.decimal() ?? Number.POSITIVE_INFINITY) : least
  // What is no count is meant as it stands.
  if (least === null || most === null || !source.take('}')) {
    source.at = at
    return null
  }
  if (most < least) source.syntax(`the counts ${least} and ${most} are out of order`, at)
  return { least, most }
}
