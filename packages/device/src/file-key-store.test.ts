import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { enroll, FileKeyStore } from './file-key-store.ts'
import { SealedDevice } from './sealed-device.ts'

const SECRET = Uint8Array.from({ length: 32 }, (_, i) => 5 * i)
const code = (name: string) => expect.objectContaining({ code: name })
let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-device-'))
  path = join(folder, 'seal.json')
})

afterEach(() => rmSync(folder, { recursive: true }))

test('what is saved is loaded, by its owner alone, and nothing lies beside it', () => {
  const store = enroll(path, 'pump-1', SECRET)
  const identity = { device: 'pump-1', secret: SECRET, epoch: 7, sequence: 2 ** 40, previous: SECRET.slice(1, 9) }
  store.save(identity)
  expect(new FileKeyStore(path).load()).toEqual(identity)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['seal.json'])
})

test('a file left by a write that was cut off is no hindrance, and gives nothing away', () => {
  const store = enroll(path, 'pump-1', SECRET)
  writeFileSync(`${path}.new`, '{"half":', { mode: 0o644 })
  expect(store.load().sequence).toBe(0)
  new SealedDevice(store, { step: 10 }).seal('t', new Uint8Array(0))
  expect(new FileKeyStore(path).load().sequence).toBe(10)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a store that others may read is refused', () => {
  const store = enroll(path, 'pump-1', SECRET)
  chmodSync(path, 0o640)
  expect(() => store.load()).toThrow(code('key_store_exposed'))
})

test('a chain is not begun anew by mistake, nor with what is no secret', () => {
  enroll(path, 'pump-1', SECRET)
  expect(() => enroll(path, 'pump-1', SECRET)).toThrow(code('key_store_exists'))
  expect(() => enroll(`${path}2`, 'pump-1', SECRET.subarray(1))).toThrow(code('seal_secret'))
  expect(readdirSync(folder)).toEqual(['seal.json'])
})

test.each([
  ['no JSON', '{'],
  ['no object', 'null'],
  ['another version', '"version": 2'],
  ['a short secret', '"secret": "AAAA"'],
  ['no epoch', '"epoch": 0'],
  ['a number that was never one', '"sequence": 1.5'],
  ['a short tag', '"previous": "AAAA"'],
])('%s is refused, and the secret not told', (_, wrong) => {
  const store = enroll(path, 'pump-1', SECRET)
  const text = readFileSync(path, 'utf8')
  const [name] = wrong.split(':')
  const isMember = wrong.startsWith('"')
  writeFileSync(path, isMember ? text.replace(new RegExp(`${name}: [^,\\n]+`), wrong) : wrong)
  expect(() => store.load()).toThrow(code('key_store_malformed'))
  expect(() => store.load()).toThrow(expect.not.objectContaining({ message: expect.stringContaining('BQoP') }))
})

test('a file that is not there', () => {
  expect(() => new FileKeyStore(path).load()).toThrow(code('key_store_unreadable'))
})
