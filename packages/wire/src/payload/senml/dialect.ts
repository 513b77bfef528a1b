import type { CborDialect } from '../cbor/reader.ts'
import { Types } from '../shape.ts'
import type { Tape } from '../tape/tape.ts'
import { fieldOfInteger, LABEL_TEXTS } from './labels.ts'

const DIGITS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map(one => one.charCodeAt(0))

/** SenML's CBOR (RFC 8428, section 6): integers are labels, byte strings are data. Both have the number 1 on the tape. */
export const senmlDialect: CborDialect = {
  addIntegerKey(tape, key) {
    const field = fieldOfInteger(key)
    if (field < 0) return -1
    const label = LABEL_TEXTS[field]
    if (!tape.reserve(label.length)) return -2
    for (let i = 0; i < label.length; i++) tape.text[tape.textLength + i] = label[i]
    return addApart(tape, label.length)
  },
  addBytes(tape, start, end) {
    const length = Math.ceil(((end - start) * 4) / 3)
    if (!tape.reserve(length)) return -2
    const { bytes, text, textLength } = tape
    for (let i = 0; i < length; i++) {
      // Six bits from wherever they begin; beyond the end there are zeros.
      const bit = i * 6
      const at = start + (bit >> 3)
      const pair = (bytes[at] << 8) | (at + 1 < end ? bytes[at + 1] : 0)
      text[textLength + i] = DIGITS[(pair >> (10 - (bit & 7))) & 0x3f]
    }
    return addApart(tape, length)
  },
}

function addApart(tape: Tape, length: number): number {
  const item = tape.add(Types.string, 1, tape.textLength, tape.textLength + length)
  if (item < 0) return -2
  tape.apart[item] = 1
  tape.textLength += length
  return item
}
