import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Happening } from '../../evidence/happening.ts'
import { alarmsOf, at } from '../scenario/scenario.testkit.ts'
import { isSigma } from './is-sigma.ts'
import { boundedPattern } from './pattern.ts'
import { readSigma } from './read.ts'

const HEAD = `title: Odd words
level: high
tags: [attack.discovery, attack.t0846]
logsource: { product: ringwall, service: events }
`
const rule = (detection: string) => `${HEAD}detection:\n${detection}`

/** Whether a rule's detection fits a happening. */
function fits(detection: string, parts: Partial<Happening> = {}): boolean {
  const { scenarios, problems } = readSigma(rule(detection), 'a.yml')
  expect(problems).toEqual([])
  return alarmsOf(scenarios, [at(1_000, parts)]).length === 1
}

describe('a detection', () => {
  test.each([
    ['  s: { kind: publish, device: PUMP-1 }\n  condition: s\n', true],
    ['  s: { kind: publish, device: pump-2 }\n  condition: s\n', false],
    ['  s: { topic: [a, plant/*] }\n  condition: s\n', true],
    ['  s: { topic: plant/? }\n  condition: s\n', true],
    ['  s: { topic|contains: LANT }\n  condition: s\n', true],
    ['  s: { topic|contains|cased: LANT }\n  condition: s\n', false],
    ['  s: { topic|contains|all: [pl, zz] }\n  condition: s\n', false],
    ['  s: { topic|startswith: plant, topic|endswith: /x }\n  condition: s\n', true],
    ['  s: { topic|re: "^pl.+/x$" }\n  condition: s\n', true],
    ['  s: { address|cidr: [192.0.2.0/24, 10.0.0.0/8] }\n  condition: s\n', true],
    ['  s: { bytes|gt: 5, bytes|lte: 7 }\n  condition: s\n', true],
    ['  s: { bytes: 7 }\n  condition: s\n', true],
    ['  s: { retain: false, user: null }\n  condition: s\n', true],
    ['  s: [{ qos: 2 }, { qos: 0 }]\n  condition: s\n', true],
    ['  a: { qos: 0 }\n  b: { qos: 1 }\n  condition: a and not b\n', true],
    ['  a: { qos: 1 }\n  b: { qos: 0 }\n  condition: a or b and not (a or not b)\n', true],
    ['  s1: { qos: 1 }\n  s2: { qos: 0 }\n  f: { qos: 2 }\n  condition: 1 of s* and not f\n', true],
    ['  s1: { qos: 1 }\n  s2: { qos: 0 }\n  condition: all of s*\n', false],
    ['  s1: { qos: 0 }\n  _x: { qos: 1 }\n  condition: all of them\n', true],
  ])('%j: %s', (detection, wanted) => {
    expect(fits(detection, { bytes: 7 })).toBe(wanted)
  })

  test('not, and and or bind as in Boolean algebra', () => {
    const flags = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean())
    fc.assert(
      fc.property(flags, ([a, b, c]) => {
        const parts = { qos: Number(a), packet: Number(b), keepAlive: Number(c) }
        const selections = '  a: { qos: 1 }\n  b: { packet: 1 }\n  c: { keepAlive: 1 }\n'
        expect(fits(`${selections}  condition: not a and b or c\n`, parts)).toBe((!a && b) || c)
        expect(fits(`${selections}  condition: not (a and (b or c))\n`, parts)).toBe(!(a && (b || c)))
      }),
      { numRuns: 50, seed: 8 },
    )
  })

  test('becomes a scenario with its technique, level and labels', () => {
    const { scenarios } = readSigma(rule('  s: { qos: 0 }\n  condition: s\n'), 'a.yml')
    expect(scenarios).toMatchObject([
      { name: 'odd-words', technique: 'T0846', severity: 'high', labels: ['sigma', 'attack.discovery'] },
    ])
    expect(alarmsOf(scenarios, [at(1_000)])[0]?.why).toBe('pump-1: Odd words (1 events)')
  })
})

const BASE = `${HEAD}name: odd
detection:
  s: { qos: 0 }
  condition: s
---
${HEAD.replace('Odd words', 'Even words')}name: even
detection:
  s: { qos: 1 }
  condition: s
---
title: Many
level: critical
correlation:
`
const correlated = (text: string) => readSigma(BASE + text, 'a.yml')

describe('a correlation', () => {
  test('counts events of its rules within a time, by group', () => {
    const { scenarios, problems } = correlated(
      '  type: event_count\n  rules: [odd]\n  group-by: [device]\n  timespan: 10s\n  condition: { gte: 3 }\n',
    )
    expect(problems).toEqual([])
    expect(scenarios.map(({ name }) => name)).toEqual(['even', 'many'])
    const many = scenarios.filter(({ name }) => name === 'many')
    expect(alarmsOf(many, [at(1_000), at(5_000), at(11_000)]).map(({ time }) => time)).toEqual([11_000])
    expect(alarmsOf(many, [at(1_000), at(5_000), at(11_001)])).toEqual([])
    expect(alarmsOf(many, [at(1_000), at(5_000), at(6_000, { device: 'pump-2' })])).toEqual([])
  })

  test('counts different values', () => {
    const { scenarios } = correlated(
      '  type: value_count\n  rules: [odd, even]\n  timespan: 1m\n  condition: { gt: 1, field: topic }\n',
    )
    expect(alarmsOf(scenarios, [at(1_000), at(2_000), at(3_000, { qos: 1, topic: 'y' })])).toHaveLength(1)
    expect(alarmsOf(scenarios, [at(1_000), at(2_000), at(3_000)])).toEqual([])
  })

  test.each([
    ['temporal', 1],
    ['temporal_ordered', 0],
  ])('%s', (type, count) => {
    const { scenarios } = correlated(`  type: ${type}\n  rules: [odd, even]\n  group-by: [device]\n  timespan: 10s\n`)
    expect(alarmsOf(scenarios, [at(1_000), at(2_000, { qos: 1 })])).toHaveLength(1)
    expect(alarmsOf(scenarios, [at(1_000, { qos: 1 }), at(2_000)])).toHaveLength(count)
    expect(alarmsOf(scenarios, [at(1_000, { qos: 1 }), at(12_000)])).toEqual([])
  })
})

describe('what is not supported is refused with file, line and key', () => {
  test.each([
    ['  s: { topik: x }\n  condition: s\n', 'sigma_selection 6:8 detection.s.topik'],
    ['  s: { topic|base64: x }\n  condition: s\n', 'sigma_selection 6:8 detection.s.topic|base64'],
    ['  s: { topic|re: "(a+)+" }\n  condition: s\n', 'sigma_selection 6:8 detection.s.topic|re'],
    ['  s: [x, y]\n  condition: s\n', 'sigma_detection 6:7 detection.s[0]'],
    ['  s: { qos: 0 }\n  condition: t\n', 'sigma_condition 7:14 detection.condition'],
    ['  s: { qos: 0 }\n  condition: s | count() > 5\n', 'sigma_condition 7:14 detection.condition'],
    ['  s: { qos: 0 }\n  timeframe: 5m\n  condition: s\n', 'sigma_detection 7:14 detection.timeframe'],
    ['  s: { qos: high }\n  condition: s\n', 'sigma_selection 6:8 detection.s.qos'],
  ])('%j', (detection, wanted) => {
    const [first] = readSigma(rule(detection), 'a.yml').problems
    expect(`${first?.code} ${first?.place.line}:${first?.place.column} ${first?.place.field}`).toBe(wanted)
    expect(first?.place.file).toBe('a.yml')
  })

  test('other log sources, unknown keys, rules that are not there', () => {
    const codes = (text: string) => readSigma(text, 'a.yml').problems.map(({ place }) => `${place.line} ${place.field}`)
    const good = rule('  s: { qos: 0 }\n  condition: s\n')
    expect(codes(good.replace('ringwall', 'windows'))).toEqual(['4 logsource.product'])
    expect(codes(good.replace('level', 'levl'))).toEqual(['2 levl'])
    expect(codes(`${BASE}  type: temporal\n  rules: [odd, evn]\n  timespan: 1s\n`)).toContain('23 correlation.rules[1]')
    expect(codes(`${BASE}  type: event_count\n  rules: [odd]\n  timespan: 1s\n`)).toEqual(['21 correlation.condition'])
  })
})

test('patterns are bounded: two that have no end over 512 characters', () => {
  for (const bad of ['(a*)*', '(a|a)+', '(?=a)', '(a)\\1', 'a*b*c*', 'a{1,1000}', '(', 'a'.repeat(201)]) {
    expect(boundedPattern(bad)).toHaveProperty('hint')
    for (const bad of [`${'a?'.repeat(60)}b`, `${'a??'.repeat(60)}b`, '(a|a)'.repeat(39), '(?:a|a)'.repeat(28)]) {
      expect(boundedPattern(bad)).toHaveProperty('what', expect.stringContaining('ways to match'))
    }
    expect(boundedPattern('a{1,99}a{1,99}b')).toHaveProperty('hint')
    for (const good of ['^plant/(pump|valve)-[0-9]{1,20}/set$', '^(on|off|up|down|left|right)$', 'x?a+b{2}c*?']) {
      expect(boundedPattern(good)).toBeTypeOf('function')
    }
  }
  const pattern = boundedPattern('^a*a*b$')
  if (!(typeof pattern === 'function')) throw new Error('refused')
  expect(pattern('a'.repeat(100_000))).toBe(false)
})

test('a file of Sigma rules is told from a scenario', () => {
  expect(isSigma(HEAD)).toBe(true)
  expect(isSigma('name: x\non: [publish]\n')).toBe(false)
})
