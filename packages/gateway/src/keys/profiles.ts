import { createPublicKey, type KeyObject } from 'node:crypto'
import { globSync } from 'node:fs'
import { type Config, ConfigError, type Problem } from '../config/index.ts'
import { Flaw } from '../config/problem.ts'
import { readText } from '../config/text.ts'
import type { ProfileSource } from '../profile/compile.ts'
import { asEnvelope, BYTE_ORDER_MARK, open, PROFILE_TYPE, signsProfiles, textOf, unverified } from '../profile/dsse.ts'

/** Whose signatures count, and whether there must be one. */
export interface ProfileTrust {
  readonly signed: 'allow' | 'require'
  readonly keys: readonly KeyObject[]
  /** For tools that only look: without any key to trust an envelope is opened whoever signed it. A gateway never does that. */
  readonly looks?: boolean
}

/**
 * Reads the profiles that a configuration names and verifies their signatures. Errors: `ConfigError` with every problem.
 * @param looks see `ProfileTrust`
 */
export function readProfiles({ profiles }: Pick<Config, 'profiles'>, looks = false): ProfileSource[] {
  const problems: Problem[] = []
  const keys = profiles.trust.flatMap((file, index) => readTrusted(file, `profiles.trust[${index}]`, problems))
  const files = new Set<string>()
  for (const [index, pattern] of profiles.files.entries()) {
    const found = /[*?[{]/.test(pattern) ? globSync(pattern).toSorted() : [pattern]
    if (found.length === 0) {
      const hint = 'Name profiles that are there, or leave it out.'
      problems.push({
        code: 'profile_none',
        what: `${pattern} finds no file`,
        hint,
        place: { field: `profiles.files[${index}]` },
      })
    }
    for (const file of found) files.add(file)
  }
  const sources = [...files].flatMap(
    file => readProfile(file, { signed: profiles.signed, keys, looks }, problems) ?? [],
  )
  const [first, ...others] = problems
  if (first !== undefined) throw new ConfigError([first, ...others])
  return sources
}

/** Reads one profile: plain, or in a DSSE envelope that a trusted key has signed. */
export function readProfile(
  file: string,
  { signed, keys, looks = false }: ProfileTrust,
  problems: Problem[],
): ProfileSource | undefined {
  const fail = (code: string, { what, hint }: Flaw) => void problems.push({ code, what, hint, place: { file } })
  const text = readText(file)
  if (text instanceof Flaw) return fail('profile_unreadable', text) as undefined
  if (text.startsWith(BYTE_ORDER_MARK)) {
    const flaw = new Flaw('it begins with a byte order mark', 'Save it as UTF-8 without one (RFC 8259, 8.1).')
    return fail('profile_syntax', flaw) as undefined
  }
  const envelope = asEnvelope(parsed(text))
  if (envelope instanceof Flaw) return fail('profile_signature', envelope) as undefined
  if (envelope === null) {
    if (signed === 'allow') return { file, text }
    return fail(
      'profile_unsigned',
      new Flaw('it is not signed', 'Run ringwall profile sign, or allow unsigned ones.'),
    ) as undefined
  }
  if (envelope.payloadType !== PROFILE_TYPE) {
    const flaw = new Flaw(`it holds ${envelope.payloadType.slice(0, 80)}`, `An envelope of ${PROFILE_TYPE} is needed.`)
    return fail('profile_signature', flaw) as undefined
  }
  const unchecked = looks && signed === 'allow' && keys.length === 0
  const body = unchecked ? unverified(envelope) : open(envelope, keys)
  if (body !== null) {
    const signedText = textOf(body)
    if (signedText !== null) return { file, text: signedText }
    const flaw = new Flaw('what is signed is not UTF-8 without a byte order mark', 'Save the profile so, and sign it.')
    return fail('profile_syntax', flaw) as undefined
  }
  const flaw =
    keys.length === 0
      ? new Flaw('it is signed, and there is no key to verify that with', 'Name the public key in profiles.trust.')
      : new Flaw(
          'no trusted key has signed it as it is',
          'Sign it again with a key of profiles.trust; it may have been altered.',
        )
  return fail('profile_signature', flaw) as undefined
}

function readTrusted(file: string, field: string, problems: Problem[]): KeyObject[] {
  const text = readText(file)
  const fail = ({ what, hint }: Flaw) => void problems.push({ code: 'profile_key', what, hint, place: { file, field } })
  if (text instanceof Flaw) {
    fail(text)
    return []
  }
  try {
    const key = createPublicKey(text)
    if (signsProfiles(key) && !text.includes('PRIVATE')) return [key]
    fail(new Flaw(`${file} holds no public key for profiles`, 'Name an Ed25519 or ECDSA P-256 public key (PEM).'))
  } catch {
    fail(new Flaw(`${file} holds no key that can be read`, 'Name a PEM file with BEGIN PUBLIC KEY.'))
  }
  return []
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
