import { fromBase64, toBase64 } from '../base64.ts'
import { ProofError } from '../error.ts'
import { sha256 } from '../hash/sha256.ts'

/** Kinds of signatures (C2SP signed-note): a log's own, and a witness's with its time. */
export const Kind = { ed25519: 1, cosignature: 4 } as const
export type Kind = (typeof Kind)[keyof typeof Kind]

const ID_BYTES = 4
const KEY_BYTES = 32
const utf8 = new TextEncoder()

/** Whose signatures are believed. */
export interface Verifier {
  readonly name: string
  readonly kind: Kind
  /** The first 4 bytes of a hash over name, kind and key, as a number: it finds the key, and proves nothing. */
  readonly id: number
  verify(text: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<boolean>
}

/** Whoever holds an Ed25519 private key: this runtime, or a token. */
export interface Signer {
  readonly name: string
  readonly kind: Kind
  readonly id: number
  /** The 64 bytes of an Ed25519 signature. */
  sign(text: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

/**
 * Reads a verifier key as it is handed around: `name+id+key`, the id in hex, the key in base64 with its kind before it. Errors:
 * `note_key` where it is none, or of a kind that is not known here.
 */
export async function readVerifier(text: string): Promise<Verifier> {
  const found = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text)
  const bytes = fromBase64(found?.[3] ?? '')
  if (found === null || bytes === null || bytes.length !== 1 + KEY_BYTES) throw bad('a verifier key is name+id+key')
  const kind = kindOf(bytes[0])
  const verifier = await verifierOf(found[1], kind, bytes.subarray(1))
  if (verifier.id !== Number.parseInt(found[2], 16)) throw bad('the id is not that of the name and key')
  return verifier
}

/** Believes an Ed25519 public key of 32 bytes. */
export async function verifierOf(name: string, kind: Kind, key: Uint8Array): Promise<Verifier> {
  const id = keyId(name, kind, key)
  const imported = await crypto.subtle.importKey('raw', Uint8Array.from(key), 'Ed25519', true, ['verify'])
  return { name, kind, id, verify: (text, signature) => crypto.subtle.verify('Ed25519', imported, signature, text) }
}

/** The text by which others believe a key. */
export function verifierText(name: string, kind: Kind, key: Uint8Array): string {
  const id = keyId(name, kind, key).toString(16).padStart(8, '0')
  return `${name}+${id}+${toBase64(Uint8Array.of(kind, ...key))}`
}

/** Signs with a private key of this runtime. `key` is its public half, 32 bytes. */
export function signerOf(name: string, kind: Kind, privateKey: CryptoKey, key: Uint8Array): Signer {
  return {
    name,
    kind,
    id: keyId(name, kind, key),
    sign: async text => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, text)),
  }
}

function keyId(name: string, kind: Kind, key: Uint8Array): number {
  if (name === '' || /[\s+]/u.test(name)) throw bad('the name of a key has no spaces and no plus')
  const digest = sha256(utf8.encode(`${name}\n`), Uint8Array.of(kind), key)
  return new DataView(digest.buffer, 0, ID_BYTES).getUint32(0)
}

function kindOf(byte: number): Kind {
  const kind = Object.values(Kind).find(each => each === byte)
  if (kind === undefined) throw bad(`signatures of kind ${byte} are not known here`)
  return kind
}

function bad(what: string): ProofError {
  return new ProofError('note_key', what)
}
