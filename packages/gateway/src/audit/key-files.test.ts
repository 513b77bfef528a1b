import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ledgerKeys, readSecret } from './key-files.ts'

let folder: string
let key: string
let secret: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-keys-'))
  key = join(folder, 'made', 'ledger.key')
  secret = join(folder, 'made', 'ledger.secret')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Why keys cannot be used, with the file that is named. */
function whyNot(hasLedger = false): string {
  try {
    ledgerKeys(key, secret, hasLedger)
    return 'used'
  } catch (error) {
    const { code, what, place } = error as { code: string; what: string; place: { file: string } }
    return `${code} ${place.file.replace(`${folder}/made/`, '')}: ${what.split(': ')[1]}`
  }
}

test('keys are made once, for their owner only, and read from then on', () => {
  const first = ledgerKeys(key, secret, false)
  expect(first.made).toEqual([key, secret])
  for (const file of [key, secret]) expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(existsSync(`${key}.new`)).toBe(false)
  const again = ledgerKeys(key, secret, true)
  expect(again.made).toEqual([])
  expect(again.key.equals(first.key)).toBe(true)
  expect(Buffer.from(again.secret)).toEqual(Buffer.from(first.secret))
  expect(Buffer.from(readSecret(secret))).toEqual(Buffer.from(first.secret))
})

test('no two ledgers get the same key or secret', () => {
  const first = ledgerKeys(key, secret, false)
  const other = ledgerKeys(`${key}2`, `${secret}2`, false)
  expect(other.key.equals(first.key)).toBe(false)
  expect(Buffer.from(other.secret)).not.toEqual(Buffer.from(first.secret))
})

test('a start that was cut short while a key was written is gone on with', () => {
  ledgerKeys(key, secret, false)
  rmSync(secret)
  writeFileSync(`${secret}.new`, 'half', { mode: 0o600 })
  expect(ledgerKeys(key, secret, false).made).toEqual([secret])
})

test('where the ledger is there, a key that is gone is not replaced in silence', () => {
  ledgerKeys(key, secret, false)
  rmSync(secret)
  expect(whyNot(true)).toBe('ledger_key ledger.secret: it is not there, but its ledger is')
  expect(existsSync(secret)).toBe(false)
  rmSync(key)
  expect(whyNot(true)).toBe('ledger_key ledger.key: it is not there, but its ledger is')
})

test.each([
  ['others can read it', (file: string) => chmodSync(file, 0o640), 'others than its owner can read it'],
  ['it is no key', (file: string) => writeFileSync(file, 'no key'), 'it is no private key in PEM'],
  ['it is too long', (file: string) => writeFileSync(file, 'x'.repeat(20_000)), 'it is no file of a key'],
  [
    'it is of another kind',
    (file: string) =>
      writeFileSync(
        file,
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
      ),
    'it is of type ec, not Ed25519',
  ],
])('a signing key is refused where %s', (_, spoil, why) => {
  ledgerKeys(key, secret, false)
  spoil(key)
  expect(whyNot()).toBe(`ledger_key ledger.key: ${why}`)
})

test('a secret is refused where it is not 32 bytes in hex, and what it holds is told to nobody', () => {
  ledgerKeys(key, secret, false)
  const text = readFileSync(secret, 'utf8').trim().slice(0, 62)
  writeFileSync(secret, text)
  expect(whyNot()).toBe('ledger_key ledger.secret: it does not hold 32 bytes in hex')
  try {
    readSecret(secret)
  } catch (error) {
    expect(JSON.stringify(error) + String(error)).not.toContain(text)
  }
})
