import { readFileSync } from 'node:fs'
import { RingwallError } from '../base/error.ts'
import { type Config, readCertificates, readKey, readSecret } from '../config/index.ts'
import type { ProfileSource } from '../profile/compile.ts'
import type { RuleSource } from '../signature/index.ts'
import { readProfiles } from './profiles.ts'
import { readRules } from './rules.ts'
import { readSealSecret } from './seals.ts'

/** What the files that a configuration names hold, in PEM or as text. */
export interface Material {
  /** The gateway's chain and key, and the anchors of the devices. */
  readonly certificate: string
  readonly key: string
  readonly anchors: readonly string[]
  /** Towards the broker. */
  readonly upstreamCa?: string
  readonly upstreamCertificate?: string
  readonly upstreamKey?: string
  readonly upstreamPassword?: string
  /** What devices may say; their signatures are verified. */
  readonly profiles: readonly ProfileSource[]
  /** Signatures. */
  readonly rules: readonly RuleSource[]
  /** The secret of the site that seals come from; null where seals are off. */
  readonly sealSecret: Uint8Array | null
}

/**
 * Reads all that a configuration names. Errors: `file_unusable`, with the file, its key in the configuration and what to do;
 * keys and passwords that others may read are refused. Of profiles and rules: a `ConfigError` with every problem.
 */
export function readMaterial({ listen, identity, upstream, profiles, rules, seals }: Config): Material {
  const { certificate, key } = listen.mqtts
  return {
    certificate: certificates(certificate, 'listen.mqtts.certificate'),
    key: privateKey(key, 'listen.mqtts.key'),
    anchors: identity.anchors.map(({ ca }, index) => certificates(ca, `identity.anchors[${index}].ca`)),
    ...(upstream.ca === undefined ? {} : { upstreamCa: certificates(upstream.ca, 'upstream.ca') }),
    ...(upstream.certificate === undefined
      ? {}
      : { upstreamCertificate: certificates(upstream.certificate, 'upstream.certificate') }),
    ...(upstream.key === undefined ? {} : { upstreamKey: privateKey(upstream.key, 'upstream.key') }),
    profiles: readProfiles({ profiles }),
    rules: readRules({ rules }),
    sealSecret: readSealSecret({ seals }),
    ...(upstream.passwordFile === undefined ? {} : { upstreamPassword: password(upstream.passwordFile) }),
  }
}

function certificates(file: string, field: string): string {
  const read = readCertificates(file)
  if (Array.isArray(read)) return read.map(each => each.toString()).join('')
  throw unusable(read, file, field)
}

function privateKey(file: string, field: string): string {
  const read = readKey(file)
  if ('what' in read) throw unusable(read, file, field)
  return readFileSync(file, 'utf8')
}

function password(file: string): string {
  const read = readSecret(file)
  if (typeof read === 'string') return read.replace(/\r?\n$/, '')
  throw unusable(read, file, 'upstream.passwordFile')
}

function unusable(flaw: { readonly what: string; readonly hint: string }, file: string, field: string): RingwallError {
  return new RingwallError('file_unusable', flaw.what, flaw.hint, { file, field })
}
