import { textOf } from '../../mqtt/utf8.ts'
import { Types } from '../shape.ts'
import type { Tape } from './tape.ts'

/**
 * The JSON pointer (RFC 6901) from one item to another that it holds, to a key as to its value. The other may be the tape's
 * length: what was to come next, in the innermost container that was left open.
 */
export function pointerTo(tape: Tape, from: number, to: number): string {
  let pointer = ''
  let container = from
  while (to > container) {
    const object = tape.kinds[container] === Types.object
    let index = 0
    let child = container + 1
    let value = child
    for (; ; index++) {
      if (object && child >= tape.length) return pointer
      value = object ? child + 1 : child
      if (to <= value || to < tape.nexts[value]) break
      child = tape.nexts[value]
    }
    pointer += `/${object ? escaped(textOfItem(tape, child)) : index}`
    container = value
  }
  return pointer
}

/** The text of a string of the tape. */
export function textOfItem(tape: Tape, item: number): string {
  return textOf(tape.textOf(item), tape.starts[item], tape.ends[item])
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
