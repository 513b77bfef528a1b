import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { book, controller, problems, sensor } from './profile.testkit.ts'

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
  for (const code of ['profile_lane_full', 'profile_mode', 'profile_td']) expect(PAGE).toContain(code)
  expect(book([sensor()]).slots).toBeGreaterThan(0)
})
