import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileLaw } from './index.ts'
import { BALANCE, table } from './law.testkit.ts'

const problems = (source: unknown) => {
  const result = compileLaw(source, table, { field: '/rw:invariants/0', file: 'level.td.json' })
  return result.ok
    ? []
    : result.problems.map(each => `${each.code} ${each.place.field?.slice(16)} ${each.place.column ?? ''}`.trim())
}

describe('laws', () => {
  test('the one of the documentation compiles', () => {
    const result = compileLaw(BALANCE, table, { field: '/rw:invariants/0' })
    expect(result).toMatchObject({ ok: true, compiled: { severity: 'high', on: [0], reads: [0, 1, 2, 3] } })
  })

  test.each([
    [null, ['profile_value']],
    [{ ...BALANCE, tolerence: 1 }, ['profile_unknown_term /tolerence']],
    [{ ...BALANCE, name: undefined }, ['profile_missing /name']],
    [{ ...BALANCE, check: 'true' }, ['profile_missing']],
    [{ ...BALANCE, tolerance: undefined }, ['profile_missing /tolerance']],
    [{ ...BALANCE, tolerance: -1 }, ['profile_value /tolerance']],
    [{ ...BALANCE, stale: '5 parsecs' }, ['profile_value /stale']],
    [{ ...BALANCE, drift: { window: '60s' } }, ['profile_value /drift']],
    [{ ...BALANCE, drift: { window: '60s', sum: 1, mean: 1 } }, ['profile_value /drift']],
    [{ ...BALANCE, severity: 'grave' }, ['profile_value /severity']],
    [{ ...BALANCE, on: [] }, ['profile_value /on']],
    [{ ...BALANCE, on: ['level-9/level'] }, ['law_series /on/0']],
    [{ ...BALANCE, on: ['pump-1/running'] }, ['law_series /on/0']],
    [{ ...BALANCE, values: { ...BALANCE.values, dt: 'flow-1/flow' } }, ['profile_value /values/dt']],
    [{ ...BALANCE, values: { ...BALANCE.values, x: 'flow-9/flow' } }, ['law_series /values/x']],
    [{ ...BALANCE, when: "mode == 'stopped'" }, ['cel_unknown /when 9']],
    [{ ...BALANCE, when: 'delta(level) > 0' }, ['cel_type /when 1']],
    [{ ...BALANCE, when: 'dt > 0' }, ['cel_unknown /when 1']],
    [{ ...BALANCE, residual: 'level > 1' }, ['cel_type /residual 1']],
    [{ ...BALANCE, residual: 'delta(mode)' }, ['cel_type /residual 1']],
    [{ ...BALANCE, say: 'level {level' }, ['cel_syntax /say 7']],
    [{ ...BALANCE, say: 'level {lvel}' }, ['cel_unknown /say 8']],
    [{ ...BALANCE, say: 'level }' }, ['cel_syntax /say 7']],
  ])('%#: %j', (source, wanted) => {
    expect(problems(source)).toEqual(wanted)
  })

  test('a profile for several devices names the one that it is compiled for', () => {
    const source = { ...BALANCE, on: ['${device}/level'], values: { ...BALANCE.values, level: '${device}/level' } }
    expect(compileLaw(source, table, { field: '', device: 'level-1' })).toMatchObject({
      ok: true,
      compiled: { on: [0] },
    })
    expect(compileLaw(source, table, { field: '', device: 'level-2' }).ok).toBe(false)
  })

  test('every example of the page compiles', () => {
    const page = readFileSync(new URL('../../../../../docs/invariants.md', import.meta.url), 'utf8')
    const [whole, more] = [...page.matchAll(/```json\n([^`]+)```/g)].map(found => found[1])
    expect(JSON.parse(whole)).toEqual(BALANCE)
    const readings = ['running', 'flow', 'top', 'bottom', 'level', 'temperature', 'power']
    const find = (name: string) => ({
      series: readings.indexOf(name),
      unit: '',
      states: name === 'running' ? ['false', 'true'] : [],
    })
    const laws = more.trim().split('\n')
    expect(laws.length).toBe(3)
    for (const law of laws) {
      const values = Object.fromEntries(readings.map(name => [name, name]))
      const result = compileLaw({ name: 'test', on: ['level'], values, ...JSON.parse(law) }, { find }, { field: '' })
      expect(result).toMatchObject({ ok: true })
    }
  })
})
