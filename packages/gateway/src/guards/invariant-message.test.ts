import { Captures } from '@ringwall/wire'
import { expect, test } from 'vitest'
import type { Invariant, Rule, Signal } from '../profile/types.ts'
import { Message } from './invariant-message.ts'

/** A rule with signals of these series, in the order of their slots, that a law reads or none does. */
function rule(series: readonly number[], isRead = true): Rule {
  const signals = series.map(
    (each, slot) => ({ slot, series: each, unitSlot: -1, conversions: [] }) as unknown as Signal,
  )
  return { signals, invariants: isRead ? [{} as Invariant] : [] } as unknown as Rule
}

function captured(...values: number[]): Captures {
  const captures = new Captures(16)
  captures.values.fill(Number.NaN)
  captures.values.set(values)
  return captures
}

test('a message has what it brings and nothing of those before it', () => {
  const message = new Message()
  expect(message.value(3)).toBeNaN()
  expect(message.fill(rule([3, -1, 900]), captured(1.5, 2.5, 3.5), 10)).toBe(-1)
  expect([message.value(3), message.value(900), message.time]).toEqual([1.5, 3.5, 10])
  expect([...message.values.subarray(0, 3)]).toEqual([1.5, 2.5, 3.5])
  for (const series of [0, 2, 4, 899, 901, 5_000]) expect(message.value(series)).toBeNaN()

  message.fill(rule([4]), captured(7), 11)
  expect([message.value(4), message.value(3), message.value(900)]).toEqual([7, Number.NaN, Number.NaN])
  message.fill(rule([3, 4]), captured(Number.NaN, 8), 12)
  expect([message.value(3), message.value(4)]).toEqual([Number.NaN, 8])
})

test('a message that no law reads hides those before it as well', () => {
  const message = new Message()
  message.fill(rule([3]), captured(1), 1)
  message.fill(rule([5], false), captured(2), 2)
  expect([message.value(3), message.value(5)]).toEqual([Number.NaN, Number.NaN])
})

test('more signals than any message had before find room', () => {
  const message = new Message()
  const series = Array.from({ length: 12 }, (_, index) => index)
  message.fill(rule(series), captured(...series), 1)
  expect(series.map(each => message.value(each))).toEqual(series)
})

test('a value whose unit is not told is none, and is named', () => {
  const message = new Message()
  const signal = { slot: 0, series: 0, unitSlot: 1, conversions: [{ factor: 100, offset: 0 }] } as unknown as Signal
  const withUnit = { ...rule([]), signals: [signal], invariants: [{} as Invariant] } as Rule
  expect(message.fill(withUnit, captured(2, 0), 1)).toBe(-1)
  expect(message.value(0)).toBe(200)
  expect(message.fill(withUnit, captured(2), 2)).toBe(0)
  expect(message.value(0)).toBeNaN()
})
