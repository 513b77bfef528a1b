import type { BinaryOperator } from './node.ts'

/**
 * A compiled expression over a frame of values. Booleans are 0 and 1, a state is its index, and NaN says that there is no
 * value: a variable is not there, or arithmetic had no finite result. It is what CEL calls an error, and spreads the same way.
 */
export type Run = (frame: Float64Array) => number

/** What is not finite is no value. */
export function finite(value: number): number {
  return value - value === 0 ? value : Number.NaN
}

export const ARITHMETIC: Readonly<Partial<Record<BinaryOperator, (a: Run, b: Run) => Run>>> = {
  '+': (a, b) => frame => finite(a(frame) + b(frame)),
  '-': (a, b) => frame => finite(a(frame) - b(frame)),
  '*': (a, b) => frame => finite(a(frame) * b(frame)),
  '/': (a, b) => frame => finite(a(frame) / b(frame)),
}

export const ORDER: Readonly<Partial<Record<BinaryOperator, (a: Run, b: Run) => Run>>> = {
  '<': less,
  '>': (a, b) => less(b, a),
  '<=': atMost,
  '>=': (a, b) => atMost(b, a),
}

function less(a: Run, b: Run): Run {
  return frame => {
    const left = a(frame)
    const right = b(frame)
    return left < right ? 1 : left >= right ? 0 : Number.NaN
  }
}

function atMost(a: Run, b: Run): Run {
  return frame => {
    const left = a(frame)
    const right = b(frame)
    return left <= right ? 1 : left > right ? 0 : Number.NaN
  }
}

/** @param when what equality gives: 1 for `==`, 0 for `!=`. */
export function equal(a: Run, b: Run, when: 0 | 1): Run {
  return frame => {
    const left = a(frame)
    const right = b(frame)
    if (left === right) return when
    return left < right || left > right ? 1 - when : Number.NaN
  }
}

/** False if either side is, whatever the other: no value on one side does not hide it (CEL specification, Logical Operators). */
export function both(a: Run, b: Run): Run {
  return frame => {
    const left = a(frame)
    if (left === 0) return 0
    const right = b(frame)
    return right === 0 ? 0 : left + right === 2 ? 1 : Number.NaN
  }
}

/** True if either side is, whatever the other. */
export function either(a: Run, b: Run): Run {
  return frame => {
    const left = a(frame)
    if (left === 1) return 1
    const right = b(frame)
    return right === 1 ? 1 : left + right === 0 ? 0 : Number.NaN
  }
}

export function choose(condition: Run, yes: Run, no: Run): Run {
  return frame => {
    const chosen = condition(frame)
    return chosen === 1 ? yes(frame) : chosen === 0 ? no(frame) : Number.NaN
  }
}

/** True if an item is equal; otherwise no value if one has none. */
export function among(value: Run, items: readonly Run[]): Run {
  return frame => {
    const sought = value(frame)
    if (Number.isNaN(sought)) return sought
    let found = 0
    for (let i = 0; i < items.length; i++) {
      const item = items[i](frame)
      if (item === sought) return 1
      if (Number.isNaN(item)) found = item
    }
    return found
  }
}
