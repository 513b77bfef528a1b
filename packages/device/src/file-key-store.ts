import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { LAST_EPOCH, ProofError, SECRET_BYTES } from '@ringwall/proof'
import type { Identity, KeyStore } from './key-store.ts'

const VERSION = 1
const OWNER_ONLY = 0o600
const OTHERS = 0o077

/** A store in a file that only its owner may read. It is replaced whole, so that a loss of power leaves the old one or the new one. */
export class FileKeyStore implements KeyStore {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Errors: `key_store_unreadable`, `key_store_exposed` where others may read it, `key_store_malformed`; none tells the secret. */
  load(): Identity {
    let text: string
    try {
      if ((statSync(this.#path).mode & OTHERS) !== 0) {
        throw this.#wrong(
          'key_store_exposed',
          'may be read by others than its owner; chmod 600, and enroll anew if that was so for long',
        )
      }
      text = readFileSync(this.#path, 'utf8')
    } catch (error) {
      if (error instanceof ProofError) throw error
      const { code } = error as NodeJS.ErrnoException
      throw this.#wrong('key_store_unreadable', `cannot be read (${code}); enroll the device, or name another path`)
    }
    const identity = parse(text)
    if (identity === null)
      throw this.#wrong('key_store_malformed', 'is no key store of this version; enroll the device anew')
    return identity
  }

  /** Errors: those of the file system. */
  save(identity: Identity): void {
    const fresh = `${this.#path}.new`
    const file = openSync(fresh, 'w', OWNER_ONLY)
    try {
      // One that is left from before keeps the mode that it had.
      fchmodSync(file, OWNER_ONLY)
      writeSync(file, format(identity))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, this.#path)
    const folder = openSync(dirname(this.#path), 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  }

  #wrong(code: string, what: string): ProofError {
    return new ProofError(code, `${this.#path} ${what}`)
  }
}

/** Makes the store of a device that has been given its secret. Errors: `key_store_exists`, for a chain begun anew is a fork. */
export function enroll(path: string, device: string, secret: Uint8Array, epoch = 1): FileKeyStore {
  if (existsSync(path))
    throw new ProofError('key_store_exists', `${path} is there already: remove it to begin a chain anew`)
  const identity = { device, secret, epoch, sequence: 0, previous: new Uint8Array(0) }
  if (!isWhole(identity)) {
    throw new ProofError('seal_secret', `a device has a name, a secret of ${SECRET_BYTES} bytes and an epoch from 1`)
  }
  const store = new FileKeyStore(path)
  store.save(identity)
  return store
}

function format({ secret, previous, ...rest }: Identity): string {
  const bytes = { secret: toText(secret), previous: toText(previous) }
  return `${JSON.stringify({ version: VERSION, ...rest, ...bytes }, null, 2)}\n`
}

function parse(text: string): Identity | null {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof read !== 'object' || read === null) return null
  const { version, device, secret, epoch, sequence, previous } = read as Record<string, unknown>
  if (version !== VERSION || typeof secret !== 'string' || typeof previous !== 'string') return null
  if (typeof device !== 'string' || typeof epoch !== 'number' || typeof sequence !== 'number') return null
  const identity = { device, epoch, sequence, secret: toBytes(secret), previous: toBytes(previous) }
  return isWhole(identity) ? identity : null
}

function isWhole({ device, secret, epoch, sequence, previous }: Identity): boolean {
  const isEpoch = Number.isInteger(epoch) && epoch >= 1 && epoch <= LAST_EPOCH
  const isChain = Number.isSafeInteger(sequence) && sequence >= 0 && (previous.length === 0 || previous.length === 8)
  return device !== '' && secret.length === SECRET_BYTES && isEpoch && isChain
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64url'))
}
