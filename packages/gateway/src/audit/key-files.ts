import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { RingwallError, systemCode } from '../base/error.ts'
import { makeFolder } from '../base/folder.ts'

const SECRET_BYTES = 32
/** Bytes of a file that can be one of these. */
const LARGEST = 16_384

/** What a ledger signs and commits with. */
export interface LedgerKeys {
  readonly key: KeyObject
  readonly secret: Uint8Array
  /** The files that were made, for there were none. */
  readonly made: readonly string[]
}

/**
 * Reads the signing key and the secret of commitments; where there is no ledger yet, makes those that are not there, for their owner only. Errors:
 * `ledger_key` where a file is unreadable, no such key, readable for others, or gone while its ledger is there.
 */
export function ledgerKeys(keyFile: string, secretFile: string, hasLedger: boolean): LedgerKeys {
  const made: string[] = []
  const take = (file: string, make: () => string): string => {
    const known = readPrivate(file)
    if (known !== null) return known
    if (hasLedger)
      throw wrong(
        file,
        'it is not there, but its ledger is',
        'Take it from a backup, or begin a new ledger: ledger.path.',
      )
    const text = make()
    writePrivate(file, text)
    made.push(file)
    return text
  }
  const key = signingKey(keyFile, take(keyFile, newKey))
  return { key, secret: secretOf(secretFile, take(secretFile, newSecret)), made }
}

/** Reads the secret of commitments. Errors: `ledger_key`. */
export function readSecret(file: string): Uint8Array {
  const text = readPrivate(file)
  if (text === null) throw wrong(file, 'it is not there', 'It is made with the ledger; name it by --secret.')
  return secretOf(file, text)
}

function signingKey(file: string, text: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(text)
  } catch (error) {
    throw wrong(file, 'it is no private key in PEM', 'Name another file; without any the gateway makes one.', error)
  }
  if (key.asymmetricKeyType === 'ed25519') return key
  throw wrong(
    file,
    `it is of type ${key.asymmetricKeyType ?? 'none'}, not Ed25519`,
    'Make one: openssl genpkey -algorithm ed25519.',
  )
}

function secretOf(file: string, text: string): Uint8Array {
  const hex = text.trim()
  if (/^[0-9a-f]{64}$/.test(hex)) return Buffer.from(hex, 'hex')
  throw wrong(
    file,
    'it does not hold 32 bytes in hex',
    'Take it from a backup: another one opens no commitment of this ledger.',
  )
}

const newKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const newSecret = (): string => `${randomBytes(SECRET_BYTES).toString('hex')}\n`

/** Null where there is no such file. */
function readPrivate(file: string): string | null {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return null
  if ((stat.mode & 0o077) !== 0) throw wrong(file, 'others than its owner can read it', `chmod 600 ${file}`)
  if (!stat.isFile() || stat.size > LARGEST) throw wrong(file, 'it is no file of a key', 'Name another file.')
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw wrong(file, `it cannot be read (${systemCode(error)})`, 'Let the gateway read it.', error)
  }
}

/** Writes what must not be lost once something was signed by it. */
function writePrivate(file: string, text: string): void {
  try {
    const folder = dirname(file)
    makeFolder(folder, 0o700)
    const draft = `${file}.new`
    rmSync(draft, { force: true })
    const handle = openSync(draft, 'wx', 0o600)
    try {
      writeSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, file)
    const names = openSync(folder, 'r')
    fsyncSync(names)
    closeSync(names)
  } catch (error) {
    const hint = 'Name a file in a folder that the gateway may write: ledger.key, ledger.secret.'
    throw wrong(file, `it cannot be made (${systemCode(error)})`, hint, error)
  }
}

function wrong(file: string, why: string, hint: string, cause?: unknown): RingwallError {
  return new RingwallError(
    'ledger_key',
    `the key of the ledger cannot be used: ${why}`,
    hint,
    { file, field: 'ledger' },
    cause,
  )
}
