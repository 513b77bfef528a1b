import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFolder, nearestFolder } from './folder.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-folder-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('missing folders are made with their mode, and one that is there is fine', () => {
  const deep = join(folder, 'a/b/c')
  expect(nearestFolder(deep)).toBe(folder)
  makeFolder(deep, 0o700)
  makeFolder(deep, 0o700)
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
  expect(nearestFolder(deep)).toBe(deep)
})

test('a file in the way is an error', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeFolder(join(folder, 'file'), 0o700)).toThrow('EEXIST')
  expect(() => makeFolder(join(folder, 'file/x'), 0o700)).toThrow('ENOTDIR')
})

test.runIf(process.platform === 'linux')('a file system that takes no folder is an error at once', () => {
  expect(() => makeFolder('/proc/ringwall/run', 0o700)).toThrow('ENOENT')
})
