import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Document } from './document.ts'
import { FolderStore } from './folder-store.ts'

let folder: string
const open = (version = 2): Document => new Document(new FolderStore(join(folder, 'data'), 'state'), 'some', version)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-document-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what was written is read', async () => {
  expect(await open().read()).toEqual({ kind: 'none' })
  await open().write(() => ({ a: [1, 'ü'] }))
  expect(await open().read()).toEqual({ kind: 'read', body: { a: [1, 'ü'] } })
})

test('of many writes at once the last counts, and each waits until it or a later one is there', async () => {
  const document = open()
  const behind: number[] = []
  const kept = () => JSON.parse(readFileSync(join(folder, 'data', 'some.state'), 'utf8').slice(65)).body
  await Promise.all(Array.from({ length: 50 }, (_, i) => document.write(() => i).then(() => behind.push(kept() - i))))
  expect(behind.length).toBe(50)
  expect(Math.min(...behind)).toBe(0)
  expect(await document.read()).toEqual({ kind: 'read', body: 49 })
})

test('one of another version is set aside and told', async () => {
  await open(3).write(() => 'newer')
  expect(await open().read()).toEqual({
    kind: 'broken',
    path: join(folder, 'data', 'some.state.broken'),
    why: 'it is of version 3, and 2 is read',
  })
  expect(await open().read()).toEqual({ kind: 'none' })
})

test('where nothing can be written, that is told each time, and a later write may still succeed', async () => {
  const document = open()
  writeFileSync(join(folder, 'data'), 'in the way')
  for (let i = 0; i < 2; i++) await expect(document.write(() => 1)).rejects.toThrow()
  rmSync(join(folder, 'data'))
  await document.write(() => 2)
  expect(await document.read()).toEqual({ kind: 'read', body: 2 })
})
