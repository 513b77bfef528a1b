import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { learnVerb } from './learn.ts'
import { printedBy } from './verb.testkit.ts'

const folder = mkdtempSync(join(tmpdir(), 'ringwall-labels-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

/** Writes a table and sanitizes its labels. */
function sanitize(text: string, ...more: string[]) {
  writeFileSync(at('in.csv'), text)
  const args = ['learn', 'sanitize', at('in.csv'), '--label', 'state', '--out', at('out.csv'), '--json', ...more]
  return printedBy([learnVerb], args)
}

const STATES = ['off', 'low', 'high']

/** Three states, told by a load and a mode. */
function states(wrong: number): string {
  const lines = Array.from({ length: 240 }, (_, row) => {
    const state = row % 3
    const load = state + 0.3 * ((Math.sin(row * 12.9898) * 43758.5453) % 1)
    return `${load.toFixed(3)},${state === 2 ? 'hot' : 'cold'},${STATES[row === wrong ? (state + 1) % 3 : state]}`
  })
  return `load,mode,state\n${lines.join('\n')}\n`
}

test('a label that its row contradicts goes with its reason, status 1; a table of good labels stays whole, status 0', async () => {
  const { status, out } = await sanitize(states(9))
  expect(status).toBe(1)
  expect(JSON.parse(out).removals).toEqual([
    expect.objectContaining({
      code: 'label_doubtful',
      row: 9,
      label: 'low',
      likelier: 'off',
      why: expect.stringContaining('of class off with'),
    }),
  ])
  expect(readFileSync(at('out.csv'), 'utf8').trim().split('\n')).toHaveLength(240)
  const good = await sanitize(states(-1))
  expect([good.status, JSON.parse(good.out).removals]).toEqual([0, []])
})

test('what cannot be sanitized is told, status 2', async () => {
  const missing = await sanitize('load,state\n1,off\n2,\n')
  expect([missing.status, missing.out]).toEqual([2, expect.stringContaining('label_missing')])
  const few = await sanitize('load,state\n1,off\n2,low\n')
  expect([few.status, few.out]).toEqual([2, expect.stringMatching(/rows_too_few.*"class off has 1 rows/)])
  const both = await sanitize(states(9), '--limit', '8')
  expect([both.status, both.out]).toEqual([2, expect.stringContaining('--label and --limit')])
})
