import { textOf } from '../../mqtt/utf8.ts'
import { pointerTo } from '../schema/pointer.ts'
import { Character } from './characters.ts'

interface Open {
  readonly array: boolean
  index: number
  key: string | null
  /** The next string is a key. */
  expects: boolean
}

/**
 * The JSON pointer (RFC 6901) to what stands at `offset`, or begins before it and is not finished. The text may be wrong from
 * there on; a key at `offset` counts as its member.
 */
export function pointerAt(bytes: Uint8Array, start: number, end: number, offset: number): string {
  const open: Open[] = []
  let at = start
  while (at < end && at <= offset) {
    const top = open.at(-1)
    const byte = bytes[at]
    if (byte === Character.QUOTE) {
      const next = behindText(bytes, at, end)
      if (top?.expects) {
        top.key = keyText(bytes, at, next)
        top.expects = false
      }
      at = next
      continue
    }
    if (at === offset) break
    if (byte === Character.OPEN_OBJECT) open.push({ array: false, index: 0, key: null, expects: true })
    else if (byte === Character.OPEN_ARRAY) open.push({ array: true, index: 0, key: null, expects: false })
    else if (byte === Character.CLOSE_OBJECT || byte === Character.CLOSE_ARRAY) open.pop()
    else if (byte === Character.COMMA && top !== undefined) {
      top.index++
      top.key = null
      top.expects = !top.array
    }
    at++
  }
  return open.reduce((pointer, { array, index, key }) => {
    if (array) return pointerTo(pointer, index)
    return key === null ? pointer : pointerTo(pointer, key)
  }, '')
}

function behindText(bytes: Uint8Array, quote: number, end: number): number {
  let at = quote + 1
  while (at < end && bytes[at] !== Character.QUOTE) at += bytes[at] === Character.BACKSLASH ? 2 : 1
  return Math.min(at + 1, end)
}

/** The key between quotes, or as it is written where it is no JSON. */
function keyText(bytes: Uint8Array, start: number, end: number): string {
  const text = textOf(bytes, start, end)
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}
