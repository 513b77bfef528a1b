import { LearnError } from '../base/error.ts'
import { canonical, digestOf } from '../io/index.ts'
import { spaceDigest, type TriggerSpace } from './space.ts'

const FORMAT = 'ringwall-watermark-key'
const VERSION = 2
const BYTES = 32
const DOMAIN = 'ringwall watermark v2'
/** HMACs in a row that a key's bytes for one purpose take: what makes it dear to look for a key that fits a model by chance. */
const ITERATIONS = 600_000
/** Purposes whose bytes are kept: those of one model, and then some. */
const KEPT = 16

/** What a commitment binds a key to. */
export interface Bound {
  /** SHA-256 of the model's file, 64 hex digits. */
  readonly model: string
  readonly owner: string
  /** The public key that signs the claim: SubjectPublicKeyInfo, DER, base64. */
  readonly ownerKey: string
  readonly space: TriggerSpace
}

/** The owner's secret, 256 bits: whoever has it can prove a mark, and find it to take it out. Nothing that prints or serializes shows it. */
export class WatermarkKey {
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #derived = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

  /** Error: `key_malformed`, where there are not 32 bytes, or all are 0. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== BYTES) throw malformed(`${BYTES} bytes`)
    if (bytes.every(byte => byte === 0)) throw malformed('bytes that are not all 0')
    this.#bytes = Uint8Array.from(bytes)
  }

  /** A new one, from the system's generator. */
  static make(): WatermarkKey {
    return new WatermarkKey(crypto.getRandomValues(new Uint8Array(BYTES)))
  }

  /** Reads a key file. The errors say nothing of what stands in it: `key_malformed`, `key_version`. */
  static read(text: string): WatermarkKey {
    let file: unknown
    try {
      file = JSON.parse(text)
    } catch {
      throw malformed('JSON')
    }
    const { format, version, key } = (file ?? {}) as { format?: unknown; version?: unknown; key?: unknown }
    if (format !== FORMAT) throw malformed(`"format": "${FORMAT}"`)
    if (version !== VERSION) throw new LearnError('key_version', `a key file of another version: this reads ${VERSION}`)
    if (typeof key !== 'string' || !/^[0-9a-f]{64}$/.test(key)) throw malformed(`"key" of ${2 * BYTES} hex digits`)
    return new WatermarkKey(
      Uint8Array.from({ length: BYTES }, (_, i) => Number.parseInt(key.slice(2 * i, 2 * i + 2), 16)),
    )
  }

  /** What a key file holds: a secret, to be kept where only its owner reads. */
  secretText(): string {
    const key = Array.from(this.#bytes, byte => byte.toString(16).padStart(2, '0')).join('')
    return `${JSON.stringify({ format: FORMAT, version: VERSION, key })}\n`
  }

  /**
   * 32 bytes that only this key gives for a purpose: PBKDF2 (RFC 8018) of HMAC-SHA-256, salted with the purpose, 600,000 times, which takes a core some .1 s. No memory-hard function is in
   * WebCrypto, which is in Node and in browsers. They are kept, so that a second reading is free.
   */
  derive(purpose: string): Promise<Uint8Array<ArrayBuffer>> {
    const kept = this.#derived.get(purpose)
    if (kept !== undefined) return kept
    const made = this.#stretched(purpose)
    const [oldest] = this.#derived.keys()
    if (this.#derived.size === KEPT && oldest !== undefined) this.#derived.delete(oldest)
    this.#derived.set(purpose, made)
    return made
  }

  async #stretched(purpose: string): Promise<Uint8Array<ArrayBuffer>> {
    const key = await crypto.subtle.importKey('raw', this.#bytes, 'PBKDF2', false, ['deriveBits'])
    const salt = encode(`${DOMAIN}\n${purpose}`)
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS }
    return new Uint8Array(await crypto.subtle.deriveBits(how, key, 8 * BYTES))
  }

  /**
   * What a claim says of the key without showing it: SHA-256 over the scheme's name, the model file's digest, the owner, the owner's public key, the digest of the space and the key. With 256 bits
   * to guess, it tells nothing; nobody finds another key or model for it, and whoever has not the key cannot make it anew under another name or signature.
   */
  async commitment({ model, owner, ownerKey, space }: Bound): Promise<string> {
    const bound = canonical({ scheme: `${DOMAIN} commitment`, model, owner, ownerKey, space: await spaceDigest(space) })
    const name = encode(`${bound}\n`)
    const all = new Uint8Array(name.length + BYTES)
    all.set(name)
    all.set(this.#bytes, name.length)
    return await digestOf(all)
  }

  toJSON(): string {
    return '[watermark key]'
  }
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const malformed = (expected: string) => new LearnError('key_malformed', `no watermark key: expected ${expected}`)
