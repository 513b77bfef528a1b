import type { Pattern } from '../pattern.ts'
import { Alphabet } from './alphabet.ts'
import { Op, type Program } from './program.ts'

const MOST_STATES = 256
const UNKNOWN = -1

const MATCHED = 1
const MATCHED_AT_END = 2
/** Nothing that follows can match. */
const DEAD = 4

/**
 * Runs a program as a deterministic automaton whose states are made when they are first met (a set of instructions each).
 * At most `MOST_STATES` are kept: then they are forgotten and made again, so that memory is bounded and the time for a
 * text is at most its length times the program's.
 */
export class Automaton implements Pattern {
  readonly source: string
  readonly #program: Program
  readonly #alphabet: Alphabet
  readonly #next: Int16Array
  readonly #flags: Uint8Array
  readonly #sets: (readonly number[])[]
  readonly #numbers: Map<string, number>
  // In which closure an instruction was last visited.
  readonly #visited: Uint32Array
  #closure: number

  constructor(source: string, program: Program) {
    this.source = source
    this.#program = program
    this.#alphabet = new Alphabet(program.sets)
    this.#next = new Int16Array(MOST_STATES * this.#alphabet.size)
    this.#flags = new Uint8Array(MOST_STATES)
    this.#sets = []
    this.#numbers = new Map()
    this.#visited = new Uint32Array(program.ops.length)
    this.#closure = 0
    this.#reset()
  }

  /** The bytes must be well-formed UTF-8. */
  test(bytes: Uint8Array, start: number, end: number): boolean {
    const ascii = this.#alphabet.ascii
    const size = this.#alphabet.size
    let state = 0
    let flags = this.#flags[0]
    let at = start
    while (at < end) {
      if ((flags & (MATCHED | DEAD)) !== 0) return (flags & MATCHED) !== 0
      const byte = bytes[at]
      let letter: number
      if (byte < 0x80) {
        letter = ascii[byte]
        at++
      } else {
        letter = this.#alphabet.letter(codePointAt(bytes, at))
        at += byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
      }
      const next = this.#next[state * size + letter]
      state = next === UNKNOWN ? this.#step(state, letter) : next
      flags = this.#flags[state]
    }
    return (flags & (MATCHED | MATCHED_AT_END)) !== 0
  }

  #reset(): void {
    this.#sets.length = 0
    this.#numbers.clear()
    this.#next.fill(UNKNOWN)
    this.#add(this.#close([0], true, false), true)
  }

  /** Makes the state that follows on a letter. */
  #step(state: number, letter: number): number {
    const { ops, first } = this.#program
    const seeds: number[] = []
    for (const at of this.#sets[state]) {
      if (ops[at] === Op.TAKE && this.#alphabet.has(first[at], letter)) seeds.push(at + 1)
    }
    // A match may begin behind every code point.
    seeds.push(0)
    const set = this.#close(seeds, false, false)
    const known = this.#numbers.get(set.join())
    if (known !== undefined) {
      this.#next[state * this.#alphabet.size + letter] = known
      return known
    }
    if (this.#sets.length === MOST_STATES) {
      this.#reset()
      return this.#numbers.get(set.join()) ?? this.#add(set, false)
    }
    const made = this.#add(set, false)
    this.#next[state * this.#alphabet.size + letter] = made
    return made
  }

  #add(set: readonly number[], atStart: boolean): number {
    const number = this.#sets.push(set) - 1
    // At the beginning more can match at the end, as with `$^`: no other state is that one.
    if (!atStart) this.#numbers.set(set.join(), number)
    const matched = (one: number) => this.#program.ops[one] === Op.MATCH
    let flags = 0
    if (set.some(matched)) flags |= MATCHED
    if (this.#close(set, atStart, true).some(matched)) flags |= MATCHED_AT_END
    if (set.length === 0) flags |= DEAD
    this.#flags[number] = flags
    return number
  }

  /** The instructions that wait for a code point, the end or nothing, reachable from some without taking any. */
  #close(seeds: readonly number[], atStart: boolean, atEnd: boolean): number[] {
    const { ops, first, second } = this.#program
    const closure = ++this.#closure
    const open = [...seeds]
    const set: number[] = []
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (this.#visited[at] === closure) continue
      this.#visited[at] = closure
      const op = ops[at]
      if (op === Op.SPLIT) open.push(first[at], second[at])
      else if (op === Op.JUMP) open.push(first[at])
      else if (op === Op.START) {
        // It stays in the set, which tells the state at the beginning from all others.
        if (atStart) {
          set.push(at)
          open.push(at + 1)
        }
      } else {
        set.push(at)
        if (op === Op.END && atEnd) open.push(at + 1)
      }
    }
    return set.sort((a, b) => a - b)
  }
}

function codePointAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]
  if (lead < 0xe0) return ((lead & 31) << 6) | (bytes[at + 1] & 63)
  if (lead < 0xf0) return ((lead & 15) << 12) | ((bytes[at + 1] & 63) << 6) | (bytes[at + 2] & 63)
  return ((lead & 7) << 18) | ((bytes[at + 1] & 63) << 12) | ((bytes[at + 2] & 63) << 6) | (bytes[at + 3] & 63)
}
