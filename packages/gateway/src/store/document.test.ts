import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DocumentFile } from './document.ts'

let folder: string
let path: string
let file: DocumentFile

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-document-'))
  path = join(folder, 'data', 'state.json')
  file = new DocumentFile(path, 'test', 2)
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what was written is read, by its owner only, and nothing else lies about', async () => {
  expect(await file.read()).toEqual({ kind: 'none' })
  await file.write(() => ({ a: [1, 'ü'] }))
  expect(await new DocumentFile(path, 'test', 2).read()).toEqual({ kind: 'read', body: { a: [1, 'ü'] } })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700)
  expect(readdirSync(join(folder, 'data'))).toEqual(['state.json'])
})

test('of many writes at once the last counts, and each waits until it or a later one is there', async () => {
  const seen: number[] = []
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      file.write(() => i).then(() => seen.push(JSON.parse(readFileSync(path, 'utf8')).body - i)),
    ),
  )
  expect(seen.length).toBe(50)
  expect(Math.min(...seen)).toBe(0)
  expect(await file.read()).toEqual({ kind: 'read', body: 49 })
})

test.each([
  '',
  '{',
  '[]',
  'null',
  '{"format":"other","version":2}',
  '{"format":"test","version":1,"body":1}',
  '"text"',
])('a file that holds %j is set aside and told', async text => {
  await file.write(() => 1)
  writeFileSync(path, text)
  expect(await file.read()).toMatchObject({ kind: 'broken', aside: `${path}.broken` })
  expect(readFileSync(`${path}.broken`, 'utf8')).toBe(text)
  expect(await file.read()).toEqual({ kind: 'none' })
})

test('a file of a newer version is left alone', async () => {
  await file.write(() => 1)
  await new DocumentFile(path, 'test', 3).write(() => 'newer')
  await expect(file.read()).rejects.toMatchObject({ code: 'state_unreadable', place: { file: path } })
  expect(readFileSync(path, 'utf8')).toContain('newer')
})

test('a crash before the new file took its place leaves the old one', async () => {
  await file.write(() => 'old')
  writeFileSync(`${path}.new`, '{"format":"test","ver')
  expect(await file.read()).toEqual({ kind: 'read', body: 'old' })
  await file.write(() => 'new')
  expect(await file.read()).toEqual({ kind: 'read', body: 'new' })
})

test('where nothing can be written, that is told each time, and a later write may still succeed', async () => {
  writeFileSync(join(folder, 'data'), 'in the way')
  for (let i = 0; i < 2; i++) await expect(file.write(() => 1)).rejects.toMatchObject({ code: 'state_unwritable' })
  expect(await file.read()).toEqual({ kind: 'none' })
  rmSync(join(folder, 'data'))
  await file.write(() => 2)
  expect(existsSync(path)).toBe(true)
})
