import { bytesOf } from '../../mqtt/utf8.ts'
import type { Captures } from '../captures.ts'
import { type Names, type Shape, Types } from '../shape.ts'
import { shapeFault } from '../tape/fault.ts'
import { judge } from '../tape/judge.ts'
import { Judging } from '../tape/judging.ts'
import { type Compiled, compileNode, within } from '../tape/node.ts'
import { PAYLOAD_LIMITS, type PayloadFault, type PayloadLimits, type PayloadValidator } from '../validator.ts'
import { type CborDialect, CborReader } from './reader.ts'

/**
 * Checks CBOR payloads (RFC 8949) against a shape, on the generic data model that JSON has (RFC 8949, section 6.1):
 * - Floats are halves, singles or doubles, finite; a whole one is an integer too. Integers beyond 2^53 - 1 are taken to the
 *   nearest double, or refused (`payload_number`) where the shape wants integers.
 * - Heads may be longer than they need to be, arrays and maps of indefinite length; texts must stand in one piece.
 * - A key is a text, or an integer where some property that the shape names is that integer in decimal.
 * - No tag but 55799 (self-described CBOR) before all, no byte strings, no `undefined` or other simple values: `value_type`.
 *
 * A captured number's own bytes are its head and what belongs to it, a text's are without the head.
 */
export function cborValidator(shape: Shape, limits: PayloadLimits = PAYLOAD_LIMITS): PayloadValidator {
  return new CborValidator(compileNode(shape), integerNames(shape), limits)
}

class CborValidator implements PayloadValidator {
  readonly slots: number
  readonly #compiled: Compiled
  readonly #judging: Judging
  readonly #reader: CborReader
  #state: 'good' | 'unread' | 'unfit' = 'good'

  constructor(compiled: Compiled, names: ReadonlyMap<number, Uint8Array>, limits: PayloadLimits) {
    this.slots = compiled.slots
    this.#compiled = compiled
    this.#judging = new Judging(limits)
    this.#reader = new CborReader(this.#judging.tape, limits, plainDialect(names))
  }

  check(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean {
    captures.clear(this.slots)
    this.#state = 'unread'
    if (!this.#reader.read(bytes, start, end)) return false
    this.#state = 'unfit'
    this.#judging.begin(names, captures)
    if (!judge(this.#judging, this.#compiled.node, 0) || !this.#judging.decided) return false
    this.#state = 'good'
    return true
  }

  get fault(): PayloadFault | null {
    if (this.#state === 'good') return null
    return this.#state === 'unread' ? this.#reader.fault() : shapeFault(this.#judging, 0)
  }
}

/** Integers are keys where the shape names them; byte strings are nothing. */
function plainDialect(names: ReadonlyMap<number, Uint8Array>): CborDialect {
  return {
    addIntegerKey(tape, key) {
      const name = names.get(key)
      if (name === undefined) return -1
      if (!tape.reserve(name.length)) return -2
      tape.text.set(name, tape.textLength)
      const item = tape.add(Types.string, 0, tape.textLength, tape.textLength + name.length)
      if (item < 0) return -2
      tape.apart[item] = 1
      tape.textLength += name.length
      return item
    },
    addBytes: () => -1,
  }
}

/** The properties anywhere in a shape that are integers in decimal, by that integer. */
export function integerNames(shape: Shape): ReadonlyMap<number, Uint8Array> {
  const names = new Map<number, Uint8Array>()
  const seen = new Set<Shape>([shape])
  for (const one of seen) {
    for (const name of one.properties?.keys() ?? []) {
      const number = Number(name)
      if (Number.isSafeInteger(number) && String(number) === name) names.set(number, bytesOf(name))
    }
    for (const inner of within(one)) seen.add(inner)
  }
  return names
}
