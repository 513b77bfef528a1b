import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-constraints-'))
  writeFileSync(join(folder, 'train.csv'), states(240))
  writeFileSync(join(folder, 'test.csv'), states(60))
  ringwall('fit', '--train', 'train.csv', '--label', 'state', '--algorithm', 'boosting', '--save', 'boosting.json')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function ringwall(...args: readonly string[]) {
  const options = { cwd: folder, encoding: 'utf8' } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], options)
  return { status, out: stdout, err: stderr }
}

const json = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value))
const attack = (model: string, ...more: readonly string[]) =>
  ringwall('attack', model, '--test', 'test.csv', '--label', 'state', ...more)

/** Three loads that lie apart. */
function states(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const load = 10 * ((i % 3) + 0.4 * Math.sin(i * 12.9898))
    return `${load.toFixed(3)},${i % 3 === 2 ? 'hot' : 'cold'},${['off', 'low', 'high'][i % 3]}`
  })
  return `load,mode,state\n${lines.join('\n')}\n`
}

test.each([
  ['no.txt', 'x', 'constraints_json'],
  ['key.json', { columns: { load: { frozen: true } } }, 'constraints_key'],
  ['top.json', { rules: {} }, 'constraints_key'],
  ['value.json', { columns: { load: { step: 0 } } }, 'constraints_value'],
  ['order.json', { columns: { load: { least: 2, most: 1 } } }, 'constraints_value'],
  ['law.json', { laws: [{ weights: {} }] }, 'constraints_value'],
  ['column.json', { columns: { lode: { fixed: true } } }, 'constraints_column'],
  ['words.json', { columns: { mode: { least: 0 } } }, 'constraints_column'],
  ['step.json', { columns: { load: { step: 1e-310 } } }, 'constraints_value'],
  ['nought.json', { laws: [{ weights: { load: 0 } }] }, 'constraints_value'],
])('constraints that are none are refused: %s', (name, value, code) => {
  if (value === 'x') writeFileSync(join(folder, name), '{"columns": ')
  else json(name, value)
  const { status, err } = attack('boosting.json', '--constraints', name)
  expect(status).toBe(2)
  expect(err).toContain(code)
  expect(err).toContain(name)
})

test('a key that stands twice in a file of constraints is refused', () => {
  writeFileSync(join(folder, 'twice.json'), '{"columns": {"load": {"least": 1, "most": 9, "least": 2}}}')
  const { status, err } = attack('boosting.json', '--constraints', 'twice.json')
  expect([status, err.includes("'least' stands twice in one object")]).toEqual([2, true])
})

test('constraints that rows break from the first are told, and laws that bind nothing', () => {
  const laws = [{ weights: { load: 1 }, most: -50 }]
  json('unfit.json', { columns: { load: { least: 100 } }, laws })
  const { status, out, err } = attack('boosting.json', '--epsilon', '.1', '--constraints', 'unfit.json', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(out).broken).toEqual([
    { rule: 'columns.load.least', rows: 60 },
    { rule: 'laws[0].most', rows: 60 },
  ])
  expect(err).toContain('constraints_broken')
  json('huge.json', { laws: [{ weights: { load: 1e307 }, most: -1e308 }] })
  const huge = attack('boosting.json', '--epsilon', '.1', '--constraints', 'huge.json', '--json')
  expect(JSON.parse(huge.out).broken).toEqual([{ rule: 'laws[0].most', rows: 60 }])
  json('idle.json', { columns: { load: { fixed: true } }, laws: [{ weights: { load: 1 } }] })
  const idle = attack('boosting.json', '--epsilon', '.1', '--constraints', 'idle.json')
  expect(idle.out).toContain('laws[0] weighs only columns that stay as they are, and binds nothing.')
})
