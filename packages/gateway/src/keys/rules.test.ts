import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfigError } from '../config/index.ts'
import { readRules } from './rules.ts'

let folder: string
const at = (name: string) => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-rules-'))
  for (const name of ['b.rules', 'a.rules']) writeFileSync(at(name), `# ${name}`)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('files are read in order, each once', () => {
  const files = [at('b.rules'), at('*.rules')]
  expect(readRules({ rules: { files, vars: {} } })).toEqual([
    { file: at('b.rules'), text: '# b.rules' },
    { file: at('a.rules'), text: '# a.rules' },
  ])
})

test('what is not there is told with its place in the configuration', () => {
  const files = [at('a.rules'), at('none.rules'), at('none*.rules')]
  try {
    readRules({ rules: { files, vars: {} } })
    expect.unreachable()
  } catch (error) {
    expect((error as ConfigError).problems).toMatchObject([
      { code: 'rules_unreadable', place: { file: at('none.rules'), field: 'rules.files[1]' } },
      { code: 'rules_none', place: { field: 'rules.files[2]' } },
    ])
    expect(error).toBeInstanceOf(ConfigError)
  }
})
