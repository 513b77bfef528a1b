import { expect, test } from 'vitest'
import { advice } from './advice.ts'
import { parseConfig } from './load.ts'
import { SAMPLE } from './sample.ts'

const PROFILES = 'profiles: { files: [level.td.json] }\n'
const warned = (more: string) =>
  advice(parseConfig(`${SAMPLE}${more}`, 'ringwall.yaml')).map(
    ({ code, what, place }) => `${code} ${place.field}: ${what}`,
  )

test('a schema that is weaker than what judges the values behind it is worth a word', () => {
  expect(warned(`${PROFILES}rings: { integrity: enforce, physical: enforce }`)).toEqual([
    'schema_weaker guards.schema: schema is not enforced and invariant and command are',
  ])
  expect(warned(`${PROFILES}guards: { command: enforce }`)).toEqual([
    'schema_weaker guards.schema: schema is not enforced and command is',
  ])
  const group = 'groups: [{ name: old, devices: ["x-*"], guards: { schema: observe } }]'
  expect(warned(`${PROFILES}rings: { network: enforce, integrity: enforce }\n${group}`)).toEqual([
    'schema_weaker groups[0].guards.schema: schema is not enforced and invariant is',
  ])
})

test('nothing is said where all are enforced, all observed, or nothing is judged', () => {
  expect(warned(`${PROFILES}rings: { network: enforce, integrity: enforce, physical: enforce }`)).toEqual([])
  expect(warned(PROFILES)).toEqual([])
  expect(warned('rings: { integrity: enforce }')).toEqual([])
})
