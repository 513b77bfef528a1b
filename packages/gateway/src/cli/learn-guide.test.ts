import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULTS } from '@ringwall/learn/series'
import { expect, test } from 'vitest'

const DOCS = join(import.meta.dirname, '../../../../docs')

test('the guide says what the detector does where nothing is said', () => {
  const guide = readFileSync(join(DOCS, 'learn.md'), 'utf8')
  const short = (value: number) => String(value).replace(/^0/, '')
  expect(guide).toContain(`ends at ${short(DEFAULTS.off)} or below`)
  expect(guide).toContain(`(${short(DEFAULTS.falseAlarms)} unless said`)
})

const imported = readdirSync(DOCS)
  .filter(page => /^learn.*\.md$/.test(page))
  .flatMap(page =>
    Array.from(
      readFileSync(join(DOCS, page), 'utf8').matchAll(/import \{([^}]+)\} from '(@ringwall\/learn[^']*)'/g),
      ([, names = '', from = '']) => ({ page, from, names: names.split(',').map(name => name.trim()) }),
    ),
  )

test('the pages have code that imports', () => {
  expect(imported.length).toBeGreaterThanOrEqual(8)
})

test.each(imported)('what $page imports from $from is there', async ({ from, names }) => {
  const source = (await import(from)) as Record<string, unknown>
  expect(names.filter(name => source[name] === undefined)).toEqual([])
})
