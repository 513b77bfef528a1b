import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kind, verifierText } from '@ringwall/proof'
import { Ledger } from '@ringwall/proof/files'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { rewriteLedger } from '../ledger/copy.ts'
import { madeUpKey, stolenKey } from '../ledger/keys.ts'
import { serveWitness } from '../ledger/witness.ts'
import type { Range } from '../range.ts'
import type { LedgerAccess } from '../types.ts'
import type { Attack } from './attack.ts'
import { tryForgeries } from './forgery.ts'
import { ledgerEdited } from './ledger-edited.ts'
import { ledgerRegenerated } from './ledger-regenerated.ts'
import { ledgerReordered } from './ledger-reordered.ts'
import { ledgerTruncated } from './ledger-truncated.ts'
import { ledgerTwoHistories, showTwoHistories } from './ledger-two-histories.ts'

const ORIGIN = 'ringwall.example/lab'
let home: string
let live: Ledger
let access: LedgerAccess

/** A ledger that is being written: files of 300 entries, and more in a journal. */
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ringwall-lab-ledger-'))
  // Copies lie where nobody else has any.
  vi.stubEnv('TMPDIR', home)
  const pair = generateKeyPairSync('ed25519')
  access = { folder: join(home, 'ledger'), key: join(home, 'key'), verifier: join(home, 'key.pub') }
  writeFileSync(access.key, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const raw = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  writeFileSync(access.verifier, `${verifierText(ORIGIN, Kind.ed25519, raw)}\n`)
  const key = await stolenKey(access.key, ORIGIN)
  await rewriteLedger(access.folder, key, numbered(0, 300))
  live = await Ledger.open(access.folder, { ...key, publishAfter: 600_000 })
  await live.append(numbered(300, 40))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await live.close()
  rmSync(home, { recursive: true, force: true })
})

const numbered = (from: number, count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => Buffer.from(`entry ${from + i} ${'.'.repeat((from + i) % 90)}`))

const run = ({ run }: Attack) => run({ ledger: access } as Range)

test.each([
  [ledgerEdited, 2, 'entry_mismatch, tile_mismatch'],
  [ledgerReordered, 2, 'entry_mismatch, tile_mismatch'],
  [ledgerTruncated, 3, 'entry_cut, file_missing, history_shorter'],
  [ledgerRegenerated, 2, 'checkpoint_unknown_key, history_other'],
])('what a root user does to the files is found, each by its code: $name', async (attack, attempts, code) => {
  expect(await run(attack)).toMatchObject({ attempts, effect: 0, found: { by: 'ledger', code } })
})

test('an operator with two histories is found by the witness, and by two auditors who compare', async () => {
  const outcome = await run(ledgerTwoHistories)
  expect(outcome).toMatchObject({ attempts: 2, effect: 0, found: { by: 'witness', code: 'split_view, inconsistent' } })
  expect(outcome.detail).toContain('of the same size: not cosigned (split_view), compared: split_view')
  expect(outcome.detail).toContain('longer: not cosigned (inconsistent), compared: inconsistent')
})

test('what is not found is an effect: nothing done, and a history written anew with nothing kept to hold it against', async () => {
  const key = await stolenKey(access.key, ORIGIN)
  const outcome = await tryForgeries(access, [
    { what: 'nothing', kept: true, forge: () => {} },
    { what: 'anew', kept: false, forge: ({ folder }) => rewriteLedger(folder, key, numbered(1, 300)) },
  ])
  expect(outcome).toEqual({ attempts: 2, effect: 2, detail: 'nothing: not found; anew: not found' })
})

test('so is a second history that a witness cosigns which remembers nothing', async () => {
  const forgetful: typeof serveWitness = (folder, log) =>
    serveWitness(folder, log, { get: () => null, put: async () => {} })
  expect(await showTwoHistories(access, forgetful)).toMatchObject({ attempts: 2, effect: 2 })
})

test('a ledger that does not hold before anything is done proves nothing, and no copy is left behind', async () => {
  const other = join(home, 'other')
  await rewriteLedger(other, await madeUpKey(ORIGIN), numbered(0, 3))
  await expect(tryForgeries({ ...access, folder: other }, [])).resolves.toMatchObject({ attempts: 0 })
  const forgery = { what: 'nothing', kept: false, forge: () => {} }
  await expect(tryForgeries({ ...access, folder: other }, [forgery])).rejects.toThrow('checkpoint_unknown_key')
  expect(readdirSync(home).filter(name => name.startsWith('ringwall-forged-'))).toEqual([])
})
