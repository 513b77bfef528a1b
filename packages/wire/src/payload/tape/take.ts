import { type CaptureForm, Types } from '../shape.ts'
import { indexInEnum } from './constant.ts'
import { decimalOf, singleOfHex } from './decimal.ts'
import type { Judging } from './judging.ts'
import type { Node } from './node.ts'
import type { Tape } from './tape.ts'

/** Captures a value as its shape asks, unless the shape is only tried; false where its text does not spell the number that it must. */
export function take(judging: Judging, node: Node, item: number): boolean {
  const { tape } = judging
  let value = Number.NaN
  switch (tape.kinds[item]) {
    case Types.integer:
    case Types.fraction:
    case Types.boolean:
      value = tape.numbers[item]
      break
    case Types.string:
      if (node.captureForm !== 'value') {
        value = spelled(tape, item, node.captureForm)
        if (!Number.isFinite(value)) return judging.refuse(node.captureForm, node, item)
      } else if (node.enum !== null) value = indexInEnum(tape, node.enum, item)
  }
  if (judging.quiet > 0) return true
  // A text that the payload does not have in one piece has no place there.
  const apart = tape.apart[item] === 1
  judging.captures.set(node.capture, value, apart ? 0 : tape.starts[item], apart ? 0 : tape.ends[item])
  return true
}

function spelled(tape: Tape, item: number, form: Exclude<CaptureForm, 'value'>): number {
  const read = form === 'decimal' ? decimalOf : singleOfHex
  return read(tape.textOf(item), tape.starts[item], tape.ends[item])
}
