import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A certificate with its private key, both PEM. */
export interface Credentials {
  readonly certificate: string
  readonly key: string
}

/** What the tests vary about a device's certificate. */
export interface DeviceCertificate {
  readonly site?: string
  readonly roles?: readonly string[]
  /** Days from now; negative for one that has expired. */
  readonly days?: number
  /** Without the extended key usage of a TLS client where false. */
  readonly client?: boolean
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000

/** A certificate authority that lives in memory: for each test its own. */
export class Authority {
  readonly certificate: string
  readonly #root: x509.X509Certificate
  readonly #keys: webcrypto.CryptoKeyPair

  private constructor(root: x509.X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#root = root
    this.#keys = keys
    this.certificate = root.toString('pem')
  }

  static async create(name = 'Test CA'): Promise<Authority> {
    const keys = await keyPair()
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: CURVE,
      serialNumber: serial(),
      ...validity(30),
      extensions: [
        new x509.BasicConstraintsExtension(true, 1, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    return new Authority(root, keys)
  }

  /** A device of the gateway: its URN stands in the subject alternative name, its roles as organizational units. */
  device(id: string, { site = 'test', roles = ['tester'], days = 30, client = true }: DeviceCertificate = {}) {
    const subject = [`CN=${id}`, ...roles.map(role => `OU=${role}`)].join(', ')
    const names: x509.JsonGeneralName[] = [{ type: 'url', value: `urn:ringwall:${site}:${id}` }]
    return this.#issue(
      subject,
      names,
      days,
      client ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
    )
  }

  /** A server on the loop-back interface. */
  server(name = 'localhost'): Promise<Credentials> {
    const names: x509.JsonGeneralName[] = [
      { type: 'dns', value: name },
      { type: 'ip', value: '127.0.0.1' },
    ]
    return this.#issue(`CN=${name}`, names, 30, x509.ExtendedKeyUsage.serverAuth)
  }

  async #issue(subject: string, names: x509.JsonGeneralName[], days: number, usage: string): Promise<Credentials> {
    const keys = await keyPair()
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: this.#root.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: CURVE,
      serialNumber: serial(),
      ...validity(days),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        new x509.SubjectAlternativeNameExtension(names),
        await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
    return { certificate: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') }
  }
}

function keyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
}

// An hour of slack before, so that no clock skew of a peer matters; an expired one lies wholly in the past.
function validity(days: number): { notBefore: Date; notAfter: Date } {
  const notAfter = new Date(Date.now() + days * DAY_MS)
  return { notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - DAY_MS), notAfter }
}

function serial(): string {
  return `01${randomBytes(12).toString('hex')}`
}
