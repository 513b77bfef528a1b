import { createHmac, randomBytes } from 'node:crypto'
import type { Finding } from '../contract/index.ts'

/** What an export can leave out. */
export const REDACTIONS = ['payload', 'device', 'address'] as const
export type Redaction = (typeof REDACTIONS)[number]

/**
 * Leaves out of an export what others must not see: payloads and the levels of topics become digests, devices numbers. Where
 * anything is left out, so are the sentences of findings, for they quote. Digests are keyed, and the key is forgotten with the
 * export: what stands in a plant's topics and payloads is guessed in seconds where anybody can compute its digest.
 */
export class Hidden {
  readonly #what: ReadonlySet<Redaction>
  readonly #devices = new Map<string, string>()
  readonly #key = randomBytes(32)

  /** @param devices of all who speak: who speaks late is in the topics of others before */
  constructor(what: readonly Redaction[], devices: Iterable<string> = []) {
    this.#what = new Set(what)
    for (const device of devices) this.device(device)
  }

  payload(bytes: Buffer): string {
    return this.#what.has('payload') ? `hmac:${this.#digest(bytes)}` : `base64:${bytes.toString('base64')}`
  }

  /** A payload of which the recording itself has no more than the digest. */
  payloadDigest(sha256: Buffer): string {
    return this.#what.has('payload') ? `hmac:${this.#digest(sha256)}` : `sha256:${sha256.toString('hex')}`
  }

  device(device: string): string {
    if (!this.#what.has('device')) return device
    const known = this.#devices.get(device) ?? `device-${this.#devices.size + 1}`
    this.#devices.set(device, known)
    return known
  }

  /** A topic or filter: with devices left out, also where their ids are levels of it. */
  address(text: string): string {
    if (this.#what.has('address'))
      return text
        .split('/')
        .map(level => this.#level(level))
        .join('/')
    if (!this.#what.has('device')) return text
    return text
      .split('/')
      .map(level => this.#devices.get(level) ?? level)
      .join('/')
  }

  finding({ guard, code, severity, clause, why }: Finding): Partial<Finding> {
    return this.#what.size === 0 ? { guard, code, severity, clause, why } : { guard, code, severity }
  }

  #level(level: string): string {
    return /^[+#]?$/.test(level) ? level : this.#digest(Buffer.from(level)).slice(0, 8)
  }

  #digest(bytes: Buffer): string {
    return createHmac('sha256', this.#key).update(bytes).digest('hex')
  }
}
