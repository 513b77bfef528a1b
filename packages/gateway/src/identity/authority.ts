import 'reflect-metadata'
import { createPrivateKey, createPublicKey, KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import { RingwallError } from '../base/error.ts'
import { quote } from '../config/problem.ts'
import { ROLE_NAME } from '../config/sections/identity.ts'
import { DEVICE_ID } from '../config/template.ts'
import { AUTHORITY_DAYS, DEVICE_DAYS, type Lifetime, SERVER_DAYS } from './lifetime.ts'

/** A certificate and its private key, both PEM (the key PKCS#8), and what an index keeps about them. */
export interface Pair {
  readonly certificate: string
  readonly key: string
  /** Hex. */
  readonly serial: string
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string
  readonly notAfter: Date
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY = 86_400_000
// Devices without a battery-backed clock run a little behind.
const CLOCK_SLACK = 5 * 60_000

/**
 * A certification authority for development and tests: P-256, one level, keys in memory. It keeps no revocation list and its
 * key lies unencrypted where it is stored: a plant wants an authority of its own.
 */
export class Authority {
  readonly site: string
  /** The authority's certificate and key. */
  readonly root: Pair
  readonly #certificate: x509.X509Certificate
  readonly #key: webcrypto.CryptoKey

  private constructor(site: string, root: Pair, certificate: x509.X509Certificate, key: webcrypto.CryptoKey) {
    this.site = site
    this.root = root
    this.#certificate = certificate
    this.#key = key
  }

  /** Makes a new authority. Errors: `ca_site` where the site's name is not one. */
  static async create(site: string): Promise<Authority> {
    if (!DEVICE_ID.test(site)) throw badName('ca_site', site, 'site')
    const keys = await generateKeys()
    const name = [{ CN: ['Ringwall development CA'] }, { O: [site] }]
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: newSerial(),
      name,
      ...validity(AUTHORITY_DAYS),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    return new Authority(site, await pairOf(certificate, keys.privateKey), certificate, keys.privateKey)
  }

  /** Takes up an authority from its PEM texts. Errors: `ca_unreadable` where they are not one that `create` made. */
  static async load(certificatePem: string, keyPem: string): Promise<Authority> {
    try {
      const certificate = new x509.X509Certificate(certificatePem)
      const key = createPrivateKey(keyPem).toCryptoKey(ALGORITHM, true, ['sign'])
      const [site] = certificate.subjectName.getField('O')
      const self = await certificate.verify({ publicKey: certificate.publicKey, signatureOnly: true })
      const same = publicPem(key) === certificate.publicKey.toString('pem')
      if (site === undefined || !DEVICE_ID.test(site) || !self || !same) throw new Error('not a pair of this authority')
      return new Authority(site, await pairOf(certificate, key), certificate, key)
    } catch (error) {
      const hint = 'Make one with `ringwall ca init`.'
      throw new RingwallError('ca_unreadable', 'this is not an authority and its key', hint, {}, error)
    }
  }

  /**
   * Issues a client certificate: URI name `urn:ringwall:SITE:DEVICE`, one organizational unit a role.
   * Errors: `ca_device`, `ca_role`, `ca_days`.
   */
  async issueDevice(device: string, roles: readonly string[], { days = DEVICE_DAYS }: Lifetime = {}): Promise<Pair> {
    if (!DEVICE_ID.test(device)) throw badName('ca_device', device, 'device id')
    const wrong = roles.find(role => !new RegExp(ROLE_NAME).test(role))
    if (wrong !== undefined) throw badName('ca_role', wrong, 'role')
    const subject = [{ CN: [device] }, ...roles.map(role => ({ OU: [role] })), { O: [this.site] }]
    const names = [{ type: 'url' as const, value: `urn:ringwall:${this.site}:${device}` }]
    return this.#issue(subject, names, x509.ExtendedKeyUsage.clientAuth, days)
  }

  /** Issues a server certificate for DNS names and addresses. Errors: `ca_server_name`, `ca_days`. */
  async issueServer(names: readonly string[], { days = SERVER_DAYS }: Lifetime = {}): Promise<Pair> {
    if (names.length === 0) throw badName('ca_server_name', '', 'server name')
    const alternatives = names.map(name => {
      if (isIP(name) !== 0 && !name.includes('%')) return { type: 'ip' as const, value: name }
      if (
        !/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(name) ||
        name.length > 253
      ) {
        throw badName('ca_server_name', name, 'DNS name or address')
      }
      return { type: 'dns' as const, value: name }
    })
    // A common name has at most 64 characters (RFC 5280, ub-common-name); who verifies reads the alternative names.
    const subject = [{ CN: [names[0]!.slice(0, 64)] }, { O: [this.site] }]
    return this.#issue(subject, alternatives, x509.ExtendedKeyUsage.serverAuth, days)
  }

  async #issue(subject: x509.JsonName, names: x509.JsonGeneralNames, usage: string, days: number): Promise<Pair> {
    const life = validity(days)
    if (life.notAfter > this.#certificate.notAfter) {
      const hint = `The authority itself ends on ${this.#certificate.notAfter.toISOString()}: ask for fewer days.`
      throw new RingwallError('ca_days', `${days} days outlast the authority`, hint)
    }
    const keys = await generateKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: newSerial(),
      subject,
      issuer: this.#certificate.subjectName,
      ...life,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        new x509.SubjectAlternativeNameExtension(names),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
      ],
    })
    return pairOf(certificate, keys.privateKey)
  }
}

const generateKeys = () =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>

/** Twenty octets, the most that RFC 5280 (4.1.2.2) allows: positive, without a leading zero. */
function newSerial(): string {
  const bytes = randomBytes(20)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes.toString('hex')
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  if (!(days > 0 && days <= AUTHORITY_DAYS)) {
    throw new RingwallError(
      'ca_days',
      `${days} is not a number of days for a certificate`,
      `From 1 to ${AUTHORITY_DAYS}.`,
    )
  }
  return { notBefore: new Date(Date.now() - CLOCK_SLACK), notAfter: new Date(Date.now() + days * DAY - CLOCK_SLACK) }
}

async function pairOf(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<Pair> {
  return {
    certificate: `${certificate.toString('pem').trim()}\n`,
    key: String(KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' })),
    serial: certificate.serialNumber,
    fingerprint: Buffer.from(await certificate.getThumbprint('SHA-256')).toString('hex'),
    notAfter: certificate.notAfter,
  }
}

function publicPem(key: webcrypto.CryptoKey): string {
  const spki = createPublicKey(KeyObject.from(key)).export({ type: 'spki', format: 'der' })
  return new x509.PublicKey(spki).toString('pem')
}

const badName = (code: string, name: string, kind: string) =>
  new RingwallError(
    code,
    `${quote(name)} is not a ${kind}`,
    'Use letters, digits, `.`, `_` and `-`, at most 64 (roles: lowercase, starting with a letter).',
  )
