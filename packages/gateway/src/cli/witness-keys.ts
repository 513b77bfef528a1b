import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, noteSignerOf, readVerifier, type Signer, type Verifier, verifierText } from '@ringwall/proof'
import { RingwallError, systemCode } from '../base/error.ts'

/** The files of a witness in its folder: its keys, which are its own, and the texts by which others believe them. */
const FILES = [
  { kind: Kind.cosignature, algorithm: 'ed25519', file: 'ed25519.key' },
  { kind: Kind.mlDsaCosignature, algorithm: 'ml-dsa-44', file: 'ml-dsa-44.key' },
] as const
const NAME_FILE = 'name'

/** Makes a witness's keys; gives the verifier texts. A runtime without ML-DSA-44 makes the Ed25519 key alone. Error: `witness_there`. */
export function makeKeys(dir: string, name: string): string[] {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  create(join(dir, NAME_FILE), `${name}\n`)
  const texts: string[] = []
  for (const { kind, algorithm, file } of FILES) {
    const pair = generated(algorithm)
    if (pair === null) continue
    create(join(dir, file), pair.export({ type: 'pkcs8', format: 'pem' }).toString())
    texts.push(verifierText(name, kind, publicBytes(pair)))
  }
  return texts
}

/** Reads them back. Error: `witness_keys`. */
export async function readKeys(dir: string): Promise<Signer[]> {
  const name = read(dir, NAME_FILE)?.trim() ?? ''
  const signers: Signer[] = []
  for (const { kind, file } of FILES) {
    const pem = read(dir, file)
    if (pem === null) continue
    try {
      const key = createPrivateKey(pem)
      signers.push(noteSignerOf(name, kind, imported(key), publicBytes(key)))
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'no key'
      throw new RingwallError('witness_keys', `${join(dir, file)} is no key that can be used (${why})`, 'Restore it.')
    }
  }
  if (name === '' || signers.length === 0)
    throw new RingwallError('witness_keys', `${dir} holds no keys of a witness`, 'Make them: ringwall witness init.')
  return signers
}

/** Verifier texts, one a line, `#` for comments. The name of a log's key is its origin. Errors: `logs_unreadable`, `log_key`. */
export async function readLogs(file: string): Promise<Verifier[]> {
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new RingwallError(
      'logs_unreadable',
      `${file} cannot be read (${systemCode(error)})`,
      'Name a file of log keys.',
    )
  }
  const found: Verifier[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    try {
      found.push(await readVerifier(line.trim()))
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error)
      throw new RingwallError('log_key', what, 'Each line is name+id+key.', { file, line: index + 1 })
    }
  }
  return found
}

function generated(algorithm: 'ed25519' | 'ml-dsa-44'): KeyObject | null {
  try {
    // Both are called alike; the types know the overloads one by one.
    return generateKeyPairSync(algorithm as 'ed25519').privateKey
  } catch {
    return null
  }
}

const RAW_BYTES: Readonly<Record<string, number>> = { ed25519: 32, 'ml-dsa-44': 1_312 }
const ALGORITHMS: Readonly<Record<string, string>> = { ed25519: 'Ed25519', 'ml-dsa-44': 'ML-DSA-44' }

function imported(key: KeyObject): CryptoKey {
  return key.toCryptoKey(ALGORITHMS[key.asymmetricKeyType ?? ''] as 'Ed25519', true, ['sign'])
}

/** The public half, raw: what stands behind the fixed beginning of its SubjectPublicKeyInfo. */
function publicBytes(key: KeyObject): Uint8Array {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return Uint8Array.from(der.subarray(der.length - (RAW_BYTES[key.asymmetricKeyType ?? ''] ?? 0)))
}

function create(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw new RingwallError(
      'witness_there',
      `${path} cannot be made (${systemCode(error)})`,
      'A witness keeps its keys: take another folder for a new one.',
    )
  }
}

function read(dir: string, file: string): string | null {
  try {
    return readFileSync(join(dir, file), 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw new RingwallError(
      'witness_keys',
      `${join(dir, file)} cannot be read (${systemCode(error)})`,
      'Check its owner.',
    )
  }
}
