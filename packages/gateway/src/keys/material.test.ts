import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeConfig } from '../config/index.ts'
import { Authority } from '../identity/authority.ts'
import { readMaterial } from './material.ts'

let folder: string
let authority: Authority

const write = (name: string, text: string, mode = 0o600) => {
  writeFileSync(join(folder, name), text, { mode })
  chmodSync(join(folder, name), mode)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-material-'))
  authority = await Authority.create('mill-3')
  const own = await authority.issueServer(['localhost'])
  write('root.pem', `before\n${authority.root.certificate}between\n${own.certificate}after\n`, 0o644)
  write('own.pem', own.certificate, 0o644)
  write('own.key', own.key)
  write('open.key', own.key, 0o640)
  write('password', 'secret word\r\n')
  write('open.password', 'secret', 0o604)
  write('junk', 'junk')
})
afterAll(() => rmSync(folder, { recursive: true }))

const config = (mqtts: object = {}, upstream: object = {}, ca = 'root.pem') =>
  makeConfig(
    {
      site: 'mill-3',
      listen: { mqtts: { certificate: 'own.pem', key: 'own.key', ...mqtts } },
      upstream: { url: 'mqtts://broker.example.com', ...upstream },
      identity: { anchors: [{ ca }] },
      roles: { sensor: {} },
    },
    join(folder, 'ringwall.yaml'),
  )

test('all that is named is read: every certificate of a bundle and nothing around them, the password without its line end', () => {
  const material = readMaterial(
    config({}, { ca: 'root.pem', certificate: 'own.pem', key: 'own.key', passwordFile: 'password' }),
  )
  expect(material.anchors[0].match(/BEGIN CERTIFICATE/g)?.length).toBe(2)
  expect(material.anchors[0]).not.toContain('between')
  expect(material.key).toContain('BEGIN PRIVATE KEY')
  expect(material.upstreamPassword).toBe('secret word')
  expect(material.upstreamCa).toBe(material.anchors[0])
  expect([material.upstreamCertificate, material.upstreamKey]).toEqual([material.certificate, material.key])
})

test('what is not named is absent', () => {
  expect(Object.keys(readMaterial(config())).sort()).toEqual([
    'anchors',
    'certificate',
    'key',
    'profiles',
    'rules',
    'sealSecret',
  ])
  expect(readMaterial(config()).sealSecret).toBe(null)
})

test.each([
  ['a certificate that is not there', () => config({ certificate: 'none.pem' }), 'listen.mqtts.certificate'],
  ['a certificate that is none', () => config({ certificate: 'junk' }), 'listen.mqtts.certificate'],
  ['a key that is none', () => config({ key: 'junk' }), 'listen.mqtts.key'],
  ['a key that others may read', () => config({ key: 'open.key' }), 'listen.mqtts.key'],
  ['an anchor that is none', () => config({}, {}, 'junk'), 'identity.anchors[0].ca'],
  ['a password that others may read', () => config({}, { passwordFile: 'open.password' }), 'upstream.passwordFile'],
])('%s is refused with its key in the configuration', (_, make, field) => {
  expect(() => readMaterial(make())).toThrow(
    expect.objectContaining({ code: 'file_unusable', place: expect.objectContaining({ field }) }),
  )
})

test('no message holds a secret', () => {
  for (const make of [() => config({ key: 'open.key' }), () => config({}, { passwordFile: 'open.password' })]) {
    expect(() => readMaterial(make())).toThrow(
      expect.not.objectContaining({ message: expect.stringMatching(/secret|PRIVATE/) }),
    )
  }
})
