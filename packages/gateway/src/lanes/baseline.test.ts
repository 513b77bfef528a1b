import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Habit } from '../guards/rhythm.testkit.ts'
import { baselineOf, owe, readBaseline, writeBaseline } from './baseline.ts'
import { entryAt, RhythmEntry } from './rhythm-words.ts'

const MODES = ['idle', 'normal']

function written(): string {
  const names = new Map<number, string>()
  const habit = new Habit({ named: (_, key, topic) => names.set(key, topic) })
  habit.run(80, index => 1_000 + (index % 7))
  habit.say(0, { topic: 'ä', action: 'receive', direction: 'down' })
  return writeBaseline(baselineOf(habit.lane.rhythm, names, 5_000), 'pump-1', MODES)
}

test('what was written is read again, and written alike', () => {
  const text = written()
  expect(writeBaseline(readBaseline(text, 'pump-1', MODES), 'pump-1', MODES)).toBe(text)
})

test('what was not heard may be made up for, by the beat and the silence', () => {
  const { words } = readBaseline(written(), 'pump-1', MODES)
  const early = () => words[entryAt(0) + RhythmEntry.early]
  expect(early()).toBe(0)
  const mean = words[entryAt(0) + RhythmEntry.mean]
  owe(words, 60_000)
  expect(early()).toBeCloseTo(-16 - 60_000 / mean)
  owe(words, -5)
  expect(early()).toBe(-16)
  owe(words, 1e12)
  expect(early()).toBe(-1_000)
})

test('of another device, of other modes, of another version it is refused', () => {
  expect(() => readBaseline(written(), 'pump-2', MODES)).toThrow('it is of pump-1')
  expect(() => readBaseline(written(), 'pump-1', ['idle'])).toThrow('other operating modes')
  expect(() => readBaseline(written().replace('"version":1', '"version":2'), 'pump-1', MODES)).toThrow('version 1')
})

test('whatever stands there, it is read whole or refused by an Error', () => {
  const text = written()
  const damaged = fc.oneof(
    fc.json(),
    fc.string(),
    fc.tuple(fc.nat(text.length), fc.nat(text.length), fc.string()).map(([from, to, put]) => {
      return text.slice(0, Math.min(from, to)) + put + text.slice(Math.max(from, to))
    }),
    fc.base64String().map(words => text.replace(/"words":"[^"]*"/, `"words":"${words}"`)),
  )
  fc.assert(
    fc.property(damaged, input => {
      try {
        const { words } = readBaseline(input, 'pump-1', MODES)
        expect(words.length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
    }),
    { numRuns: 500 },
  )
})
