import { Alphabet } from './alphabet.ts'
import { LINE_FEED, WORD } from './byte-set.ts'
import { Op, type Program } from './program.ts'
import { hasCodePoint } from './set.ts'

const MOST_STATES = 512
/** Entries of the table of states and letters: 256 KiB. */
const MOST_ENTRIES = 65_536
/** Instructions looked at in one text to make states, some tenth of a second. States that are known cost none. */
const MOST_WORK = 4_000_000
const UNKNOWN = -1

/** What stands beside a place. */
const Beside = { nothing: 0, other: 1, word: 2, feed: 3, lastFeed: 4 } as const

/** A pattern over bytes, matched in time linear in the text, whatever the text. */
export interface BytePattern {
  readonly source: string
  /** Words of which one stands wherever it matches (`literalsOf`). */
  readonly needs: readonly Uint8Array[] | null
  /** Whether it matches somewhere in `bytes[start, end)`. */
  test(bytes: Uint8Array, start: number, end: number): boolean
  /**
   * Writes where matches end into `into`, ascending, and gives how many. Matches begin at or behind `bases[0]`; what is anchored
   * at the beginning (`^`, `\A`) holds at each of the ascending `bases`. `into` needs room for `end - bases[0] + 1`.
   */
  ends(bytes: Uint8Array, end: number, bases: Int32Array, count: number, into: Int32Array): number
}

/**
 * Runs a program as a deterministic automaton whose states are made when they are first met. A state is the instructions
 * that wait before the next byte, and what stood before; conditions on places are settled when that byte is known. At most
 * `MOST_STATES` are kept: then they are forgotten and made again, so that memory is bounded and the time for a text is at
 * most its length times the program's. A text that takes more than `MOST_WORK` of that counts as one without (further) matches.
 */
export class ByteAutomaton implements BytePattern {
  readonly source: string
  readonly needs: readonly Uint8Array[] | null
  readonly #program: Program
  readonly #alphabet: Alphabet
  readonly #anchored: boolean
  /** The letters of bytes, then a last line feed, then the end; each twice: elsewhere, and at a base. */
  readonly #lastFeed: number
  readonly #letters: number
  readonly #beside: Uint8Array
  readonly #ofByte: Uint16Array
  #next: Int32Array
  readonly #pending: (readonly number[])[] = []
  readonly #before: number[] = []
  readonly #numbers = new Map<string, number>()
  readonly #visited: Uint32Array
  readonly #base = Int32Array.of(0)
  readonly #most: number
  #closure = 0
  #work = 0

  /** @param anchored matches begin at bases only. */
  constructor(source: string, program: Program, anchored: boolean, needs: readonly Uint8Array[] | null) {
    this.source = source
    this.needs = needs
    this.#program = program
    this.#anchored = anchored
    this.#alphabet = new Alphabet([...program.sets, WORD, LINE_FEED])
    this.#lastFeed = this.#alphabet.size
    this.#letters = this.#alphabet.size + 2
    this.#beside = new Uint8Array(this.#letters).fill(Beside.other)
    this.#ofByte = Uint16Array.from({ length: 256 }, (_, byte) => this.#alphabet.letter(byte))
    for (let byte = 0; byte < 256; byte++) {
      const kind = byte === 0x0a ? Beside.feed : hasCodePoint(WORD, byte) ? Beside.word : Beside.other
      this.#beside[this.#ofByte[byte]] = kind
    }
    this.#beside[this.#lastFeed] = Beside.lastFeed
    this.#beside[this.#lastFeed + 1] = Beside.nothing
    this.#next = new Int32Array(8 * 2 * this.#letters)
    this.#most = Math.min(MOST_STATES, Math.floor(MOST_ENTRIES / (2 * this.#letters)))
    this.#visited = new Uint32Array(program.ops.length)
    this.#reset()
  }

  test(bytes: Uint8Array, start: number, end: number): boolean {
    this.#base[0] = start
    return this.#run(bytes, end, this.#base, 1, null) > 0
  }

  ends(bytes: Uint8Array, end: number, bases: Int32Array, count: number, into: Int32Array): number {
    return this.#run(bytes, end, bases, count, into)
  }

  /** With nowhere to write it stops at the first match. */
  #run(bytes: Uint8Array, end: number, bases: Int32Array, count: number, into: Int32Array | null): number {
    const letters = this.#letters
    this.#work = 0
    let state = 0
    let found = 0
    let next = 0
    for (let at = bases[0]; at <= end; at++) {
      const isBase = next < count && bases[next] === at
      if (isBase) next++
      const letter = at === end ? this.#lastFeed + 1 : this.#letterAt(bytes, at, end)
      const index = letter * 2 + (isBase ? 1 : 0)
      const known = this.#next[state * 2 * letters + index]
      if (known === UNKNOWN && this.#work > MOST_WORK) return found
      const step = known === UNKNOWN ? this.#step(state, index) : known
      if ((step & 1) !== 0) {
        if (into === null) return 1
        into[found++] = at
      }
      state = step >> 1
    }
    return found
  }

  #letterAt(bytes: Uint8Array, at: number, end: number): number {
    return bytes[at] === 0x0a && at === end - 1 ? this.#lastFeed : this.#ofByte[bytes[at]]
  }

  #reset(): void {
    this.#pending.length = 0
    this.#before.length = 0
    this.#numbers.clear()
    this.#next.fill(UNKNOWN)
    this.#number([], Beside.nothing)
  }

  /** Makes what follows on a letter: twice the next state, and 1 where a match ends before the letter. */
  #step(state: number, index: number): number {
    const { ops, first } = this.#program
    const letter = index >> 1
    const isBase = (index & 1) === 1
    const seeds = this.#anchored && !isBase ? this.#pending[state] : [...this.#pending[state], 0]
    const reached = this.#close(seeds, this.#before[state], this.#beside[letter], isBase)
    const matched = reached.some(at => ops[at] === Op.MATCH) ? 1 : 0
    // A last line feed is a line feed to whatever takes it.
    const taken = letter === this.#lastFeed ? this.#ofByte[0x0a] : letter
    const ended = letter === this.#lastFeed + 1
    const pending = ended
      ? []
      : reached.filter(at => ops[at] === Op.TAKE && this.#alphabet.has(first[at], taken)).map(at => at + 1)
    const before = this.#pending.length
    const next = this.#number(pending, this.#beside[letter])
    const step = next * 2 + matched
    // Where all was forgotten the state that came from is another's number by now.
    if (this.#pending.length >= before) this.#next[state * 2 * this.#letters + index] = step
    return step
  }

  /** The number of a state, which is made where it is new. */
  #number(pending: readonly number[], before: number): number {
    const key = `${before} ${pending.join()}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    if (this.#pending.length === this.#most) this.#reset()
    const number = this.#pending.push(pending) - 1
    this.#before.push(before)
    this.#numbers.set(key, number)
    const width = 2 * this.#letters
    if ((number + 1) * width > this.#next.length) {
      const grown = new Int32Array(this.#next.length * 2).fill(UNKNOWN)
      grown.set(this.#next)
      this.#next = grown
    }
    return number
  }

  /** The instructions that take a byte, or say that a match ends, reachable from some at a place. */
  #close(seeds: readonly number[], before: number, behind: number, isBase: boolean): number[] {
    const { ops, first, second } = this.#program
    const closure = ++this.#closure
    const open = [...seeds]
    const set: number[] = []
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (this.#visited[at] === closure) continue
      this.#visited[at] = closure
      this.#work++
      const op = ops[at]
      if (op === Op.SPLIT) open.push(first[at], second[at])
      else if (op === Op.JUMP) open.push(first[at])
      else if (op === Op.TAKE || op === Op.MATCH) set.push(at)
      else if (holds(op, before, behind, isBase)) open.push(at + 1)
    }
    return set.sort((a, b) => a - b)
  }
}

function holds(op: number, before: number, behind: number, isBase: boolean): boolean {
  switch (op) {
    case Op.START:
      return isBase
    case Op.END:
      return behind === Beside.nothing
    case Op.LINE_START:
      // As pcre2pattern has it, a line feed that ends the text begins no line.
      return isBase || (before === Beside.feed && behind !== Beside.nothing)
    case Op.LINE_END:
      return behind === Beside.nothing || behind === Beside.feed || behind === Beside.lastFeed
    case Op.LAST_LINE_END:
      return behind === Beside.nothing || behind === Beside.lastFeed
    case Op.BOUNDARY:
      return (before === Beside.word) !== (behind === Beside.word)
    default:
      return (before === Beside.word) === (behind === Beside.word)
  }
}
