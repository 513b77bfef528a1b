import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Trail } from './trail.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-trail-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('each order is one line behind the former ones, whoever opened the file, and for its owner only', () => {
  const path = join(folder, 'data', 'audit.jsonl')
  new Trail(path).append(0, 'bypass_on', { by: 'anna', reason: 'two\nlines' })
  new Trail(path).append(1_000, 'bypass_off', { by: 'bert' })
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  expect(lines.map(line => JSON.parse(line))).toEqual([
    { version: 1, time: '1970-01-01T00:00:00.000Z', what: 'bypass_on', by: 'anna', reason: 'two\nlines' },
    { version: 1, time: '1970-01-01T00:00:01.000Z', what: 'bypass_off', by: 'bert' },
  ])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('where nothing can be written, that is an error', () => {
  const inTheWay = join(folder, 'file')
  writeFileSync(inTheWay, '')
  chmodSync(inTheWay, 0o600)
  expect(() => new Trail(join(inTheWay, 'audit.jsonl')).append(0, 'x', {})).toThrow(/audit_unwritable/)
})
