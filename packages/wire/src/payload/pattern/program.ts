import type { CodePoints } from './set.ts'
import { type Expression, Unusable } from './syntax.ts'

/** What an instruction does. */
export const Op = {
  /** Takes a code point of the set numbered `first`, then goes on. */
  TAKE: 0,
  /** Goes on at `first` and at `second`. */
  SPLIT: 1,
  JUMP: 2,
  /** Goes on at the beginning, or the end, of the text only. */
  START: 3,
  END: 4,
  MATCH: 5,
  /** Patterns over bytes only. Behind a line feed or at the beginning; before one or at the end. */
  LINE_START: 6,
  LINE_END: 7,
  /** At the end, or before a line feed that ends the text. */
  LAST_LINE_END: 8,
  /** Between a word's character and another, and elsewhere. */
  BOUNDARY: 9,
  NOT_BOUNDARY: 10,
} as const

/** A pattern as a nondeterministic automaton (Thompson's construction): parallel arrays by instruction. */
export interface Program {
  readonly ops: readonly number[]
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly sets: readonly CodePoints[]
}

const MOST_INSTRUCTIONS = 2_000

/** Lays an expression out as a program; throws `Unusable` where its counts make it too long. */
export function program(expression: Expression): Program {
  const writer = new Writer()
  writer.write(expression)
  writer.emit(Op.MATCH)
  return writer
}

class Writer implements Program {
  readonly ops: number[] = []
  readonly first: number[] = []
  readonly second: number[] = []
  readonly sets: CodePoints[] = []

  emit(op: number, first = 0, second = 0): number {
    if (this.ops.length >= MOST_INSTRUCTIONS) {
      throw new Unusable(
        'pattern_size',
        `the pattern takes more than ${MOST_INSTRUCTIONS} steps, counts written out`,
        0,
      )
    }
    this.ops.push(op)
    this.first.push(first)
    this.second.push(second)
    return this.ops.length - 1
  }

  write(expression: Expression): void {
    switch (expression.kind) {
      case 'set':
        this.emit(Op.TAKE, this.#numberOf(expression.set))
        return
      case 'start':
        this.emit(Op.START)
        return
      case 'end':
        this.emit(Op.END)
        return
      case 'assert':
        this.emit(expression.op)
        return
      case 'sequence':
        for (const part of expression.parts) this.write(part)
        return
      case 'either':
        this.#either(expression.options)
        return
      case 'repeat':
        this.#repeat(expression.of, expression.least, expression.most)
    }
  }

  #either(options: readonly Expression[]): void {
    const ends: number[] = []
    for (const [i, option] of options.entries()) {
      if (i === options.length - 1) {
        this.write(option)
        continue
      }
      const split = this.emit(Op.SPLIT)
      this.first[split] = this.ops.length
      this.write(option)
      ends.push(this.emit(Op.JUMP))
      this.second[split] = this.ops.length
    }
    for (const end of ends) this.first[end] = this.ops.length
  }

  #repeat(of: Expression, least: number, most: number): void {
    for (let i = 0; i < least; i++) {
      const from = this.ops.length
      this.write(of)
      // What takes no instruction is the same however often.
      if (this.ops.length === from) return
    }
    if (most === Number.POSITIVE_INFINITY) {
      const split = this.emit(Op.SPLIT)
      this.first[split] = this.ops.length
      this.write(of)
      this.emit(Op.JUMP, split)
      this.second[split] = this.ops.length
      return
    }
    const splits: number[] = []
    for (let i = least; i < most; i++) {
      const split = this.emit(Op.SPLIT)
      this.first[split] = this.ops.length
      splits.push(split)
      this.write(of)
    }
    for (const split of splits) this.second[split] = this.ops.length
  }

  #numberOf(set: CodePoints): number {
    const known = this.sets.indexOf(set)
    return known >= 0 ? known : this.sets.push(set) - 1
  }
}
