import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Json, Types } from '../shape.ts'
import { constantOf, indexInEnum, isConstant, sameValue, valueHash } from './constant.ts'
import { hashOf } from './keys.ts'
import { Tape } from './tape.ts'

/** Puts a value on a tape as a reader would, every text apart. */
function put(tape: Tape, value: Json): number {
  if (value === null) return tape.add(Types.null, 0, 0, 0)
  if (typeof value === 'boolean') return tape.add(Types.boolean, value ? 1 : 0, 0, 0)
  if (typeof value === 'number') return tape.addNumber(value, 0, 0)
  if (typeof value === 'string') return putText(tape, value)
  const entries = Object.entries(value)
  const container = tape.add(Array.isArray(value) ? Types.array : Types.object, 0, 0, 0)
  for (const [key, one] of entries) {
    if (!Array.isArray(value)) {
      const item = putText(tape, key)
      tape.hashes[item] = hashOf(tape.text, tape.starts[item], tape.ends[item])
    }
    put(tape, one)
  }
  tape.close(container, entries.length)
  return container
}

function putText(tape: Tape, text: string): number {
  const bytes = new TextEncoder().encode(text)
  tape.reserve(bytes.length)
  tape.text.set(bytes, tape.textLength)
  const item = tape.add(Types.string, 0, tape.textLength, tape.textLength + bytes.length)
  tape.apart[item] = 1
  tape.textLength += bytes.length
  return item
}

/** The same value with its members the other way round. */
function turned(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(turned)
  const entries = Object.entries(value).map(([key, one]) => [key, turned(one)] as const)
  return Object.fromEntries(entries.reverse())
}

const { value: json } = fc.letrec<{ value: Json }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, true, false, 0, 1, 1.5, '', '1', 'é'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'é'), tie('value'), { noNullPrototype: true }),
  ),
}))

test('two values are the same where a deep comparison says so, and then their hashes are', () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      const tape = new Tape()
      const [a, b, c] = [put(tape, one), put(tape, other), put(tape, turned(one))]
      const same = canonical(one) === canonical(other)
      expect(sameValue(tape, a, b)).toBe(same)
      expect(sameValue(tape, b, a)).toBe(same)
      expect(isConstant(tape, b, constantOf(one))).toBe(same)
      expect(sameValue(tape, a, c)).toBe(true)
      expect(valueHash(tape, a)).toBe(valueHash(tape, c))
    }),
    { seed: 13, numRuns: 2_000 },
  )
})

function canonical(value: Json): string {
  return JSON.stringify(value, (_, one: Json) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

test('zeros are one number, and an enum is searched in its order', () => {
  const tape = new Tape()
  const [zero, negative] = [put(tape, 0), put(tape, -0)]
  expect(sameValue(tape, zero, negative)).toBe(true)
  expect(valueHash(tape, zero)).toBe(valueHash(tape, negative))
  const options = ['0', 1, 0, 0].map(constantOf)
  expect([indexInEnum(tape, options, negative), indexInEnum(tape, options, put(tape, 2))]).toEqual([2, -1])
})
