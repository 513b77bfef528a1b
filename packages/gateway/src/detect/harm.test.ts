import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAllowList } from './scenario/allow.ts'
import { readCases } from './scenario/cases.ts'
import { readScenario } from './scenario/read.ts'
import { readSigma } from './sigma/read.ts'

const pack = globSync(new URL('../../../../rules/scenarios/*.yaml', import.meta.url).pathname)
const texts = pack.map(file => readFileSync(file, 'utf8'))
const SIGMA = `title: One
name: one
logsource: { product: ringwall, service: events }
detection:
  a: { topic|contains: [x, y], bytes|gt: 3, address|cidr: 10.0.0.0/8 }
  b: [{ topic|re: "^a+b$" }, { user: null }]
  condition: 1 of a* and not (b or all of them)
---
title: Many
correlation: { type: value_count, rules: [one], timespan: 5m, group-by: [device], condition: { field: topic, gte: 5 } }
`
const ALLOW =
  'allow:\n  - { scenario: "*", device: a*, address: 10.0.0.0/8, topic: a/#, owner: a, reason: b, expires: 2027-01-01 }\n'

const scraps = [
  '',
  '\n',
  ' ',
  '- ',
  ': ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '0',
  '-1',
  '1e999',
  'null',
  'true',
  '~',
  '|',
  '&&',
  '(',
  '#',
  '---\n',
  '€',
  '\u0000',
]

/** A text with some of its pieces cut out, doubled, or replaced by scraps. */
const harmed = (sources: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...sources),
      fc.array(fc.tuple(fc.nat(2_000), fc.nat(12), fc.constantFrom(...scraps)), { minLength: 1, maxLength: 4 }),
    )
    .map(([source, wounds]) =>
      wounds.reduce((text, [at, length, scrap]) => {
        const from = text.length === 0 ? 0 : at % text.length
        return text.slice(0, from) + scrap + text.slice(from + length)
      }, source),
    )

test.each([
  ['scenarios', texts, (text: string) => readScenario(text, 'a.yaml')],
  ['their tests', texts, (text: string) => readCases(text, 'a.yaml')],
  ['Sigma rules', [SIGMA], (text: string) => readSigma(text, 'a.yaml')],
  ['allow-lists', [ALLOW], (text: string) => readAllowList(text, 'a.yaml')],
] as const)('%s that were harmed are read, or refused with a place, and never crash', (_, sources, read) => {
  let refused = 0
  fc.assert(
    fc.property(harmed(sources), text => {
      const { problems } = read(text)
      for (const { code, what, hint, place } of problems) {
        expect([code, what, hint].every(each => each.length > 0)).toBe(true)
        expect(place.line).toBeGreaterThan(0)
      }
      refused += problems.length > 0 ? 1 : 0
    }),
    { numRuns: 600, seed: 9 },
  )
  expect(refused).toBeGreaterThan(100)
})
