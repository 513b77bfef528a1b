import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

test('what the package exports imports only itself: no Node module, no dependency', () => {
  const seen = new Set<string>()
  const foreign: string[] = []
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const [, name] of readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      if (name.startsWith('.')) visit(join(dirname(path), name))
      else foreign.push(`${path}: ${name}`)
    }
  }
  visit(join(import.meta.dirname, 'index.ts'))
  expect(foreign).toEqual([])
  expect(seen.size).toBeGreaterThan(20)
})
