import { expect, test } from 'vitest'
import type { Problem } from '../config/problem.ts'
import { compareMud, readMud } from './mud.ts'
import { complaints } from './part.ts'

/** In the form of RFC 8520, section 9: a device that talks to one name, to its controller, and is told by both. */
const ace = (matches: object, forwarding = 'accept') => ({ name: 'x', matches, actions: { forwarding } })
const FILE = {
  'ietf-mud:mud': {
    'mud-version': 1,
    'mud-url': 'https://maker.example/level',
    'last-update': '2026-01-01T00:00:00+00:00',
    'is-supported': true,
    'from-device-policy': { 'access-lists': { 'access-list': [{ name: 'from' }] } },
    'to-device-policy': { 'access-lists': { 'access-list': [{ name: 'to' }] } },
  },
  'ietf-access-control-list:acls': {
    acl: [
      {
        name: 'from',
        type: 'ipv4-acl-type',
        aces: {
          ace: [
            ace({
              ipv4: { 'ietf-acldns:dst-dnsname': 'gateway', protocol: 6 },
              tcp: { 'destination-port': { operator: 'eq', port: 8883 } },
            }),
            ace({ 'ietf-mud:mud': { controller: 'https://maker.example/c' }, ipv4: { protocol: 17 } }),
            ace({ ipv4: { 'destination-ipv4-network': '10.0.0.0/8' } }),
            ace({ ipv4: { 'ietf-acldns:dst-dnsname': 'bad.example' } }, 'drop'),
          ],
        },
      },
      { name: 'to', type: 'ipv4-acl-type', aces: { ace: [] } },
    ],
  },
}

function read(value: unknown) {
  const problems: Problem[] = []
  const intent = readMud(typeof value === 'string' ? value : JSON.stringify(value), complaints('x', problems))
  return { intent, problems: problems.map(({ code, place }) => `${code} ${place.field}`) }
}

test('what a device may open towards others is read', () => {
  const { intent, problems } = read(FILE)
  expect(problems).toEqual([])
  expect(intent?.flows).toEqual([
    { to: 'gateway', protocol: 'tcp', port: 8883 },
    { to: 'controller https://maker.example/c', protocol: 'udp', port: null },
    { to: '10.0.0.0/8', protocol: 'any', port: null },
  ])
})

test('it is held against the gateway', () => {
  const intent = read(FILE).intent!
  const found = compareMud(intent, ['gateway'], 8883)
  expect(found.gateway?.to).toBe('gateway')
  expect(found.others.map(({ to }) => to)).toEqual(['controller https://maker.example/c', '10.0.0.0/8'])
  expect(compareMud(intent, ['gateway'], 1883).gateway).toBeNull()
  expect(compareMud(intent, ['other'], 8883).gateway).toBeNull()
})

test.each([
  ['{', 'mud_syntax '],
  [{}, 'profile_missing /ietf-mud:mud'],
  [
    { ...FILE, 'ietf-mud:mud': { ...FILE['ietf-mud:mud'], 'mud-version': 2 } },
    'profile_value /ietf-mud:mud/mud-version',
  ],
  [
    { ...FILE, 'ietf-mud:mud': { ...FILE['ietf-mud:mud'], 'mud-url': 'http://x' } },
    'profile_value /ietf-mud:mud/mud-url',
  ],
  [{ ...FILE, 'ietf-access-control-list:acls': { acl: [] } }, 'profile_value /ietf-mud:mud/from-device-policy'],
])('a wrong file %#: %s', (value, problem) => expect(read(value).problems).toContain(problem))
