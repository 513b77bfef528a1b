import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderStore } from './folder-store.ts'

let base: string
let store: FolderStore
const read = (_: string, text: string): string => text
const at = (name: string): string => join(base, 'kept', name)

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'ringwall-store-'))
  store = new FolderStore(join(base, 'kept'), 'rhythm')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

test('where nothing was written there is nothing, and no folder is made', async () => {
  expect((await store.load(read, 10)).kept.size).toBe(0)
  expect(existsSync(at(''))).toBe(false)
})

test('what was written is read again, only its owner can', async () => {
  await store.put('pump-1', 'one')
  await store.put('pump-1', 'two')
  await store.put('a.b_c', 'ä\n')
  const { kept, broken } = await store.load(read, 10)
  expect([...kept]).toEqual([
    ['a.b_c', 'ä\n'],
    ['pump-1', 'two'],
  ])
  expect(broken).toEqual([])
  expect(statSync(at('pump-1.rhythm')).mode & 0o777).toBe(0o600)
  expect(statSync(at('')).mode & 0o777).toBe(0o700)
  expect(readdirSync(at(''))).toEqual(['a.b_c.rhythm', 'pump-1.rhythm'])
})

test('a crash between writing and renaming leaves what was there before', async () => {
  await store.put('pump-1', 'before')
  const whole = readFileSync(at('pump-1.rhythm'))
  writeFileSync(at('pump-1.rhythm.new'), whole.subarray(0, 40))
  expect((await store.load(read, 10)).kept.get('pump-1')).toBe('before')
  expect(existsSync(at('pump-1.rhythm.new'))).toBe(false)
})

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
  ['empty', () => Buffer.alloc(0)],
  ['changed in one bit', (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 70 ? byte ^ 1 : byte)))],
  ['something else', () => Buffer.from('{}')],
])('a file that is %s is set aside, and the others are read', async (_, damage) => {
  await store.put('bad', 'a text of some length')
  await store.put('good', 'a text')
  writeFileSync(at('bad.rhythm'), damage(readFileSync(at('bad.rhythm'))))
  const { kept, broken } = await store.load(read, 10)
  expect([...kept.keys()]).toEqual(['good'])
  expect(broken).toEqual([{ path: at('bad.rhythm.broken'), why: expect.stringContaining('digest') }])
  expect(readdirSync(at(''))).toEqual(['bad.rhythm.broken', 'good.rhythm'])
  expect((await store.load(read, 10)).broken).toEqual([])
})

test('what its reader refuses is set aside as well; what is too much is left', async () => {
  for (const name of ['a', 'b', 'c']) await store.put(name, name)
  const refuse = (name: string, text: string): string => {
    if (name === 'a') throw new Error('another version')
    return text
  }
  const { kept, broken } = await store.load(refuse, 1)
  expect([...kept.keys()]).toEqual(['b'])
  expect(broken.map(({ why }) => why)).toEqual(['another version'])
  expect(existsSync(at('c.rhythm'))).toBe(true)
})
