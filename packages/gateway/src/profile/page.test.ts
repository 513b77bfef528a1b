import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { controller, problems } from './profile.testkit.ts'
import { AFFORDANCE_TERMS } from './signals.ts'

const PAGE = readFileSync(new URL('../../../../docs/profiles.md', import.meta.url), 'utf8')
const [flow = {}, level = {}] = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text!))

test('the profiles of the page compile together', () => {
  const modes = { enum: ['start-up', 'normal', 'shutdown'], 'rw:name': 'mode' }
  const state = { ...(controller() as { properties: { state: object } }).properties.state, properties: { mode: modes } }
  expect(problems([flow, level, { ...controller(), properties: { state } }])).toEqual([])
})

test('the page begins with one that needs nothing else', () => {
  expect(problems([flow], { site: 'mill-3' })).toEqual([])
})

test('every code of the compiler is on the page', () => {
  const files = globSync(['../keys/profiles.ts', './*.ts'], { cwd: import.meta.dirname }).filter(
    file => !/\.test(kit)?\.ts$/.test(file),
  )
  const text = files.map(file => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n')
  const codes = new Set([...text.matchAll(/'((?:profile|mud)_[a-z_]+)'/g)].map(([, code]) => code!))
  expect(codes.size).toBeGreaterThan(15)
  for (const code of codes) expect(PAGE).toContain(`\`${code}\``)
})

test('every term of an affordance is on the page', () => {
  for (const term of AFFORDANCE_TERMS) expect(PAGE).toContain(`\`${term}\``)
})
