import { LearnError } from '../base/error.ts'
import { digestOf } from '../io/index.ts'

const FORMAT = 'ringwall-watermark-key'
const VERSION = 1
const BYTES = 32
const DOMAIN = 'ringwall watermark v1'

/** The owner's secret, 256 bits: whoever has it can prove a mark, and find it to take it out. Nothing that prints or serializes shows it. */
export class WatermarkKey {
  readonly #bytes: Uint8Array<ArrayBuffer>

  /** Error: `key_malformed`, where there are not 32 bytes. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== BYTES) throw malformed(`${BYTES} bytes`)
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

  /** Bytes that only this key gives for a purpose: HMAC-SHA-256 of its name. */
  async derive(purpose: string): Promise<Uint8Array<ArrayBuffer>> {
    const mac = { name: 'HMAC', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('raw', this.#bytes, mac, false, ['sign'])
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, encode(`${DOMAIN}\n${purpose}`)))
  }

  /**
   * What a claim says of the key without showing it: SHA-256 over the scheme's name, the key and the model file's digest (64 hex digits). With 256 bits to guess, it
   * tells nothing; and nobody finds another key or model for it.
   */
  async commitment(modelDigest: string): Promise<string> {
    const name = encode(`${DOMAIN} commitment\n${modelDigest}\n`)
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
