import { describe, expect, test } from 'vitest'
import { compileAllowList, expired, readAllowList } from './allow.ts'
import { alarmsOf, at, scenario } from './scenario.testkit.ts'

const entry = (parts: string) =>
  `allow:\n  - { scenario: one, owner: ada, reason: works, expires: 2026-06-30${parts} }\n`
const [alarm] = alarmsOf([scenario('on: [publish]\ngroupby: [device]\n')], [at(Date.UTC(2026, 5, 30, 23))])

describe('an entry covers', () => {
  test.each([
    [', device: pump-*', true],
    [', device: press-*', false],
    [', address: 10.0.0.0/8', true],
    [', address: 192.0.2.1', false],
    [', topic: plant/+', true],
    [', topic: plant/+/x', false],
    [', device: pump-1, topic: other', false],
    [', device: pump-1, topic: plant/#, address: 10.0.0.5', true],
  ])('%s: %s', (parts, covers) => {
    const { allowances, problems } = readAllowList(entry(parts), 'allow.yaml')
    expect(problems).toEqual([])
    expect(compileAllowList(allowances)(alarm)).toBe(covers)
  })

  test('its own scenario, or with * all', () => {
    const other = entry(', device: "*"').replace('one', 'two')
    expect(compileAllowList(readAllowList(other, 'a').allowances)(alarm)).toBe(false)
    const all = entry(', device: "*"').replace('one', '"*"')
    expect(compileAllowList(readAllowList(all, 'a').allowances)(alarm)).toBe(true)
  })

  test('until the end of its last day, and is told from then on', () => {
    const { allowances } = readAllowList(entry(', device: pump-1'), 'allow.yaml')
    const end = Date.UTC(2026, 6, 1)
    expect(compileAllowList(allowances)({ ...alarm, time: end - 1 })).toBe(true)
    expect(compileAllowList(allowances)({ ...alarm, time: end })).toBe(false)
    expect(expired(allowances, end - 1)).toEqual([])
    expect(expired(allowances, end)).toMatchObject([{ code: 'allow_expired', place: { file: 'allow.yaml', line: 2 } }])
  })
})

describe('what is refused', () => {
  test.each([
    [entry(', device: x').replace('owner: ada, ', ''), 'config_missing_key allow[0].owner'],
    [entry(', device: x').replace('reason: works, ', ''), 'config_missing_key allow[0].reason'],
    [entry(', device: x').replace(', expires: 2026-06-30', ''), 'config_missing_key allow[0].expires'],
    [entry(', device: x').replace('2026-06-30', 'never'), 'config_bad_value allow[0].expires'],
    [entry(', device: x').replace('2026-06-30', '2026-13-30'), 'allow_expires allow[0].expires'],
    [entry(''), 'allow_all allow[0]'],
    [entry(', devise: x'), 'config_unknown_key allow[0].devise'],
    [entry(', address: 10.0.0.0/99'), 'config_bad_value allow[0].address'],
  ])('%j', (text, wanted) => {
    expect(readAllowList(text, 'allow.yaml').problems.map(({ code, place }) => `${code} ${place.field}`)).toEqual([
      wanted,
    ])
  })
})
