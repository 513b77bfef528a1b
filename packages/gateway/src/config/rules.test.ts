import { expect, test } from 'vitest'
import { parseConfig } from './load.ts'
import { ConfigError } from './problem.ts'
import { SAMPLE } from './sample.ts'

const PLAIN = 'url: mqtt://127.0.0.1:1883'
const up = (lines: string) => SAMPLE.replace(PLAIN, lines)
const tls = (lines: string) => up(`url: mqtts://broker:8883\n  ${lines}`)

const refused: [string, string, string, string][] = [
  [
    'revocation is not there yet',
    SAMPLE.replace('root.pem }', 'root.pem, revocation: hard }'),
    'config_not_yet',
    'identity.anchors[0].revocation',
  ],
  ['a CA without TLS', up(`${PLAIN}\n  ca: x`), 'config_conflict', 'upstream.ca'],
  ['a server name without TLS', up(`${PLAIN}\n  serverName: x`), 'config_conflict', 'upstream.serverName'],
  [
    'certificates without TLS',
    up(`${PLAIN}\n  identity: certificate\n  certificates: x`),
    'config_conflict',
    'upstream.identity',
  ],
  ['certificate identity without its folder', tls('identity: certificate'), 'config_conflict', 'upstream.identity'],
  ['a folder that nothing reads', tls('certificates: x'), 'config_conflict', 'upstream.certificates'],
  ['a certificate without key', tls('certificate: x'), 'config_conflict', 'upstream.certificate'],
  ['a key without certificate', tls('key: x'), 'config_conflict', 'upstream.key'],
  [
    'a password that is passed through',
    up(`${PLAIN}\n  identity: pass-through\n  passwordFile: x`),
    'config_conflict',
    'upstream.passwordFile',
  ],
  [
    'one user name beside those of the devices',
    up(`${PLAIN}\n  identity: pass-through\n  username: x`),
    'config_conflict',
    'upstream.username',
  ],
  ['the gateway as its own broker', up('url: mqtts://localhost:8883'), 'config_conflict', 'upstream.url'],
  ['metrics where devices connect', `${SAMPLE}metrics: { port: 8883 }`, 'config_conflict', 'metrics.port'],
  [
    'a posture that is not said',
    `${SAMPLE}prevention: { actions: [{ do: posture }] }`,
    'config_conflict',
    'prevention.actions[0].do',
  ],
  [
    'a posture that nothing reads',
    `${SAMPLE}prevention: { actions: [{ do: block, posture: watched }] }`,
    'config_conflict',
    'prevention.actions[0].posture',
  ],
  [
    'somebody who is protected twice',
    `${SAMPLE}prevention: { protected: [a, b, a] }`,
    'config_duplicate',
    'prevention.protected[2]',
  ],
  ['a size beyond the packet', `${SAMPLE}limits: { packet: 1KiB }`, 'config_conflict', 'size.default'],
  [
    'a topic size beyond the packet',
    `${SAMPLE}size: { topics: [{ filter: a, bytes: 2MiB }] }`,
    'config_conflict',
    'size.topics[0].bytes',
  ],
  [
    'a packet beyond what is kept',
    `${SAMPLE}limits: { packet: 2MiB, buffered: 1MiB }`,
    'config_conflict',
    'limits.buffered',
  ],
  [
    'more by address than in all',
    `${SAMPLE}limits: { connections: 5, addressConnections: 6 }`,
    'config_conflict',
    'limits.addressConnections',
  ],
  [
    'a group twice',
    `${SAMPLE}groups: [{ name: a, devices: x }, { name: a, devices: y }]`,
    'config_duplicate',
    'groups[1].name',
  ],
  [
    'a filter twice',
    `${SAMPLE}rate: { topics: [{ filter: a, messages: 1 }, { filter: a, messages: 2 }] }`,
    'config_duplicate',
    'rate.topics[1].filter',
  ],
  [
    'a role filter twice',
    SAMPLE.replace('["plant/${device}/set"]', '[a, b, a]'),
    'config_duplicate',
    'roles.sensor.subscribe[2]',
  ],
  [
    'a role that is not defined',
    SAMPLE.replace('root.pem }]', 'root.pem }]\n  assign: [{ devices: "*", roles: [senser] }]'),
    'config_unknown_role',
    'identity.assign[0].roles[0]',
  ],
  [
    'access enforced for nobody',
    `${SAMPLE.replace(/roles:[\s\S]*/, '')}rings: { identity: enforce }`,
    'config_conflict',
    'roles',
  ],
  [
    'a socket path that no kernel takes',
    `${SAMPLE}control: { path: ${'x'.repeat(120)} }`,
    'config_conflict',
    'control.path',
  ],
]

test.each(refused)('%s', (_, text, code, field) => {
  try {
    parseConfig(text, '/etc/ringwall/x.yaml')
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).problems).toContainEqual(
      expect.objectContaining({ code, place: expect.objectContaining({ field, line: expect.any(Number) }) }),
    )
    return
  }
  expect.unreachable('accepted')
})

test('an undefined role is answered with the one that was meant', () => {
  const text = SAMPLE.replace('root.pem }]', 'root.pem }]\n  assign: [{ devices: "*", roles: [senser] }]')
  expect(() => parseConfig(text, 'x')).toThrow('Did you mean sensor?')
})

test.each([
  ['a broker on the same port of another address', SAMPLE.replace(PLAIN, 'url: mqtts://10.0.0.1:8883')],
  [
    'a broker on loopback beside a gateway on one address',
    SAMPLE.replace('{ certificate', '{ host: 10.0.0.2, certificate').replace('1883', '8883'),
  ],
  ['any free port for both', `${SAMPLE.replace('{ certificate', '{ port: 0, certificate')}metrics: { port: 0 }`],
  ['certificates for each device', tls('identity: certificate\n  certificates: x\n  ca: y')],
  ['no roles while observing', SAMPLE.replace(/roles:[\s\S]*/, '')],
])('%s is fine', (_, text) => {
  expect(parseConfig(text, '/etc/ringwall/x.yaml').site).toBe('mill-3')
})
