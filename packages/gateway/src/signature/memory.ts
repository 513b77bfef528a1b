import { COUNT_WORDS, Counts } from './match/counts.ts'
import type { BitCommand } from './match/part.ts'

/** Rules that have fired in transactions that are still open, and rules of several parts that are half fulfilled. */
const MOST_FIRED = 128
const MOST_PARTS = 64
const FLOW_COUNTS = 8

/** What a flow's memory holds, as plain data. */
export interface SavedFlow {
  readonly bits: readonly number[] | null
  readonly fired: readonly number[]
  readonly parts: readonly number[]
  readonly counts: readonly number[] | null
}

/**
 * What rules remember of one connection: flowbits (at most 1,024), what has fired in open transactions (so that a rule speaks
 * once a transaction, as Suricata's do), parts that are fulfilled, and counts by flow. At most some 4 KiB; nothing until a rule
 * matches. It belongs to one rule set.
 */
export class FlowMemory {
  #bits: Int32Array | null = null
  /** Pairs of transaction and rule. */
  #fired: number[] = []
  /** Triples of transaction, rule and the parts that are fulfilled. */
  #parts: number[] = []
  #counts: Counts | null = null

  /** All of it as plain data. */
  save(): SavedFlow {
    const bits = this.#bits === null ? null : [...this.#bits]
    const counts = this.#counts === null ? null : [...this.#counts.words]
    return { bits, fired: this.#fired, parts: this.#parts, counts }
  }

  static load({ bits, fired, parts, counts }: SavedFlow): FlowMemory {
    const memory = new FlowMemory()
    memory.#bits = bits === null ? null : Int32Array.from(bits)
    memory.#fired = [...fired]
    memory.#parts = [...parts]
    if (counts !== null) memory.counts.words = Float64Array.from(counts)
    return memory
  }

  /** Whether anything is remembered of transactions. */
  get busy(): boolean {
    return this.#fired.length + this.#parts.length > 0
  }

  get counts(): Counts {
    this.#counts ??= new Counts(new Float64Array(FLOW_COUNTS * COUNT_WORDS), 0, FLOW_COUNTS)
    return this.#counts
  }

  /** Whether the flowbits are as a rule wants them. */
  fits(commands: readonly BitCommand[]): boolean {
    for (const { command, bits } of commands) {
      if (command === 'isset' && !bits.some(bit => this.#has(bit))) return false
      if (command === 'isnotset' && !bits.some(bit => !this.#has(bit))) return false
    }
    return true
  }

  /** Sets the flowbits that a rule sets. */
  apply(commands: readonly BitCommand[], all: number): void {
    for (const { command, bits } of commands) {
      if (command === 'isset' || command === 'isnotset') continue
      this.#bits ??= new Int32Array((all + 31) >> 5)
      for (const bit of bits) {
        const mask = 1 << (bit & 31)
        if (command === 'set') this.#bits[bit >> 5] |= mask
        else if (command === 'unset') this.#bits[bit >> 5] &= ~mask
        else this.#bits[bit >> 5] ^= mask
      }
    }
  }

  /** Notes that a rule fires in a transaction; false where it has before. */
  fire(transaction: number, rule: number): boolean {
    const fired = this.#fired
    for (let i = 0; i < fired.length; i += 2) if (fired[i] === transaction && fired[i + 1] === rule) return false
    if (fired.length >= MOST_FIRED * 2) fired.splice(0, 2)
    fired.push(transaction, rule)
    return true
  }

  /** Notes that a part of a rule is fulfilled and gives all that are, as bits. */
  fulfil(transaction: number, rule: number, bit: number): number {
    const parts = this.#parts
    for (let i = 0; i < parts.length; i += 3) {
      if (parts[i] === transaction && parts[i + 1] === rule) {
        parts[i + 2] |= bit
        return parts[i + 2]
      }
    }
    if (parts.length >= MOST_PARTS * 3) parts.splice(0, 3)
    parts.push(transaction, rule, bit)
    return bit
  }

  /** A transaction begins or ends: what was remembered of it is over. */
  forget(transaction: number): void {
    this.#fired = without(this.#fired, transaction, 2)
    this.#parts = without(this.#parts, transaction, 3)
  }

  #has(bit: number): boolean {
    return this.#bits !== null && (this.#bits[bit >> 5] & (1 << (bit & 31))) !== 0
  }
}

function without(list: number[], transaction: number, width: number): number[] {
  if (!list.some((value, at) => at % width === 0 && value === transaction)) return list
  return list.filter((_, at) => list[at - (at % width)] !== transaction)
}
