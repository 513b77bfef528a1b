import { Types } from '../shape.ts'
import { indexInEnum } from './constant.ts'
import { decimalOf, singleOfHex } from './decimal.ts'
import type { Judging } from './judging.ts'
import type { Node } from './node.ts'

/** Captures a value as its shape asks; NaN where it is no number, or its text spells none. */
export function take(judging: Judging, node: Node, item: number): void {
  const { tape } = judging
  const start = tape.starts[item]
  const end = tape.ends[item]
  let value = Number.NaN
  switch (tape.kinds[item]) {
    case Types.integer:
    case Types.fraction:
    case Types.boolean:
      value = tape.numbers[item]
      break
    case Types.string: {
      const bytes = tape.textOf(item)
      if (node.captureForm === 'value') {
        if (node.enum !== null) value = indexInEnum(tape, node.enum, item)
      } else {
        value = node.captureForm === 'decimal' ? decimalOf(bytes, start, end) : singleOfHex(bytes, start, end)
      }
    }
  }
  judging.captures.set(node.capture, value, start, end)
}
