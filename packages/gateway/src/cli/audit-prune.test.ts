import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeCbor } from '@ringwall/proof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLedger } from '../audit/open.ts'
import { auditVerb } from './audit.ts'
import { printedBy } from './verb.testkit.ts'

const BEGAN = Date.parse('2026-01-01T00:00:00Z')
const MINUTE = 60_000
const root = mkdtempSync(join(tmpdir(), 'ringwall-prune-'))
const folder = join(root, 'ledger')
const key = join(root, 'ledger.key')

const audit = (...args: string[]) => printedBy([auditVerb], ['audit', ...args])
const pruned = (before: string) => audit('prune', '--path', folder, '--before', before, '--key', `${key}.pub`)

beforeAll(async () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const ledger = await openLedger(folder, 'ringwall/test', privateKey, key, false)
  const entries = Array.from({ length: 1_000 }, (_, i) => encodeCbor({ time: BEGAN + i * MINUTE }))
  await ledger.append(entries)
  await ledger.close()
})
afterAll(() => rmSync(root, { recursive: true }))

test('only whole bundles that are older go, and what is kept is verified as before', async () => {
  // Entry 600 is of ten hours later: the bundle that it stands in begins with 512, and is kept.
  const { status, out } = await pruned('2026-01-01T10:00:00Z')
  expect([status, out]).toEqual([0, '512 entries are removed; those from 512 on are kept.\n'])
  const whole = await audit('verify', folder, '--key', `${key}.pub`)
  expect(whole).toMatchObject({ status: 0, out: expect.stringContaining('Entries before 512 were pruned') })
  expect(await audit('show', '511', '--path', folder)).toMatchObject({
    status: 2,
    err: expect.stringContaining('entry_pruned'),
  })
  expect((await audit('show', '512', '--path', folder)).status).toBe(0)
  // Again, and for an earlier time: nothing comes back, nothing more goes.
  expect((await pruned('2026-01-01T01:00:00Z')).out).toMatch(/^0 entries are removed; those from 512/)
})

test('what is kept is listed, searched and exported as before', async () => {
  const all = ['--path', folder]
  const lines = (out: string) => out.trim().split('\n').length
  // One line more for the head.
  expect(lines((await audit('tail', '--most', '900', ...all)).out)).toBe(1_000 - 512 + 1)
  expect(await audit('search', '--text', 'nowhere', ...all)).toMatchObject({ status: 1, err: '' })
  const since = ['--since', '2026-01-01T09:00:00Z']
  expect(lines((await audit('search', '--most', '900', ...since, ...all)).out)).toBe(1_000 - 540 + 1)
})

test('what is no time, or another key, removes nothing', async () => {
  expect(await pruned('yesterday')).toMatchObject({ status: 2, err: expect.stringContaining('time_invalid') })
  const other = readFileSync(`${key}.pub`, 'utf8').replace('ringwall/test', 'ringwall/other').trim()
  const { status, err } = await audit('prune', '--path', folder, '--before', '2026-01-01T16:00:00Z', '--key', other)
  expect([status, /key_unusable|checkpoint_unknown_key/.test(err)]).toEqual([2, true])
  expect((await audit('show', '512', '--path', folder)).status).toBe(0)
})
