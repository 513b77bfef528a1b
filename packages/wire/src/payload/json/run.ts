import { Captures } from '../captures.ts'
import type { Names } from '../shape.ts'
import type { PayloadLimits } from '../validator.ts'
import { Kind } from './kind.ts'
import type { Plan } from './plan.ts'

/** Reads the value at `at` and holds it against the plan. Answers where it ends, or -1 having called `fail`. */
export type Check = (run: Run, plan: Plan, at: number) => number

const NO_BYTES = new Uint8Array(0)

/**
 * What one check after the other keeps: where it reads, stacks for what is open, and why it failed. Its fields have their values
 * from where they are declared: one that is `undefined` before its constructor is a field of any type to the engine.
 */
export class Run {
  readonly limits: PayloadLimits
  /** The one check of any value; here so that the readers of arrays and objects need not import it. */
  readonly value: Check
  bytes: Uint8Array = NO_BYTES
  end = 0
  names: Names = { device: NO_BYTES, site: NO_BYTES }
  captures = new Captures(0)
  /** False while something is only tried. */
  capturing = true
  depth = 0
  /** The last string that was read, without quotes and escapes: part of the payload, or of `scratch`. */
  text: Uint8Array = NO_BYTES
  textStart = 0
  textEnd = 0
  /** Whether it holds more than ASCII. */
  wide = false
  scratch: Uint8Array = NO_BYTES
  /** The last number that was read. Not whole at first, so that the engine keeps the field as a double, which costs no allocation. */
  number = 0.5
  /** Index of the last key among the named ones, or -1. */
  index = -1
  /** Which named properties the open objects had, 32 a word. */
  words: Int32Array = new Int32Array(16)
  wordTop = 0
  /** The other keys of the open objects: hash, and where their quote is. */
  keyHashes: Int32Array = new Int32Array(16)
  keyAts: Int32Array = new Int32Array(16)
  keyTop = 0
  /** Where the items of open arrays begin whose items must differ. */
  itemAts: Int32Array = new Int32Array(16)
  itemTop = 0
  itemHashes: Int32Array = new Int32Array(16)
  /** How much of `limits.work` is left. */
  work = 0
  kind = 0
  at = 0
  plan: Plan | null = null
  found = 0.5

  constructor(limits: PayloadLimits, value: Check) {
    this.limits = limits
    this.value = value
  }

  begin(bytes: Uint8Array, end: number, names: Names, captures: Captures): void {
    this.bytes = bytes
    this.end = end
    this.names = names
    this.captures = captures
    this.capturing = true
    this.depth = 0
    this.wordTop = 0
    this.keyTop = 0
    this.itemTop = 0
    this.work = this.limits.work
    this.kind = Kind.SHAPE
  }

  /** Notes what is wrong and where; answers -1. */
  fail(kind: number, at: number, plan: Plan, found = 0): -1 {
    this.kind = kind
    this.at = at
    this.plan = plan
    this.found = found
    return -1
  }

  /** Whether the last failure is one of the encoding. */
  get hard(): boolean {
    return this.kind < Kind.SHAPE
  }

  /** Pays for so many bytes at `at` to be read once more; false, and a failure of the encoding, where too many were. */
  affords(bytes: number, at: number): boolean {
    this.work -= 1 + (bytes >> 4)
    if (this.work >= 0) return true
    this.kind = Kind.WORK
    this.at = at
    return false
  }

  /** Holds the value at `at`, which was read before and takes so many bytes, against one more plan. */
  again(plan: Plan, at: number, bytes: number): number {
    return this.affords(bytes, at) ? this.value(this, plan, at) : -1
  }

  /** Makes room for the bits of one more object. */
  openWords(count: number): void {
    const from = this.wordTop
    const top = from + count
    if (top > this.words.length) this.words = grown(this.words, top)
    for (let i = from; i < top; i++) this.words[i] = 0
    this.wordTop = top
  }

  pushKey(hash: number, at: number): void {
    if (this.keyTop === this.keyAts.length) {
      this.keyHashes = grown(this.keyHashes, this.keyTop + 1)
      this.keyAts = grown(this.keyAts, this.keyTop + 1)
    }
    this.keyHashes[this.keyTop] = hash
    this.keyAts[this.keyTop++] = at
  }

  pushItem(hash: number, at: number): void {
    if (this.itemTop === this.itemAts.length) {
      this.itemHashes = grown(this.itemHashes, this.itemTop + 1)
      this.itemAts = grown(this.itemAts, this.itemTop + 1)
    }
    this.itemHashes[this.itemTop] = hash
    this.itemAts[this.itemTop++] = at
  }

  /** Tries a plan on a value that was read before and takes so many bytes, without capturing. */
  fits(plan: Plan, at: number, bytes: number): boolean {
    const { capturing, depth, wordTop, keyTop, itemTop } = this
    this.capturing = false
    const next = this.again(plan, at, bytes)
    this.capturing = capturing
    this.depth = depth
    this.wordTop = wordTop
    this.keyTop = keyTop
    this.itemTop = itemTop
    return next >= 0
  }
}

/** A copy with room for at least so many: the nesting and the members are limited, and so is this. */
function grown(words: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(2 * words.length, least))
  larger.set(words)
  return larger
}
