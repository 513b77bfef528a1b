import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { type Problem, readKey } from '../config/index.ts'
import { Flaw } from '../config/problem.ts'
import { readProfile } from '../keys/profiles.ts'
import { keyId, PROFILE_TYPE, seal, signsProfiles } from '../profile/dsse.ts'
import { type Outcome, runs, verb } from './verb.ts'

/** `ringwall profile sign`: puts profiles into DSSE envelopes. */
export function signVerb(profile: Command): void {
  const command = verb(profile, {
    name: 'sign <files...>',
    summary: 'Sign profiles (DSSE): each goes into an envelope of the same name in a folder of its own.',
    example: 'ringwall profile sign profiles/*.td.json --key profile.key --out profiles/signed',
  })
    .requiredOption('--key <file>', 'the private key (PEM, mode 0600): Ed25519 or ECDSA P-256')
    .option('--out <folder>', 'where the envelopes go; else signed/ beside each file')
  runs<{ key: string; out?: string }>(command, (files, { key, out }) => sign(files, key, out))
}

/** `ringwall profile key`: makes a pair to sign with. */
export function keyVerb(profile: Command): void {
  const command = verb(profile, {
    name: 'key [name]',
    summary: 'Make an Ed25519 pair to sign profiles with: NAME.key and NAME.pub (default: profile).',
    example: 'ringwall profile key profile',
  })
  runs(command, ([name = 'profile']) => makeKey(name))
}

function sign(files: readonly string[], keyFile: string, out: string | undefined): Outcome {
  const key = readKey(keyFile)
  if (key instanceof Flaw) throw new RingwallError('key_unreadable', key.what, key.hint, { file: keyFile })
  if (!signsProfiles(key)) {
    const hint = 'Run ringwall profile key, or openssl genpkey -algorithm ed25519 -out profile.key.'
    throw new RingwallError('profile_key', 'the key is neither Ed25519 nor ECDSA P-256', hint, { file: keyFile })
  }
  const signed = files.map(file => {
    const problems: Problem[] = []
    const source = readProfile(file, { signed: 'allow', keys: [], looks: true }, problems)
    const [first] = problems
    if (source === undefined || first !== undefined) {
      throw new RingwallError(first!.code, first!.what, first!.hint, first!.place)
    }
    const folder = out ?? join(dirname(file), 'signed')
    mkdirSync(folder, { recursive: true })
    const target = join(folder, basename(file))
    writeFileSync(target, `${JSON.stringify(seal(PROFILE_TYPE, Buffer.from(source.text), key), null, 2)}\n`)
    return { file, signed: target }
  })
  const lines = signed.map(({ file, signed: target }) => `${file} -> ${target}\n`)
  return { status: 0, text: `${lines.join('')}key ${keyId(key)}\n`, json: { key: keyId(key), signed } }
}

function makeKey(name: string): Outcome {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const files = { key: `${name}.key`, public: `${name}.pub` }
  try {
    writeFileSync(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
    writeFileSync(files.public, publicKey.export({ type: 'spki', format: 'pem' }), { flag: 'wx' })
  } catch (error) {
    throw new RingwallError(
      'file_taken',
      `${name}.key or ${name}.pub cannot be made`,
      'Choose another name; nothing is overwritten.',
      {},
      error,
    )
  }
  const text = `${files.key} (keep it secret) and ${files.public}; key ${keyId(publicKey)}\n\n  profiles: { signed: require, trust: [${files.public}] }   # in ringwall.yaml\n`
  return { status: 0, text, json: { ...files, id: keyId(publicKey) } }
}
