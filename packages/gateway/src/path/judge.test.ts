import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { act, lane, scene } from '../guards/guards.testkit.ts'
import { rate } from '../guards/rate.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { Judge, Outcome, type Plan, planOf } from './judge.ts'
import { guard } from './way.testkit.ts'

type Word = 'pass' | 'add' | 'slow' | 'end'
const NAMES = Object.fromEntries(Object.entries(Outcome).map(([name, value]) => [value, name]))

const saying = (word: Word, mode: 'observe' | 'enforce', name = `${mode}-${word}`) =>
  guard(
    (_, report) => {
      if (word === 'add') report.add('added', 'why', 'clause', 'low')
      if (word === 'slow') report.slow('slowed', 'why', 50)
      if (word === 'end') report.end('ended', 'why')
    },
    name,
    mode,
  )

function judged(plan: Plan, judge = new Judge()) {
  return NAMES[judge.judge(plan, act(), lane(), scene())]
}

describe('one guard', () => {
  test.each([
    ['pass', 'enforce', 'allow'],
    ['add', 'enforce', 'refuse'],
    ['slow', 'enforce', 'throttle'],
    ['end', 'enforce', 'disconnect'],
    ['pass', 'observe', 'allow'],
    ['add', 'observe', 'flag'],
    ['slow', 'observe', 'flag'],
    ['end', 'observe', 'flag'],
  ] as const)('that says %s in %s mode comes to %s', (word, mode, outcome) => {
    const judge = new Judge()
    expect(judged([saying(word, mode)], judge)).toBe(outcome)
    expect(judge.findings.map(({ guard }) => guard)).toEqual(word === 'pass' ? [] : [`${mode}-${word}`])
    expect(judge.wait).toBe(outcome === 'throttle' ? 50 : 0)
    expect(judge.refuses).toBe(outcome === 'refuse')
  })

  test('leaves its findings whole', () => {
    const judge = new Judge()
    judged([saying('add', 'observe', 'size')], judge)
    expect(judge.findings).toEqual([{ guard: 'size', code: 'added', severity: 'low', clause: 'clause', why: 'why' }])
  })
})

test('what is only noted flags the act, though the guard enforces, and stands behind what refuses', () => {
  const judge = new Judge()
  const noting = guard((_, report) => report.note('noted', 'why', 'clause'), 'noting')
  expect(judged([noting], judge)).toBe('flag')
  expect(judge.findings).toEqual([{ guard: 'noting', code: 'noted', severity: 'low', clause: 'clause', why: 'why' }])
  expect(judge.refuses).toBe(false)
  expect(judged([noting, saying('add', 'enforce')], judge)).toBe('refuse')
  expect(judge.findings.map(({ code }) => code)).toEqual(['added', 'noted'])
})

test('of a packet that is no act only those are asked who want to see its type', () => {
  const judge = new Judge()
  const asked: string[] = []
  const seeing = (name: string, packets?: number) => {
    const { guard: plain } = guard(() => void asked.push(name), name)
    return { guard: packets === undefined ? plain : { ...plain, packets }, mode: 'enforce' as const }
  }
  const plan = planOf([seeing('none'), seeing('acks', 1 << 4), seeing('both', (1 << 4) | (1 << 14))])
  expect(plan.packets).toBe((1 << 4) | (1 << 14))
  expect(planOf([seeing('none')]).packets).toBe(undefined)
  expect(judge.glance(plan, 4, act(), lane(), scene())).toBe(Outcome.allow)
  expect(judge.glance(plan, 14, act(), lane(), scene())).toBe(Outcome.allow)
  expect(asked).toEqual(['acks', 'both', 'both'])
})

const word = fc.constantFrom<Word>('pass', 'add', 'slow', 'end')
const entry = fc.record({ word, mode: fc.constantFrom<'observe' | 'enforce'>('observe', 'enforce') })

test('of many the hardest counts: end before slow before refuse before flag, and all are asked', () => {
  const judge = new Judge()
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), entries => {
      let asked = 0
      const counting = guard(() => void asked++, 'counting')
      const plan = entries.flatMap(({ word, mode }) => [saying(word, mode), counting])
      const enforced = (word: Word) => entries.some(each => each.word === word && each.mode === 'enforce')
      const found = entries.filter(each => each.word !== 'pass').length
      const expected = enforced('end')
        ? 'disconnect'
        : enforced('slow')
          ? 'throttle'
          : enforced('add')
            ? 'refuse'
            : found > 0
              ? 'flag'
              : 'allow'
      expect(judged(plan, judge)).toBe(expected)
      expect(asked).toBe(entries.length)
      if (found > 0) {
        expect(judge.findings.length).toBe(found)
        expect(judge.refuses).toBe(enforced('add'))
      }
    }),
  )
})

test('the finding that decided stands first, before what guards that only observe had to say', () => {
  const judge = new Judge()
  const first = (...plan: Plan) => {
    judged(plan, judge)
    return judge.findings.map(({ guard }) => guard)
  }
  expect(first(saying('add', 'observe', 'access'), saying('add', 'enforce', 'size'))).toEqual(['size', 'access'])
  expect(first(saying('add', 'enforce', 'access'), saying('end', 'enforce', 'score'))).toEqual(['score', 'access'])
  expect(first(saying('slow', 'enforce', 'rate'), saying('add', 'enforce', 'size'))).toEqual(['size', 'rate'])
  expect(first(saying('end', 'observe', 'score'), saying('slow', 'enforce', 'rate'))).toEqual(['rate', 'score'])
  expect(first(saying('add', 'enforce', 'a'), saying('add', 'enforce', 'b'))).toEqual(['a', 'b'])
})

test('a guard that counts is not asked about an act that waits and is judged again, but about all others', () => {
  let asked = 0
  const { guard: asking } = guard(() => void asked++, 'signature')
  const counting = { guard: { ...asking, counts: true as const }, mode: 'enforce' as const }
  expect(judged([saying('slow', 'enforce'), counting])).toBe('throttle')
  expect(asked).toBe(0)
  expect(judged([saying('slow', 'observe'), counting])).toBe('flag')
  expect(judged([saying('add', 'enforce'), counting])).toBe('refuse')
  expect(judged([saying('end', 'enforce'), counting])).toBe('disconnect')
  expect(asked).toBe(3)
})

test('nothing of one act is left for the next', () => {
  const judge = new Judge()
  expect(judged([saying('add', 'enforce'), saying('slow', 'enforce'), saying('end', 'enforce')], judge)).toBe(
    'disconnect',
  )
  const kept = judge.findings
  expect(judged([saying('add', 'observe')], judge)).toBe('flag')
  expect([judge.wait, judge.refuses, kept.length]).toEqual([0, false, 3])
  expect(judged([], judge)).toBe('allow')
})

test('a guard that throws leaves nothing for the act of the next device', () => {
  const judge = new Judge()
  const broken = guard(() => {
    throw new Error('broken')
  })
  expect(() => judged([saying('end', 'enforce'), broken], judge)).toThrow('broken')
  expect(judged([saying('add', 'observe')], judge)).toBe('flag')
  expect(judge.findings.length).toBe(1)
})

test('a guard in observe mode reports what it would in enforce mode', () => {
  const limits = { perSecond: 5, burst: 2 }
  const said = (mode: 'observe' | 'enforce') => {
    const judge = new Judge()
    const shared = new SharedLimits(16, 1)
    const judging = rate({ connection: limits, device: limits, topics: [], patience: 500 }, shared, 0)
    const [mine, here] = [lane(), scene()]
    const found: string[] = []
    for (here.now = 1_000; here.now < 9_000; here.now += 90) {
      const outcome = judge.judge([{ guard: judging, mode }], act(), mine, here)
      found.push(outcome === Outcome.allow ? '-' : judge.findings.map(({ code, why }) => `${code} ${why}`).join())
    }
    return found
  }
  expect(said('observe')).toEqual(said('enforce'))
  expect(new Set(said('observe').map(each => each.split(' ')[0]))).toEqual(
    new Set(['-', 'rate_slowed', 'rate_exceeded']),
  )
})
