import { expect, test } from 'vitest'
import { parseConfig } from './load.ts'
import { diffConfig } from './reload.ts'
import { SAMPLE } from './sample.ts'

const config = (extra = '', change: (text: string) => string = text => text) =>
  parseConfig(change(SAMPLE) + extra, '/x/ringwall.yaml')

const SCENARIOS = ['scenarios.files', 'scenarios.allow']
const UPSTREAM = ['upstream.url', 'upstream.connectTimeout', 'upstream.username']

test('nothing changed, nothing to do', () => {
  expect(diffConfig(config(), config())).toEqual({ apply: [], restart: [] })
})

test.each([
  ['a new role', config('  operator: {}\n'), ['roles.operator']],
  ['a mode', config('rings: { network: enforce }\n'), ['rings.network']],
  ['a guard', config('guards: { rate: off }\n'), ['guards.rate']],
  ['a pattern over time', config('scenarios: { files: ["s/*.yaml"], allow: [a.yaml] }\n'), SCENARIOS],
  ['a group', config('groups: [{ name: a, devices: x }]\n'), ['groups']],
  [
    'a limit and a size',
    config('limits: { connections: 5 }\nsize: { default: 9 }\n'),
    ['limits.connections', 'size.default'],
  ],
  ['another certificate', config('', text => text.replace('gateway.pem', 'new.pem')), ['listen.mqtts.certificate']],
  ['other anchors', config('', text => text.replace('root.pem', 'new.pem')), ['identity.anchors']],
])('%s is taken over', (_, next, fields) => {
  expect(diffConfig(config(), next)).toEqual({ apply: fields, restart: [] })
  expect(diffConfig(next, config())).toEqual({ apply: fields, restart: [] })
})

test.each([
  ['the site', config('', text => text.replace('mill-3', 'mill-4')), ['site']],
  ['the port', config('', text => text.replace('{ certificate', '{ port: 1, certificate')), ['listen.mqtts.port']],
  ['the broker', config('', text => text.replace('1883', '1884')), ['upstream.url']],
  ['all of upstream', config('', text => text.replace('1883', '1884\n  username: x\n  connectTimeout: 9s')), UPSTREAM],
  ['a password', config('', text => text.replace('1883', '1883\n  passwordFile: x')), ['upstream.passwordFile']],
  ['the lanes', config('limits: { devices: 5 }\n'), ['limits.devices']],
  ['metrics', config('metrics: {}\n'), ['metrics']],
  ['the template', config('', text => text.replace('anchors', 'device: CN={id}\n  anchors')), ['identity.device']],
])('%s needs a restart', (_, next, fields) => {
  expect(diffConfig(config(), next)).toEqual({ apply: [], restart: fields })
})

test('what nobody thought of needs a restart', () => {
  expect(diffConfig(config(), { ...config(), later: 1 } as never)).toEqual({ apply: [], restart: ['later'] })
})
