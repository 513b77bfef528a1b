import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Authority } from '../identity/authority.ts'
import { checkFiles } from './files.ts'
import { parseConfig } from './load.ts'
import { SAMPLE } from './sample.ts'

const DAY = 86_400_000
let folder: string
let authority: Authority

const put = (name: string, text: string, mode = 0o600) => writeFileSync(join(folder, name), text, { mode })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-files-'))
  mkdirSync(join(folder, 'pki'))
  authority = await Authority.create('mill-3')
  const server = await authority.issueServer(['localhost'])
  put('pki/root.pem', authority.root.certificate)
  put('pki/gateway.pem', server.certificate)
  put('pki/gateway.key', server.key)
})
afterEach(() => rmSync(folder, { recursive: true }))

function check(extra = '', upstream = '', wall = Date.now()) {
  const text =
    upstream === '' ? SAMPLE : SAMPLE.replace('url: mqtt://127.0.0.1:1883', `url: mqtts://b:1\n  ${upstream}`)
  const { errors, warnings } = checkFiles(parseConfig(text + extra, join(folder, 'ringwall.yaml')), wall)
  return { errors: errors.map(({ code, place }) => [code, place.field]), warnings: warnings.map(({ code }) => code) }
}

test('good files are good', () => {
  expect(check()).toEqual({ errors: [], warnings: [] })
})

test.runIf(process.platform === 'linux')(
  'a control socket where nothing can be made is refused, one to be made is fine',
  () => {
    expect(check('control: { path: /proc/ringwall/run.sock }\n').errors).toEqual([['control_path', 'control.path']])
    expect(check('control: { path: pki/root.pem/run.sock }\n').errors).toEqual([['control_path', 'control.path']])
    expect(check('control: { path: not/yet/there/run.sock }\n').errors).toEqual([])
  },
)

test('a key that others may read is refused', () => {
  for (const mode of [0o640, 0o604, 0o660, 0o602]) {
    chmodSync(join(folder, 'pki/gateway.key'), mode)
    expect(check().errors).toEqual([['key_unreadable', 'listen.mqtts.key']])
  }
})

test('missing and broken files are named by their field', () => {
  rmSync(join(folder, 'pki/gateway.pem'))
  put('pki/gateway.key', 'x')
  put('pki/root.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  expect(check().errors).toEqual([
    ['certificate_unreadable', 'listen.mqtts.certificate'],
    ['key_unreadable', 'listen.mqtts.key'],
    ['certificate_unreadable', 'identity.anchors[0].ca'],
  ])
  rmSync(join(folder, 'pki/root.pem'))
  mkdirSync(join(folder, 'pki/root.pem'))
  expect(check().errors).toContainEqual(['certificate_unreadable', 'identity.anchors[0].ca'])
})

test('another key is no match', () => {
  put('pki/gateway.key', authority.root.key)
  expect(check().errors).toEqual([['key_mismatch', 'listen.mqtts.key']])
})

test('a device is no authority', async () => {
  put('pki/root.pem', (await authority.issueDevice('x', [])).certificate)
  expect(check().errors).toEqual([['not_an_authority', 'identity.anchors[0].ca']])
})

test('what ran out, runs out soon or has not begun is told', () => {
  expect(check('', '', Date.now() + 360 * DAY)).toEqual({ errors: [], warnings: ['certificate_expires_soon'] })
  expect(check('', '', Date.now() + 366 * DAY).errors).toEqual([['certificate_expired', 'listen.mqtts.certificate']])
  expect(check('', '', Date.now() - DAY).errors).toContainEqual(['certificate_not_yet_valid', 'identity.anchors[0].ca'])
})

test('upstream files are read too', async () => {
  const own = await authority.issueDevice('gateway', [])
  put('own.pem', own.certificate)
  put('own.key', own.key)
  put('pw', 'secret\n')
  expect(check('', 'ca: pki/root.pem\n  certificate: own.pem\n  key: own.key\n  passwordFile: pw').errors).toEqual([])
  put('pw', '\n')
  expect(check('', 'passwordFile: pw').errors).toEqual([['password_empty', 'upstream.passwordFile']])
  chmodSync(join(folder, 'pw'), 0o644)
  expect(check('', 'passwordFile: pw').errors).toEqual([['password_unreadable', 'upstream.passwordFile']])
})

test('a folder of certificates is checked pair by pair', async () => {
  const upstream = 'identity: certificate\n  certificates: devices'
  expect(check('', upstream).errors).toEqual([['folder_unreadable', 'upstream.certificates']])
  mkdirSync(join(folder, 'devices'))
  expect(check('', upstream).warnings).toEqual(['folder_empty'])
  const pair = await authority.issueDevice('pump-1', [])
  put('devices/pump-1.pem', pair.certificate)
  expect(check('', upstream).errors).toEqual([['key_unreadable', 'upstream.certificates']])
  put('devices/pump-1.key', pair.key)
  expect(check('', upstream)).toEqual({ errors: [], warnings: [] })
})
