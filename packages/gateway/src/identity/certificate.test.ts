import 'reflect-metadata'
import { createHash, webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Authority } from './authority.ts'
import { compileIdentity, type Identify } from './certificate.ts'
import { alternativeNames } from './names.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const role = { publish: [], subscribe: [], receive: [] }
const roles = { sensor: role, actuator: role, operator: role }
let keys: webcrypto.CryptoKeyPair

const rule = (device = 'urn:ringwall:{site}:{id}', assign: { devices: string[]; roles: string[] }[] = []): Identify =>
  compileIdentity({ site: 'mill-3', identity: { anchors: [], device, assign }, roles })

async function certificate(subject: x509.JsonName, names: x509.JsonGeneralNames = []): Promise<X509Certificate> {
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: '01',
    subject,
    issuer: [{ CN: ['test'] }],
    notBefore: new Date(0),
    notAfter: new Date(4e12),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)],
  })
  return new X509Certificate(made.toString('pem'))
}

const uri = (...values: string[]) => values.map(value => ({ type: 'url' as const, value }))
const own = uri('urn:ringwall:mill-3:pump-1')

beforeAll(async () => {
  keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
})

describe('a good certificate', () => {
  test('names device, roles and fingerprint', async () => {
    const authority = await Authority.create('mill-3')
    const pem = new X509Certificate((await authority.issueDevice('pump-1', ['actuator', 'sensor'])).certificate)
    expect(rule()(pem)).toEqual({
      site: 'mill-3',
      device: 'pump-1',
      roles: ['actuator', 'sensor'],
      assurance: 'certificate',
      fingerprint: createHash('sha256').update(pem.raw).digest('hex'),
    })
  })

  test('roles come from OU and from assign, once each, unknown ones stay out', async () => {
    const cert = await certificate([{ OU: ['sensor'] }, { OU: ['root'] }, { OU: ['constructor'] }], own)
    const assign = [
      { devices: ['pump-*'], roles: ['sensor', 'operator'] },
      { devices: ['valve-*'], roles: ['actuator'] },
    ]
    expect(rule(undefined, assign)(cert)).toMatchObject({ roles: ['sensor', 'operator'] })
  })

  test('other templates read other fields', async () => {
    const cert = await certificate([{ CN: ['unit pump-1'] }], [{ type: 'dns', value: 'Pump-1.Mill-3.example.com' }])
    expect(rule('dns:{id}.{site}.example.com')(cert)).toMatchObject({ device: 'pump-1' })
    expect(rule('CN=unit {id}')(cert)).toMatchObject({ device: 'pump-1' })
    expect(rule()(cert)).toMatchObject({ code: 'identity_missing' })
  })
})

describe('hostile and unfit certificates', () => {
  const cases: [string, x509.JsonName, x509.JsonGeneralNames, string, string?][] = [
    ['no alternative name', [{ CN: ['pump-1'] }], [], 'identity_missing'],
    [
      'the right text in the wrong type',
      [],
      [{ type: 'dns', value: 'urn:ringwall:mill-3:pump-1' }],
      'identity_missing',
    ],
    ['another site', [], uri('urn:ringwall:mill-4:pump-1'), 'site_mismatch'],
    ['a site that the dot of a pattern would match', [], uri('urn:ringwall:millx3:pump-1'), 'site_mismatch'],
    ['two devices', [], uri('urn:ringwall:mill-3:pump-1', 'urn:ringwall:mill-3:pump-2'), 'identity_ambiguous'],
    ['one device twice', [], uri('urn:ringwall:mill-3:pump-1', 'urn:ringwall:mill-3:pump-1'), 'identity_ambiguous'],
    ['a second name smuggled by a comma', [], uri('urn:x, URI:urn:ringwall:mill-3:pump-1'), 'identity_missing'],
    ['a second name smuggled by quotes', [], uri('urn:x", URI:urn:ringwall:mill-3:pump-1'), 'identity_missing'],
    ['a name that goes on after a comma', [], uri('urn:ringwall:mill-3:pump-1, DNS:x'), 'device_id_invalid'],
    ['a NUL', [], uri('urn:ringwall:mill-3:pump-1\0'), 'device_id_invalid'],
    ['a newline', [], uri('urn:ringwall:mill-3:pump-1\n'), 'device_id_invalid'],
    ['a topic wildcard', [], uri('urn:ringwall:mill-3:#'), 'device_id_invalid'],
    ['a slash', [], uri('urn:ringwall:mill-3:pump/1'), 'device_id_invalid'],
    ['an empty id', [], uri('urn:ringwall:mill-3:'), 'device_id_invalid'],
    ['65 characters', [], uri(`urn:ringwall:mill-3:${'a'.repeat(65)}`), 'device_id_invalid'],
    [
      'a directory name that holds the text',
      [],
      [{ type: 'dn', value: 'CN=urn:ringwall:mill-3:pump-1' }],
      'identity_missing',
    ],
    ['two common names', [{ CN: ['pump-1'] }, { CN: ['pump-2'] }], [], 'identity_ambiguous', 'CN={id}'],
    ['a common name with an OU inside', [{ CN: ['pump-1, OU=operator'] }], [], 'device_id_invalid', 'CN={id}'],
    ['a common name with a line inside', [{ CN: ['pump-1\nOU=operator'] }], [], 'device_id_invalid', 'CN={id}'],
  ]
  test.each(cases)('%s', async (_, subject, names, code, template) => {
    expect(rule(template)(await certificate(subject, names))).toMatchObject({ code })
  })

  test.each(['pump\nOU=operator', 'pump, OU=operator', 'pump+OU=operator', 'pump\\0AOU=operator'])(
    'a role smuggled in %j of another attribute is not had',
    async text => {
      const cert = await certificate([{ CN: [text] }, { O: [text] }, { OU: [`sensor\nOU=operator`] }], own)
      expect(rule()(cert)).toMatchObject({ device: 'pump-1', roles: [] })
    },
  )

  test('a name that does not fit is told with the common name, and how it could be read', async () => {
    const why = async (name: string) => {
      const result = rule()(await certificate([{ CN: [name] }]))
      return 'why' in result ? result.why : ''
    }
    expect(await why('pump-1')).toBe(
      'none of its names fits urn:ringwall:{site}:{id}: []; its common name is "pump-1", a device id with identity.device: CN={id}',
    )
    expect(await why('Pump 1\u001b[2J')).toMatch(/; its common name is "Pump 1[\x20-\x7e]*"$/)
    expect(rule('CN=unit {id}')(await certificate([{ CN: ['pump-1'] }]))).toMatchObject({
      why: expect.not.stringContaining(';'),
    })
  })

  test('a refusal says nothing that could steer a terminal', async () => {
    const result = rule()(await certificate([], uri('urn:\u001b[2J\n')))
    expect(result).toMatchObject({ code: 'identity_missing', why: expect.stringMatching(/^[\x20-\x7e…]*$/) })
  })

  test('no URI reads as a device that it does not spell', async () => {
    const part = fc.constantFrom(
      'urn:ringwall:mill-3:',
      'pump-1',
      ', URI:',
      '"',
      '\\',
      ',',
      ' ',
      '\n',
      'é',
      'URI:',
      'urn:x',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), async parts => {
        const text = parts.join('')
        let cert: X509Certificate
        try {
          cert = await certificate([], uri(text))
        } catch {
          return // The generator writes ASCII only.
        }
        const result = rule()(cert)
        if (!('code' in result)) expect(text).toBe(`urn:ringwall:mill-3:${result.device}`)
      }),
      { numRuns: 200 },
    )
  })
})

describe('alternative names', () => {
  test('are read as Node writes them', () => {
    expect(alternativeNames('URI:urn:a:b, DirName:"OU=y\\u002cCN=x", IP Address:10.0.0.1')).toEqual([
      { type: 'URI', value: 'urn:a:b' },
      { type: 'DirName', value: 'OU=y,CN=x' },
      { type: 'IP Address', value: '10.0.0.1' },
    ])
    expect(alternativeNames(undefined)).toEqual([])
  })

  test.each(['URI', 'URI:a,DNS:b', 'URI:"a', 'URI:"a"b', 'URI:"\\x"', 'URI:a, ', ', URI:a', 'URI:a"b"'])(
    '%j is refused',
    text => {
      expect(alternativeNames(text)).toBeUndefined()
    },
  )
})

test('a template that is none is refused', () => {
  expect(() => rule('urn:{site}')).toThrow('identity_template')
})
