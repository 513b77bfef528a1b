import { SECRET_BYTES } from '@ringwall/proof'
import { RingwallError } from '../base/error.ts'
import { type Config, readSecret } from '../config/index.ts'

const LINE = new RegExp(`^[0-9a-f]{${2 * SECRET_BYTES}}\\s*$`, 'i')

/** The secret of the site that seals come from; null where seals are off. Errors: `file_unusable`. The secret is in none of them. */
export function readSealSecret({ seals }: Pick<Config, 'seals'>): Uint8Array | null {
  if (seals === 'off') return null
  const field = 'seals.secret'
  const text = readSecret(seals.secret)
  if (typeof text !== 'string') {
    throw new RingwallError('file_unusable', text.what, text.hint, { file: seals.secret, field })
  }
  if (LINE.test(text)) return Uint8Array.from(Buffer.from(text.trim(), 'hex'))
  const hint = 'Make one with `ringwall seals init`.'
  throw new RingwallError('file_unusable', `${seals.secret} holds no secret of ${SECRET_BYTES} bytes in hex`, hint, {
    file: seals.secret,
    field,
  })
}

/** The same where the file can be read, as for a configuration that is tried elsewhere; null where it cannot. */
export function sealSecretThere(config: Pick<Config, 'seals'>): Uint8Array | null {
  try {
    return readSealSecret(config)
  } catch (error) {
    if (error instanceof RingwallError) return null
    throw error
  }
}
