import { describe, expect, test } from 'vitest'
import { ENTRIES, entryAt, MOST_DOWNS, modeAt, modeSlot, RhythmHead, RhythmMode } from '../lanes/rhythm-words.ts'
import { chance, Habit, MANNERS } from './rhythm.testkit.ts'

const STATE = 'plant/pump-1/state'
const RECEIVE = { action: 'receive', direction: 'down' } as const

/** A pump that has said its state every two seconds for two minutes, and heard its set point. */
function pump(options = {}): Habit {
  const habit = new Habit(options)
  const random = chance(1)
  habit.say(0, { ...RECEIVE, topic: 'plant/pump-1/set' })
  expect(habit.run(60, () => 1_900 + 200 * random(), { size: 100 })).toEqual([])
  return habit
}

describe('what leaves the baseline is found', () => {
  test('another topic', () => {
    const habit = pump()
    expect(habit.say(2_000, { topic: 'plant/pump-1/secret' })).toBe('rhythm_topic')
    expect(habit.why).toBe('plant/pump-1/secret: a topic that pump-1 never used in its learning period')
    expect(habit.say(0, { ...RECEIVE, topic: 'plant/pump-1/update' })).toBe('note rhythm_topic')
    expect(habit.why).toContain('never received anything on')
    expect(habit.say(0, { ...RECEIVE, topic: 'plant/pump-1/update' })).toBe('-')
  })

  test('a topic that it only ever received on', () => {
    const habit = pump()
    expect(habit.say(2_000, { topic: 'plant/pump-1/set' })).toBe('rhythm_direction')
    expect(habit.say(0, { ...RECEIVE, topic: 'plant/pump-1/set' })).toBe('-')
  })

  test('a longer or a shorter payload, with some room for values that have more digits', () => {
    const habit = pump()
    expect(habit.say(2_000, { size: 132 })).toBe('-')
    expect(habit.say(2_000, { size: 4_096 })).toBe('rhythm_size')
    expect(habit.why).toBe(`${STATE} has a payload of 4096 bytes, learned 100 to 100`)
    expect(habit.say(2_000, { size: 67 })).toBe('rhythm_size')
  })

  test('another QoS, or retained', () => {
    const habit = pump()
    expect(habit.say(2_000, { qos: 1 })).toBe('rhythm_form')
    expect(habit.say(2_000, { retain: true })).toBe('rhythm_form')
    expect(habit.why).toBe(`${STATE} came with QoS 0, retained; learned was QoS 0, never retained`)
  })

  test('another rhythm, in words with its numbers', () => {
    const habit = pump()
    habit.run(30, () => 2_000)
    let count = 1
    while (habit.say(200) === '-') count++
    expect(count).toBeLessThan(16)
    expect(habit.why).toMatch(
      /^plant\/pump-1\/state came after 0\.\d+ s, 9 of 10 came after 1\.9\d* to 2\.\d+ s; it is/,
    )
  })

  test('lateness, once for every few messages, and no more once the device is back in its rhythm', () => {
    const habit = pump()
    const found = habit.run(30, () => 5_000)
    expect(found.length).toBeGreaterThan(1)
    expect(found.length).toBeLessThan(5)
    expect(habit.why).toContain('came late')
    habit.run(40, () => 2_000)
    expect(habit.run(500, () => 2_000)).toEqual([])
  })
})

test('one odd interval is none, however odd, early or late', () => {
  const habit = pump()
  const found = habit.run(2_000, index => (index % 100 === 50 ? 20 : index % 100 === 99 ? 600_000 : 2_000))
  expect(found).toEqual([])
})

test('nine of ten intervals lie between what is told', () => {
  const habit = new Habit({ learning: 1e12 })
  for (const name of ['wide jitter', 'chance']) {
    const after = MANNERS[name]!(1_000, chance(2))
    const intervals = Array.from({ length: 4_000 }, after)
    habit.run(4_000, index => intervals[index]!, { topic: name })
    habit.say(0, { topic: name })
  }
  for (const [at, name] of [entryAt(0), entryAt(1)].map(
    (at, index) => [at, ['wide jitter', 'chance'][index]!] as const,
  )) {
    const [low, high] = [13, 14].map(word => 2 ** habit.lane.rhythm[at + word]!)
    const after = MANNERS[name]!(1_000, chance(3))
    const within = Array.from({ length: 10_000 }, after).filter(each => each >= low! && each <= high!).length
    expect(within / 10_000, name).toBeGreaterThan(0.86)
    expect(within / 10_000, name).toBeLessThan(0.94)
  }
})

describe('the learning period', () => {
  test('is over when the device was connected for long enough and has said enough', () => {
    const habit = new Habit({ learning: 60_000, messages: 20 })
    // Ten messages, and an hour between two connections that does not count.
    habit.run(10, () => 1_000)
    habit.here.now += 3_600_000
    habit.reconnect()
    habit.run(5, () => 1_000)
    expect(habit.say(0, { topic: 'another' })).toBe('-')
    habit.run(60, () => 1_000)
    expect(habit.say(0, { topic: 'a third' })).toBe('rhythm_topic')
  })

  test('is each mode its own: a mode that was not learned is learned, not judged', () => {
    const habit = new Habit()
    habit.here.mode = 0
    habit.run(100, () => 1_000)
    expect(habit.say(1_000, { topic: 'x' })).toBe('rhythm_topic')
    habit.here.mode = 2
    expect(habit.run(300, () => 300, { size: 500 })).toEqual([])
    expect(habit.say(300, { topic: 'x' })).toBe('rhythm_topic')
    habit.here.mode = 0
    expect(habit.run(300, () => 1_000)).toEqual([])
    expect(habit.run(40, () => 300)[0]).toMatch(/rhythm_early/)
  })

  test('what is rare goes on being learned when it is over', () => {
    const habit = new Habit()
    habit.run(70, index => (index % 10 === 0 ? 1_000 : 999), { topic: 'often' })
    habit.reconnect()
    expect(habit.say(1_000, { topic: 'rare' })).toBe('rhythm_topic')
    const other = new Habit()
    other.say(0, { topic: 'rare' })
    other.run(70, () => 1_000, { topic: 'often' })
    expect(other.run(30, () => 5_000, { topic: 'rare', size: 4_000 })).toEqual([])
  })
})

test('a topic that is known from one mode is nothing new in another: its timing is learned there', () => {
  const habit = new Habit()
  habit.here.mode = 0
  habit.say(0, { topic: 'hello' })
  habit.run(70, () => 1_000)
  habit.here.mode = 1
  habit.run(70, () => 1_000)
  habit.reconnect()
  expect(habit.say(1_000, { topic: 'hello' })).toBe('-')
  expect(habit.say(0, { topic: 'other' })).toBe('rhythm_topic')
})

test('during maintenance nothing is judged and nothing learned', () => {
  const habit = pump()
  const before = habit.lane.rhythm.slice()
  habit.here.maintenance = true
  expect(habit.run(100, () => 10, { size: 9_999, topic: 'service' })).toEqual([])
  expect(habit.lane.rhythm).toEqual(before)
  habit.here.maintenance = false
  expect(habit.run(100, () => 2_000)).toEqual([])
  expect(habit.say(0, { topic: 'service' })).toBe('rhythm_topic')
})

test('what does not fit is neither learned nor judged; what a device hears takes half of the room at most', () => {
  const habit = new Habit()
  for (let i = 0; i < 2 * ENTRIES; i++) habit.say(0, { ...RECEIVE, topic: `heard/${i}` })
  expect(habit.lane.rhythm[RhythmHead.downs]).toBe(MOST_DOWNS)
  habit.run(70, () => 1_000)
  expect(habit.say(0, { ...RECEIVE, topic: 'never heard' })).toBe('-')
  expect(habit.run(40, () => 100)[0]).toMatch(/rhythm_early/)
})

test('the busiest minute is of time in the mode, also where no stay is as long', () => {
  const habit = new Habit({ learning: 240_000 })
  for (let stay = 0; stay < 20; stay++) {
    habit.here.mode = stay % 2
    habit.run(60, () => 500)
  }
  for (const mode of [0, 1]) expect(habit.lane.rhythm[modeAt(modeSlot(mode)) + RhythmMode.busiest]).toBeCloseTo(122, -1)
})

test('the names of topics are told once, when they get an entry', () => {
  const named: string[] = []
  const habit = new Habit({ named: (_, __, topic) => named.push(topic) })
  habit.run(5, () => 100)
  habit.reconnect()
  habit.run(5, () => 100)
  habit.say(0, { ...RECEIVE, topic: 'set' })
  expect(named).toEqual([STATE, 'set'])
})
