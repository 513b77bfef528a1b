import { readFileSync, writeFileSync } from 'node:fs'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { RingwallError, systemCode } from '../base/error.ts'

/** A new pair of age keys: the identity that opens recordings, and the recipient that a gateway needs. */
export async function makeIdentity(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateIdentity()
  return { identity, recipient: await identityToRecipient(identity) }
}

/** Writes an identity as `age-keygen` does, mode 0600. Errors: `file_unusable`, also where the file is there. */
export function writeIdentity(file: string, { identity, recipient }: { identity: string; recipient: string }): void {
  try {
    writeFileSync(file, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const what = `the identity cannot be written (${systemCode(error)})`
    throw new RingwallError('file_unusable', what, 'Name a file that does not exist yet.', { file }, error)
  }
}

/** The identities of a file, as `age -i` takes it: a line each, with comments. Errors: `file_unusable`. */
export function readIdentities(file: string): string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new RingwallError(
      'file_unusable',
      `the identity cannot be read (${systemCode(error)})`,
      HINT,
      { file },
      error,
    )
  }
  const lines = text.split('\n').map(line => line.trim())
  const identities = lines.filter(line => line !== '' && !line.startsWith('#'))
  const isFine = identities.length > 0 && identities.every(line => line.startsWith('AGE-SECRET-KEY-'))
  if (isFine) return identities
  throw new RingwallError('file_unusable', 'it holds no identity of age', HINT, { file })
}

const HINT = 'Name a file that `ringwall record keygen` or `age-keygen` wrote.'
