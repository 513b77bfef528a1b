import { expect, test } from 'vitest'
import { checkKind } from './kinds.ts'
import type { Kind } from './leaf.ts'
import { Flaw } from './problem.ts'

const good: [Kind, string[]][] = [
  ['filter', ['#', '+', 'a/+/b/#', '/a', 'a//b', '$SYS/#', 'ä']],
  ['topic', ['a', 'plant/mode', '/a//b', 'ä']],
  ['role-filter', ['plant/${device}/#', '${site}/${role}-x/+', '#']],
  ['glob', ['*', 'pump-?', 'a.b_c']],
  ['protected', ['10.0.0.5', '10.1.0.0/16', 'fd00::/8', 'plc-*', 'pump-?']],
  ['network', ['10.0.0.5', '10.1.0.0/16', '::1', 'fd00::/8', '0.0.0.0/0']],
  ['loopback', ['127.0.0.1', '127.9.9.9', '::1']],
  ['url', ['mqtt://h', 'mqtts://[::1]:1', 'mqtt://broker.example:1883/']],
  ['device-template', ['urn:ringwall:{site}:{id}', 'dns:{id}.{site}.x', 'CN={id}', 'urn:a:{id}:b']],
]
test.each(good.flatMap(([kind, texts]) => texts.map(text => [kind, text] as const)))('%s %s is good', (kind, text) => {
  expect(checkKind(kind, text, '/')).toBe(text)
})

const bad: [Kind, string[]][] = [
  ['filter', ['a#', '#/a', 'a/#/b', 'a+', '+a/b', 'a\0', '$share/g/a', '${device}/x', 'x'.repeat(65_536), '\ud800']],
  ['topic', ['a/+', '#', '$SYS/x', '${device}/x', 'x'.repeat(65_536), 'a\0']],
  ['role-filter', ['${devize}/#', '${device', '${}', 'a/${site}+', '${device}#', '${constructor}']],
  ['glob', ['a/b', 'a b', '', 'ü', 'x'.repeat(65), '[a]']],
  ['protected', ['10.0.0.0/33', 'a/b', 'a b', '::/129', 'ü', 'x'.repeat(65)]],
  ['network', ['10.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/1/1', 'fe80::1%eth0', 'host', '10.0.0.0/08']],
  ['loopback', ['0.0.0.0', '::', 'localhost', '10.0.0.1', '127.0.0.1.example.com', '128.0.0.1']],
  [
    'url',
    [
      'http://h',
      'mqtt://',
      'mqtt://u@h',
      'mqtt://:p@h',
      'mqtt://h/x',
      'mqtt://h?x',
      'mqtt://h#x',
      'mqtt://h:0',
      'mqtt://h:99999',
      'h:1883',
    ],
  ],
  [
    'device-template',
    [
      '{id}',
      'urn:x',
      'urn:{id}:{id}',
      'urn:{site}{id}',
      'urn:{id}{site}',
      'urn:{device}:{id}',
      'CN={id}, OU=x',
      'dns:{id}"',
      'email:{id}',
      'urn:{id',
    ],
  ],
  ['path', ['pkcs11:token=x', 'a\0b']],
  ['name', ['a b', 'a\nb']],
]
test.each(bad.flatMap(([kind, texts]) => texts.map(text => [kind, text] as const)))('%s %j is bad', (kind, text) => {
  const flaw = checkKind(kind, text, '/')
  expect(flaw).toBeInstanceOf(Flaw)
  expect((flaw as Flaw).hint).not.toBe('')
})

test('paths start at the folder of the file', () => {
  expect(checkKind('path', 'pki/x.pem', '/etc/ringwall')).toBe('/etc/ringwall/pki/x.pem')
  expect(checkKind('path', '/srv/x.pem', '/etc/ringwall')).toBe('/srv/x.pem')
})

test('an unknown placeholder is answered with the one that was meant', () => {
  expect((checkKind('role-filter', '${devize}/#', '/') as Flaw).hint).toContain('Did you mean device?')
})
