import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../config/index.ts'
import { PROFILE_TYPE, seal } from '../profile/dsse.ts'
import { problemsOf } from '../profile/profile.testkit.ts'
import { readProfiles } from './profiles.ts'

let folder: string
const ed = generateKeyPairSync('ed25519')
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const stranger = generateKeyPairSync('ed25519')
const TEXT = '{"title": "Level"}'

const pem = (key: KeyObject) => key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' }) as string
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const signed = (key: KeyObject, type = PROFILE_TYPE) => seal(type, Buffer.from(TEXT), key)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-profiles-'))
  write('plain.td.json', TEXT)
  write('ed.signed', JSON.stringify(signed(ed.privateKey)))
  write('ec.signed', JSON.stringify(signed(ec.privateKey)))
  write('stranger.signed', JSON.stringify(signed(stranger.privateKey)))
  write('other.signed', JSON.stringify(signed(ed.privateKey, 'application/json')))
  const altered = { ...signed(ed.privateKey), payload: Buffer.from(TEXT.replace('L', 'l')).toString('base64') }
  write('altered.signed', JSON.stringify(altered))
  write('torn.signed', JSON.stringify({ ...JSON.parse(TEXT), ...signed(ed.privateKey), signatures: [{ sig: 1 }] }))
  write('bytes.signed', JSON.stringify(seal(PROFILE_TYPE, Buffer.from([0x7b, 0xff, 0x7d]), ed.privateKey)))
  write('marked.signed', `\ufeff${JSON.stringify(signed(ed.privateKey))}`)
  write('marked.json', `\ufeff${TEXT}`)
  write('ed.pub', pem(ed.publicKey))
  write('ec.pub', pem(ec.publicKey))
  write('ed.key', pem(ed.privateKey))
  write('rsa.pub', pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey))
})
afterAll(() => rmSync(folder, { recursive: true }))

const read = (files: string[], signed: 'allow' | 'require' = 'require', trust = ['ed.pub', 'ec.pub']) => {
  const at = (name: string) => join(folder, name)
  const profiles = { files: files.map(at), signed, trust: trust.map(at) } as Config['profiles']
  return readProfiles({ profiles })
}
const codes = (...args: Parameters<typeof read>) => problemsOf(() => read(...args)).map(({ code }) => code)

test('what a trusted key has signed is read, whichever kind it is', () => {
  expect(read(['*.signed'].flatMap(() => ['ed.signed', 'ec.signed'])).map(({ text }) => text)).toEqual([TEXT, TEXT])
})

describe('where signatures are required', () => {
  test.each([
    ['plain.td.json', 'profile_unsigned'],
    ['altered.signed', 'profile_signature'],
    ['stranger.signed', 'profile_signature'],
    ['other.signed', 'profile_signature'],
    ['none.td.json', 'profile_unreadable'],
    ['none-*.td.json', 'profile_none'],
  ])('%s is refused: %s', (file, code) => expect(codes([file])).toEqual([code]))
})

describe.each(['allow', 'require'] as const)('in either case (%s)', mode => {
  test.each([
    ['torn.signed', 'profile_signature'],
    ['bytes.signed', 'profile_syntax'],
    ['marked.signed', 'profile_syntax'],
    ['marked.json', 'profile_syntax'],
  ])('%s is refused: %s', (file, code) => expect(codes([file], mode)).toEqual([code]))
})

describe('where they are allowed', () => {
  test('plain profiles are read, and a signature that does not hold is refused all the same', () => {
    expect(read(['plain.td.json'], 'allow').length).toBe(1)
    expect(codes(['altered.signed'], 'allow')).toEqual(['profile_signature'])
    expect(codes(['stranger.signed'], 'allow')).toEqual(['profile_signature'])
  })

  test('without any trusted key no signature holds; only who looks at a file reads it', () => {
    const found = problemsOf(() => read(['stranger.signed'], 'allow', []))
    expect(found.map(({ code, hint }) => `${code}: ${hint}`)).toEqual([
      'profile_signature: Name the public key in profiles.trust.',
    ])
    const profiles = { files: [join(folder, 'stranger.signed')], signed: 'allow', trust: [] }
    expect(readProfiles({ profiles: profiles as unknown as Config['profiles'] }, true)[0]?.text).toBe(TEXT)
  })
})

test('globs find files in order, each once', () => {
  const files = read(['*.td.json', 'plain.*', 'e?.signed'], 'allow').map(({ file }) => file.slice(folder.length + 1))
  expect(files).toEqual(['plain.td.json', 'ec.signed', 'ed.signed'])
})

test.each(['ed.key', 'rsa.pub', 'plain.td.json', 'none.pub'])('%s is no key to trust', file => {
  expect(codes(['plain.td.json'], 'allow', [file])).toEqual(['profile_key'])
})
