import { type Captures, type Names, type PayloadFault, type PayloadValidator, type Shape, Types } from '@ringwall/wire'

const LONGEST = 4_096
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** Checks payloads that are one UTF-8 text: `enum`, `const`, `pattern`, `minLength`, `maxLength` and placeholders of their shape. */
export function textValidator(shape: Shape): PayloadValidator {
  return new TextValidator(shape)
}

class TextValidator implements PayloadValidator {
  readonly slots: number
  readonly #shape: Shape
  readonly #choices: readonly Uint8Array[] | null
  #code = ''
  #why = ''
  #offset = 0

  constructor(shape: Shape) {
    this.#shape = shape
    this.slots = shape.capture === undefined ? 0 : shape.capture + 1
    this.#choices = shape.enum?.filter(each => typeof each === 'string').map(each => encoder.encode(each)) ?? null
  }

  get fault(): PayloadFault | null {
    return this.#code === '' ? null : { code: this.#code, where: '', why: this.#why, offset: this.#offset }
  }

  check(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean {
    const shape = this.#shape
    captures.clear(this.slots)
    this.#code = ''
    this.#offset = start
    if ((shape.types & Types.string) === 0) return this.#fail('value_type', 'the payload is a text')
    if (this.#choices !== null) return this.#choose(this.#choices, bytes, start, end, captures)
    if (shape.placeholder !== undefined) {
      if (same(names[shape.placeholder], bytes, start, end)) return true
      return this.#fail('value_enum', `the text is not the ${shape.placeholder}'s name`)
    }
    const length = end - start
    if (length > LONGEST)
      return this.#fail('payload_length', `the text has ${length} bytes, at most ${LONGEST} are read`)
    const points = codePoints(bytes, start, end)
    if (points < 0) return this.#fail('payload_utf8', 'the text is not UTF-8')
    const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = shape
    if (points < minLength || points > maxLength) {
      return this.#fail('value_length', `the text has ${points} characters, allowed are ${minLength} to ${maxLength}`)
    }
    if (pattern === undefined || pattern.test(bytes, start, end)) return true
    return this.#fail('value_pattern', `the text does not match ${pattern.source}`)
  }

  #choose(choices: readonly Uint8Array[], bytes: Uint8Array, start: number, end: number, captures: Captures): boolean {
    for (let i = 0; i < choices.length; i++) {
      if (!same(choices[i], bytes, start, end)) continue
      if (this.#shape.capture !== undefined) captures.set(this.#shape.capture, i, start, end)
      return true
    }
    return this.#fail('value_enum', `the text is none of the ${choices.length} that are allowed`)
  }

  #fail(code: string, why: string): false {
    this.#code = code
    this.#why = why
    return false
  }
}

function same(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}

/** How many characters a text has, or -1 where it is not UTF-8. */
function codePoints(bytes: Uint8Array, start: number, end: number): number {
  let count = 0
  let ascii = true
  for (let i = start; i < end; i++) {
    if ((bytes[i] & 0xc0) !== 0x80) count++
    if (bytes[i] > 0x7f) ascii = false
  }
  if (ascii) return count
  try {
    decoder.decode(bytes.subarray(start, end))
    return count
  } catch {
    return -1
  }
}
