import { createHash } from 'node:crypto'
import type { Finding } from '../contract/index.ts'

/** What an export can leave out. */
export const REDACTIONS = ['payload', 'device', 'address'] as const
export type Redaction = (typeof REDACTIONS)[number]

/**
 * Leaves out of an export what others must not see: payloads become their SHA-256, devices numbers, topics the digest of each level. Where
 * anything is left out, so are the sentences of findings, for they quote.
 */
export class Hidden {
  readonly #what: ReadonlySet<Redaction>
  readonly #devices = new Map<string, string>()

  constructor(what: readonly Redaction[]) {
    this.#what = new Set(what)
  }

  payload(bytes: Buffer): string {
    return this.#what.has('payload')
      ? `sha256:${createHash('sha256').update(bytes).digest('hex')}`
      : `base64:${bytes.toString('base64')}`
  }

  device(device: string): string {
    if (!this.#what.has('device')) return device
    const known = this.#devices.get(device) ?? `device-${this.#devices.size + 1}`
    this.#devices.set(device, known)
    return known
  }

  /** A topic or filter: with devices left out, also where their ids are levels of it. */
  address(text: string): string {
    if (this.#what.has('address')) return text.split('/').map(hidden).join('/')
    if (!this.#what.has('device')) return text
    return text
      .split('/')
      .map(level => this.#devices.get(level) ?? level)
      .join('/')
  }

  finding({ guard, code, severity, clause, why }: Finding): Partial<Finding> {
    return this.#what.size === 0 ? { guard, code, severity, clause, why } : { guard, code, severity }
  }
}

const hidden = (level: string): string =>
  /^[+#]?$/.test(level) ? level : createHash('sha256').update(level).digest('hex').slice(0, 8)
