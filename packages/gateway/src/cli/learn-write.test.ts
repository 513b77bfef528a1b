import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSecret, writeWhole } from './learn-write.ts'

let folder = ''
const at = (name: string): string => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-write-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what a killed process left behind stands in nobody’s way', () => {
  writeFileSync(`${at('model')}.${process.pid}.tmp`, 'half')
  writeWhole(at('model'), 'whole')
  expect(readFileSync(at('model'), 'utf8')).toBe('whole')
})

test('a secret is for its owner alone, also where a file that others read is replaced', () => {
  writeFileSync(at('rows'), 'old', { mode: 0o644 })
  writeWhole(at('rows'), 'new', 'secret')
  expect([statSync(at('rows')).mode & 0o777, readFileSync(at('rows'), 'utf8')]).toEqual([0o600, 'new'])
})

test('a failure on the way leaves nothing behind', () => {
  function* broken(): Generator<string> {
    yield 'a'
    throw new Error('broken')
  }
  expect(() => writeWhole(at('out'), broken())).toThrow('broken')
  expect(existsSync(at('out'))).toBe(false)
  expect(readdirSync(folder).filter(name => name.startsWith('out'))).toEqual([])
})

test('a secret is never made over a file that is there, which stays', () => {
  createSecret(at('key'), 'one')
  expect(() => createSecret(at('key'), 'two')).toThrow(/EEXIST/)
  expect([readFileSync(at('key'), 'utf8'), statSync(at('key')).mode & 0o777]).toEqual(['one', 0o600])
})
