import { expect, test } from 'vitest'
import { Types } from '../shape.ts'
import { TAPE_ITEMS, TAPE_TEXT, Tape } from './tape.ts'

test('a container ends behind all that it holds', () => {
  const tape = new Tape()
  const outer = tape.add(Types.array, 0, 0, 0)
  const inner = tape.add(Types.array, 0, 1, 1)
  tape.addNumber(1.5, 2, 3)
  tape.addNumber(2, 3, 4)
  tape.close(inner, 2)
  const last = tape.addNumber(-0, 4, 5)
  tape.close(outer, 2)
  expect([...tape.nexts.subarray(0, tape.length)]).toEqual([5, 4, 3, 4, 5])
  expect([tape.numbers[outer], tape.numbers[inner]]).toEqual([2, 2])
  expect([...tape.kinds.subarray(2, 5)]).toEqual([Types.fraction, Types.integer, Types.integer])
  expect(tape.nexts[inner]).toBe(last)
})

test('growing keeps what is there; a full tape says so', () => {
  const tape = new Tape()
  for (let i = 0; i < TAPE_ITEMS; i++) expect(tape.addNumber(i, i, i + 1)).toBe(i)
  expect(tape.addNumber(0, 0, 0)).toBe(-1)
  expect([tape.numbers[65], tape.starts[65], tape.ends[65], tape.nexts[65]]).toEqual([65, 65, 66, 66])
  tape.begin(Uint8Array.of(1))
  expect(tape.addNumber(7, 0, 1)).toBe(0)
})

test('what an item had before does not come back', () => {
  const tape = new Tape()
  const item = tape.add(Types.string, 0, 0, 1)
  tape.apart[item] = 1
  tape.begin(Uint8Array.of(0x61))
  expect(tape.textOf(tape.add(Types.string, 0, 0, 1))).toBe(tape.bytes)
})

test('texts apart have room up to their limit and keep what they have', () => {
  const tape = new Tape()
  tape.text[0] = 7
  tape.textLength = 1
  expect(tape.reserve(1_000)).toBe(true)
  expect(tape.text.length).toBeGreaterThanOrEqual(1_001)
  expect(tape.text[0]).toBe(7)
  expect(tape.reserve(TAPE_TEXT - 1)).toBe(true)
  expect(tape.reserve(TAPE_TEXT)).toBe(false)
  expect(tape.text.length).toBe(TAPE_TEXT)
})
