import { codePoints } from '../../bytes/points.ts'
import { isMultiple } from '../schema/multiple.ts'
import type { Judging } from './judging.ts'
import { textIs } from './keys.ts'
import type { Node } from './node.ts'

/** JSON Schema validation 2020-12, 6.2. */
export function judgeNumber(judging: Judging, node: Node, item: number): boolean {
  const number = judging.tape.numbers[item]
  if (number < node.minimum) return judging.refuse('minimum', node, item)
  if (number > node.maximum) return judging.refuse('maximum', node, item)
  if (number <= node.exclusiveMinimum) return judging.refuse('exclusiveMinimum', node, item)
  if (number >= node.exclusiveMaximum) return judging.refuse('exclusiveMaximum', node, item)
  if (node.multipleOf > 0 && !isMultiple(number, node.multipleOf)) {
    return judging.refuse('multipleOf', node, item)
  }
  return true
}

/** JSON Schema validation 2020-12, 6.3. */
export function judgeText(judging: Judging, node: Node, item: number): boolean {
  const { tape } = judging
  const start = tape.starts[item]
  const end = tape.ends[item]
  if (node.minLength > 0 || node.maxLength < end - start) {
    const length = codePoints(tape.textOf(item), start, end)
    if (length < node.minLength) return judging.refuse('minLength', node, item)
    if (length > node.maxLength) return judging.refuse('maxLength', node, item)
  }
  if (node.placeholder !== null && !textIs(tape, item, judging.names[node.placeholder])) {
    return judging.refuse('placeholder', node, item)
  }
  if (node.pattern !== null && !node.pattern.test(tape.textOf(item), start, end)) {
    return judging.refuse('pattern', node, item)
  }
  return true
}
