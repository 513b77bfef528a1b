import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deviceSecret } from '@ringwall/proof'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sealsVerb } from './seals.ts'
import { printedBy } from './verb.testkit.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-seals-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const seals = (...args: string[]) => printedBy([sealsVerb], ['seals', ...args])

/** A configuration whose seals are this. @returns its file */
function configured(own: string): string {
  const config = `site: mill-3
listen: { mqtts: { certificate: own.pem, key: own.key } }
upstream: { url: "mqtt://127.0.0.1:1883" }
identity: { anchors: [{ ca: root.pem }] }
roles: {}
seals: ${own}
`
  writeFileSync(at('ringwall.yaml'), config, { mode: 0o600 })
  return at('ringwall.yaml')
}

test('a secret is made once, for its owner alone, and those of devices come from it', async () => {
  const made = await seals('init', at('seals.secret'), '--json')
  expect(made.status).toBe(0)
  const text = readFileSync(at('seals.secret'), 'utf8').trim()
  expect(made.out).not.toContain(text)
  expect(statSync(at('seals.secret')).mode & 0o777).toBe(0o600)
  const { status, out } = await seals('secret', 'pump-1', '--config', configured('{ secret: seals.secret }'), '--json')
  const secret = Buffer.from(deviceSecret(Buffer.from(text, 'hex'), 'mill-3', 'pump-1')).toString('hex')
  expect([status, JSON.parse(out)]).toEqual([0, { device: 'pump-1', secret }])
  const again = await seals('init', at('seals.secret'))
  expect([again.status, again.err]).toEqual([2, expect.stringContaining('is there already')])
  expect(readFileSync(at('seals.secret'), 'utf8').trim()).toBe(text)
})

test('where seals are off, the device is none or the file holds no secret, that is said, and nothing of the file', async () => {
  expect((await seals('secret', 'pump-1', '--config', configured('off'))).err).toContain('seals_off')
  writeFileSync(at('seals.secret'), 'abcdef012345', { mode: 0o600 })
  const bad = await seals('secret', 'pump-1', '--config', configured('{ secret: seals.secret }'))
  expect([bad.status, bad.out]).toEqual([2, ''])
  expect(bad.err).toContain('file_unusable')
  expect(bad.err).not.toContain('abcdef')
  writeFileSync(at('seals.secret'), 'ab'.repeat(32), { mode: 0o600 })
  const none = await seals('secret', 'not a device', '--config', configured('{ secret: seals.secret }'))
  expect([none.status, none.err]).toEqual([2, expect.stringContaining('device_invalid')])
})
