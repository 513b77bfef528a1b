import { compileGlobs } from '../../config/glob.ts'
import { suggestion } from '../../config/near.ts'
import { Flaw, quote } from '../../config/problem.ts'
import type { Matches } from './match.ts'

type Selections = ReadonlyMap<string, Matches>

const LONGEST = 1_024
const DEEPEST = 16

/** Compiles a condition over selections: `and`, `or`, `not`, parentheses, `1 of x*`, `all of them`. */
export function compileCondition(text: string, selections: Selections): Matches | Flaw {
  if (text.length > LONGEST) return new Flaw('the condition is too long', `At most ${LONGEST} characters.`)
  const parser = new Parser(text.match(/[()]|[^\s()]+/g) ?? [], selections)
  try {
    return parser.whole()
  } catch (error) {
    if (error instanceof Refusal) return error.flaw
    throw error
  }
}

class Refusal extends Error {
  readonly flaw: Flaw

  constructor(what: string, hint: string) {
    super(what)
    this.flaw = new Flaw(what, hint)
  }
}

class Parser {
  readonly #words: readonly string[]
  readonly #selections: Selections
  #at = 0
  #depth = 0

  constructor(words: readonly string[], selections: Selections) {
    this.#words = words
    this.#selections = selections
  }

  whole(): Matches {
    const matches = this.#either()
    const rest = this.#words[this.#at]
    if (rest === undefined) return matches
    throw new Refusal(`${quote(rest)} is not expected here`, 'Join selections with and, or.')
  }

  #either(): Matches {
    const parts = [this.#both()]
    while (this.#takes('or')) parts.push(this.#both())
    return parts.length === 1 ? parts[0] : each => parts.some(part => part(each))
  }

  #both(): Matches {
    const parts = [this.#not()]
    while (this.#takes('and')) parts.push(this.#not())
    return parts.length === 1 ? parts[0] : each => parts.every(part => part(each))
  }

  #not(): Matches {
    if (++this.#depth > DEEPEST) throw new Refusal('the condition is nested too deeply', `At most ${DEEPEST} levels.`)
    const negated = this.#takes('not')
    const part = negated ? this.#not() : this.#one()
    this.#depth--
    return negated ? each => !part(each) : part
  }

  #one(): Matches {
    if (this.#takes('(')) {
      const inner = this.#either()
      if (!this.#takes(')')) throw new Refusal('a parenthesis is not closed', 'Close it.')
      return inner
    }
    const word = this.#words[this.#at++]
    if (word === undefined) throw new Refusal('the condition ends too soon', 'Name a selection.')
    if ((word === '1' || word === 'any' || word === 'all') && this.#takes('of')) return this.#of(word === 'all')
    const found = this.#selections.get(word)
    if (found !== undefined) return found
    throw new Refusal(`no selection is called ${quote(word)}`, suggestion(word, [...this.#selections.keys()]))
  }

  #of(all: boolean): Matches {
    const pattern = this.#words[this.#at++] ?? ''
    const fits = pattern === 'them' ? (name: string) => !name.startsWith('_') : compileGlobs([pattern])
    const parts = [...this.#selections].flatMap(([name, matches]) => (fits(name) ? [matches] : []))
    if (parts.length === 0) throw new Refusal(`no selection is like ${quote(pattern)}`, 'Name one with *, or them.')
    return all ? each => parts.every(part => part(each)) : each => parts.some(part => part(each))
  }

  #takes(word: string): boolean {
    if (this.#words[this.#at]?.toLowerCase() !== word) return false
    this.#at++
    return true
  }
}
