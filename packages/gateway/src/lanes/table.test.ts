import { expect, test } from 'vitest'
import { LANE_WORDS, LaneWord } from './record.ts'
import { ENTRIES, ENTRY_WORDS, entryAt, RHYTHM_WORDS, RhythmEntry } from './rhythm-words.ts'
import { LaneTable, WHOLE_LANE_BYTES } from './table.ts'

test('a lane is one record of the block, the same from every thread', () => {
  const table = new LaneTable(3)
  expect(table.capacity).toBe(3)
  expect(table.buffer.byteLength).toBe(3 * WHOLE_LANE_BYTES)
  const other = new LaneTable(table.buffer)
  expect(other.capacity).toBe(3)
  table.open(1, 1).words[LaneWord.rateTokens] = 4.5
  expect(other.open(1, 1).words[LaneWord.rateTokens]).toBe(4.5)
})

test('writing a whole lane touches no neighbor', () => {
  const table = new LaneTable(3)
  const { words } = table.open(1, 1)
  expect(words.length).toBe(LANE_WORDS)
  words.fill(7)
  table.rhythm(1).fill(8)
  for (const index of [0, 2]) {
    const { words, rhythm } = table.open(index, 1)
    expect(words.every(word => word === 0) && rhythm.every(word => word === 0)).toBe(true)
  }
  expect(table.open(1, 1).words.every(word => word === 7)).toBe(true)
  expect(table.open(1, 1).rhythm.every(word => word === 8)).toBe(true)
})

test('each lease has the next epoch, also after the lane was cleared for another device', () => {
  const table = new LaneTable(2)
  expect([table.advance(0), table.advance(0)]).toEqual([1, 2])
  table.open(0, 2).words[LaneWord.rateSince] = 12
  table.rhythm(0)[5] = 1
  table.clear(0)
  expect(table.rhythm(0)[5]).toBe(0)
  expect(table.open(0, 2).words[LaneWord.rateSince]).toBe(0)
  expect(table.advance(0)).toBe(3)
  expect(table.advance(1)).toBe(1)
})

test('every named word lies inside the record and is no other word', () => {
  const words = Object.values(LaneWord)
  expect(new Set(words).size).toBe(words.length)
  expect(words.every(word => word >= 0 && word < LANE_WORDS)).toBe(true)
})

test('the entries of a rhythm fill it and reach no further', () => {
  expect(entryAt(ENTRIES)).toBeLessThanOrEqual(RHYTHM_WORDS)
  expect(entryAt(ENTRIES + 1)).toBeGreaterThan(RHYTHM_WORDS)
  expect(new Set(Object.values(RhythmEntry)).size).toBe(ENTRY_WORDS)
})
