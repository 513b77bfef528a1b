import { describe, expect, test } from 'vitest'
import { lawOf, Place } from './law.testkit.ts'

const T = 1_700_000_000_000
const flowing = {
  values: { level: 'level-1/level', flow: 'flow-1/flow', running: 'pump-1/running', mode: 'controller-1/mode' },
}

describe('what is judged when', () => {
  test('a law that does not look back holds from the first message on', () => {
    const place = new Place(lawOf({ check: 'level < 1' }))
    expect(place.say({ 0: 0.5 }, T)).toBeNull()
    expect(place.say({ 0: 1.5 }, T + 1)).toEqual({ code: 'invariant', why: 'test: level < 1 does not hold' })
  })

  test('one that looks back only learns at first', () => {
    const place = new Place(lawOf({ check: 'delta(level) < 1' }))
    expect(place.say({ 0: 50 }, T)).toBeNull()
    expect(place.say({ 0: 50.5 }, T + 1)).toBeNull()
    expect(place.say({ 0: 51.6 }, T + 2)).not.toBeNull()
    expect(place.say({ 0: 51.4 }, T + 3)).toBeNull()
  })

  test('nothing is judged while a value is missing or stale, or has no finite result', () => {
    const place = new Place(lawOf({ ...flowing, check: 'flow < 1', stale: '2s' }))
    expect(place.say({ 0: 1 }, T)).toBeNull()
    for (const series of [3, 4]) place.tell(series, 0, T)
    place.tell(1, 7, T)
    expect(place.say({ 0: 1 }, T + 2_000)).not.toBeNull()
    expect(place.say({ 0: 1 }, T + 2_001)).toBeNull()
    const divided = new Place(lawOf({ check: '1 / level < 1' }))
    expect(divided.say({ 0: 0 }, T)).toBeNull()
    expect(divided.say({ 0: 0.5 }, T)).not.toBeNull()
  })

  test('a silence longer than stale begins anew, what was refused does not', () => {
    const place = new Place(lawOf({ check: 'abs(delta(level)) < 1', stale: '2s' }))
    place.say({ 0: 10 }, T)
    for (let at = 1_000; at <= 20_000; at += 1_000) expect(place.say({ 0: 20 }, T + at)).not.toBeNull()
    expect(place.say({ 0: 20 }, T + 22_001)).toBeNull()
    expect(place.say({ 0: 20.5 }, T + 23_000)).toBeNull()
    expect(place.say({ 0: 10 }, T + 24_000)).not.toBeNull()
  })

  test('the first message after a silence loses the past even where it is refused for something else', () => {
    const law = lawOf({ check: 'abs(delta(level)) < 1', stale: '2s' })
    const place = new Place(law)
    place.say({ 0: 10 }, T)
    law.judge({ time: T + 9_000, value: () => 20 }, place.neighbors, place.words, 64)
    expect(place.say({ 0: 20 }, T + 9_500)).toBeNull()
  })

  test('a clock that goes back begins anew', () => {
    const place = new Place(lawOf({ check: 'abs(delta(level)) < 1' }))
    place.say({ 0: 10 }, T)
    expect(place.say({ 0: 20 }, T - 1)).toBeNull()
    expect(place.say({ 0: 22 }, T)).not.toBeNull()
  })

  test('where "when" does not hold nothing is judged, and looking back begins anew', () => {
    const place = new Place(lawOf({ ...flowing, when: "mode == 'normal'", check: 'abs(delta(level)) < 1' }))
    const speak = (mode: number, level: number, at: number) => {
      for (const series of [1, 4]) place.tell(series, 0, T + at)
      place.tell(3, mode, T + at)
      return place.say({ 0: level }, T + at)
    }
    speak(2, 1, 0)
    expect(speak(0, 5, 1)).toBeNull()
    expect(speak(2, 9, 2)).toBeNull()
    expect(speak(2, 12, 3)).not.toBeNull()
  })

  test('the words may move to another worker, whose law is another object', () => {
    const parts = { check: 'abs(delta(level)) < 1' }
    const place = new Place(lawOf(parts))
    place.say({ 0: 10 }, T)
    const other = new Place(lawOf(parts))
    other.words = place.words
    expect(other.say({ 0: 12 }, T + 1)).not.toBeNull()
  })

  test('it keeps to its words', () => {
    const law = lawOf({
      residual: 'delta(level) + integral(level) * 0',
      tolerance: 1e9,
      drift: { window: '60s', sum: 1e9 },
    })
    const place = new Place(law)
    for (let at = 0; at < 300; at++) place.say({ 0: at }, T + at * 500)
    expect(place.words.findIndex(word => word !== 0)).toBe(64)
    expect(place.words.findLastIndex(word => word !== 0)).toBeLessThan(64 + law.words)
  })
})

describe('functions over time', () => {
  /** What an expression gives at the last of some messages, told through a sentence. */
  const told = (expression: string, feed: (place: Place) => void, last: number, at: number) => {
    const place = new Place(lawOf({ ...flowing, check: 'level < 100', say: `{${expression}}` }))
    for (const series of [3, 4]) place.tell(series, 1, T)
    feed(place)
    return place.say({ 0: last }, T + at)?.why.replace('test: ', '')
  }
  const ramp = (place: Place) => {
    place.tell(1, 2, T)
    place.say({ 0: 10 }, T)
    place.tell(1, 4, T + 1_000)
  }

  test.each([
    ['dt', '3'],
    ['delta(level)', '100'],
    ['prev(level)', '10'],
    // What the message brings is a trapezoid, what a neighbor said last is held.
    ['integral(level)', '180'],
    ['integral(flow)', '11'],
    ['mean(flow)', '3.67'],
    ['age(flow)', '2'],
    ['age(level)', '0'],
    ['steady(running)', '3'],
    ['steady(level)', '0'],
    ['running', 'true'],
    ['mode', 'start-up'],
    ['level / 0', '?'],
  ])('%s is %s', (expression, value) => {
    expect(told(expression, ramp, 110, 3_000)).toBe(value)
  })

  test('areas of neighbors add up over messages, however they fall', () => {
    const place = new Place(
      lawOf({ ...flowing, residual: 'integral(flow)', tolerance: 1e9, drift: { window: '1h', sum: 59.5 } }),
    )
    for (const series of [3, 4]) place.tell(series, 1, T)
    let breach = null
    let at = 0
    for (let index = 0; breach === null && index < 2_000; index++) {
      at = T + index * 170
      if (index % 3 === 0) for (const series of [1, 3, 4]) place.tell(series, 1, at)
      breach = place.say({ 0: 1 }, at)
    }
    expect((at - T) / 1000).toBeCloseTo(59.5, 0)
  })
})

describe('drift', () => {
  test('a mean is judged once half of the window holds something', () => {
    const place = new Place(lawOf({ residual: 'level', tolerance: 1, drift: { window: '12s', mean: 0.5 } }))
    const first = Array.from({ length: 60 }, (_, index) => place.say({ 0: 0.7 }, T + index * 200)).findIndex(
      each => each !== null,
    )
    expect(first * 200).toBeGreaterThanOrEqual(5_000)
    expect(first * 200).toBeLessThanOrEqual(7_000)
  })

  test('what is older than the window no longer counts', () => {
    const place = new Place(lawOf({ residual: 'level', tolerance: 1, drift: { window: '12s', sum: 5 } }))
    for (let index = 0; index < 5; index++) expect(place.say({ 0: 0.99 }, T + index)).toBeNull()
    expect(place.say({ 0: 0.99 }, T + 10)?.code).toBe('invariant_drift')
    expect(place.say({ 0: 0.99 }, T + 13_000)).toBeNull()
  })
})
