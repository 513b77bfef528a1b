import { bytesOf } from '../../mqtt/utf8.ts'
import { type Json, Types } from '../shape.ts'
import { hashOf, memberOf, sameText, textIs } from './keys.ts'
import type { Tape } from './tape.ts'

/** A value of an `enum`, ready to be compared with one of a tape. */
export interface Constant {
  readonly kind: number
  readonly number: number
  readonly text: Uint8Array
  readonly items: readonly Constant[]
  readonly members: readonly { readonly name: Uint8Array; readonly hash: number; readonly value: Constant }[]
}

const NOTHING: Omit<Constant, 'kind'> = { number: 0, text: new Uint8Array(0), items: [], members: [] }

export function constantOf(value: Json): Constant {
  if (value === null) return { ...NOTHING, kind: Types.null }
  if (typeof value === 'boolean') return { ...NOTHING, kind: Types.boolean, number: value ? 1 : 0 }
  if (typeof value === 'number') {
    return { ...NOTHING, kind: Number.isInteger(value) ? Types.integer : Types.fraction, number: value }
  }
  if (typeof value === 'string') return { ...NOTHING, kind: Types.string, text: bytesOf(value) }
  if (isArray(value)) return { ...NOTHING, kind: Types.array, items: value.map(constantOf) }
  const members = Object.entries(value).map(([key, member]) => {
    const name = bytesOf(key)
    return { name, hash: hashOf(name, 0, name.length), value: constantOf(member) }
  })
  return { ...NOTHING, kind: Types.object, members }
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** Whether an item of the tape is this value: numbers by value, objects in any order (JSON Schema core 2020-12, 4.2.2). */
export function isConstant(tape: Tape, item: number, constant: Constant): boolean {
  if (tape.kinds[item] !== constant.kind) return false
  switch (constant.kind) {
    case Types.null:
      return true
    case Types.string:
      return textIs(tape, item, constant.text)
    case Types.array: {
      if (tape.numbers[item] !== constant.items.length) return false
      let at = item + 1
      for (let i = 0; i < constant.items.length; i++) {
        if (!isConstant(tape, at, constant.items[i])) return false
        at = tape.nexts[at]
      }
      return true
    }
    case Types.object: {
      if (tape.numbers[item] !== constant.members.length) return false
      for (let i = 0; i < constant.members.length; i++) {
        const member = constant.members[i]
        const value = memberOf(tape, item, member.name, member.hash)
        if (value < 0 || !isConstant(tape, value, member.value)) return false
      }
      return true
    }
    default:
      return tape.numbers[item] === constant.number
  }
}

/** The index of a value in an `enum`, or -1. */
export function indexInEnum(tape: Tape, constants: readonly Constant[], item: number): number {
  for (let i = 0; i < constants.length; i++) if (isConstant(tape, item, constants[i])) return i
  return -1
}

/** Whether two items of the tape are the same value. */
export function sameValue(tape: Tape, one: number, other: number): boolean {
  const kind = tape.kinds[one]
  if (kind !== tape.kinds[other]) return false
  if (kind === Types.null) return true
  if (kind === Types.string) return sameText(tape, one, other)
  if (tape.numbers[one] !== tape.numbers[other]) return false
  if (kind === Types.array) {
    const end = tape.nexts[one]
    for (let a = one + 1, b = other + 1; a < end; a = tape.nexts[a], b = tape.nexts[b]) {
      if (!sameValue(tape, a, b)) return false
    }
  } else if (kind === Types.object) {
    const end = tape.nexts[one]
    for (let key = one + 1; key < end; key = tape.nexts[key + 1]) {
      const value = valueOfKey(tape, other, key)
      if (value < 0 || !sameValue(tape, key + 1, value)) return false
    }
  }
  return true
}

function valueOfKey(tape: Tape, object: number, wanted: number): number {
  const end = tape.nexts[object]
  for (let key = object + 1; key < end; key = tape.nexts[key + 1]) {
    if (tape.hashes[key] === tape.hashes[wanted] && sameText(tape, key, wanted)) return key + 1
  }
  return -1
}

const bits = new Float64Array(1)
const words = new Int32Array(bits.buffer)

/** A hash that two equal items share, whatever the order of their members. */
export function valueHash(tape: Tape, item: number): number {
  const kind = tape.kinds[item]
  let hash = Math.imul(kind, 0x9e3779b1)
  if (kind === Types.string) return hash ^ hashOf(tape.textOf(item), tape.starts[item], tape.ends[item])
  const end = tape.nexts[item]
  if (kind === Types.array) {
    for (let at = item + 1; at < end; at = tape.nexts[at]) hash = Math.imul(hash ^ valueHash(tape, at), 0x01000193)
    return hash
  }
  if (kind === Types.object) {
    for (let key = item + 1; key < end; key = tape.nexts[key + 1]) {
      hash = (hash + Math.imul(tape.hashes[key] ^ 0x5bd1e995, valueHash(tape, key + 1) | 1)) | 0
    }
    return hash
  }
  // Adding zero makes one zero of the two.
  bits[0] = tape.numbers[item] + 0
  return Math.imul(hash ^ words[0], 0x01000193) ^ words[1]
}
