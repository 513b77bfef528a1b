import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { keyTable, withKeyTable } from './document.ts'
import { jsonSchema, jsonSchemaText } from './json-schema.ts'
import { makeConfig } from './load.ts'
import { ConfigError } from './problem.ts'
import { PAGE_FILE, SCHEMA_FILE } from './publish.ts'
import { SAMPLE } from './sample.ts'
import { shape } from './schema.ts'
import type { Shape } from './shape.ts'

const checker = Compile(jsonSchema() as TSchema)

test('the published schema and page are fresh (run src/config/publish.ts)', () => {
  expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(jsonSchemaText())
  const page = readFileSync(PAGE_FILE, 'utf8')
  expect(withKeyTable(page)).toBe(page)
  expect(page).toContain(keyTable())
})

test('the published schema takes the examples', () => {
  const examples = [...readFileSync(PAGE_FILE, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(match => match[1]!)
  for (const text of [SAMPLE, ...examples]) expect(checker.Check(parse(text))).toBe(true)
})

test('every key is described by a sentence', () => {
  const visit = (each: Shape, path: string) => {
    expect(each.description, path).toMatch(/\.$/)
    for (const [key, inner] of Object.entries({ ...each.properties, ...each.patternProperties }))
      visit(inner, `${path}.${key}`)
    if (each.items !== undefined) visit(each.items, `${path}[]`)
  }
  visit(shape, '')
})

/** Whether the file is refused for its form: kinds and combinations are beyond what JSON Schema says. */
function formProblems(value: object): string[] {
  try {
    makeConfig(value, 'x.yaml')
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const beyond = ['config_conflict', 'config_not_yet', 'config_duplicate', 'config_unknown_role']
    return error.problems.map(({ code }) => code).filter(code => !beyond.includes(code))
  }
}

test('the published schema and the reader agree on what a file may look like', () => {
  const paths: string[][] = []
  const collect = (each: Shape, path: string[]) => {
    for (const [key, inner] of Object.entries(
      each.anyOf?.find(one => one.type === 'object')?.properties ?? each.properties ?? {},
    )) {
      paths.push([...path, key])
      collect(inner, [...path, key])
    }
  }
  collect(shape, [])
  const value = fc.constantFrom<unknown>(
    0,
    1,
    -1,
    2.5,
    70_000,
    '',
    'x',
    '10s',
    '1KiB',
    '5/s',
    'off',
    'observe',
    true,
    [],
    {},
    [1],
    ['a'],
    '1.5.5s',
  )
  fc.assert(
    fc.property(fc.constantFrom(...paths), value, (path, mutation) => {
      const file = parse(SAMPLE) as Record<string, unknown>
      let inner = file
      for (const key of path.slice(0, -1)) {
        inner[key] = typeof inner[key] === 'object' ? inner[key] : {}
        inner = inner[key] as Record<string, unknown>
      }
      inner[path.at(-1)!] = mutation
      const accepted = formProblems(file).length === 0
      // The reader may be stricter (ranges of units, kinds of text), never milder.
      if (accepted) expect(checker.Check(file), `${path.join('.')} = ${JSON.stringify(mutation)}`).toBe(true)
      const unlike = formProblems(file).filter(code => /unknown_key|missing_key|no_value/.test(code))
      if (unlike.length > 0) expect(checker.Check(file), path.join('.')).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})
