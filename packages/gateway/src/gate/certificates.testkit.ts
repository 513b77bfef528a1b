import 'reflect-metadata'
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { Authority } from '../identity/authority.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY = 86_400_000

export interface OddParts {
  /** Days from now. */
  readonly from?: number
  readonly until?: number
  readonly usage?: string
  readonly names?: x509.JsonGeneralNames
}

/** A certificate of this authority that the authority itself would not issue, and its key, both PEM. */
export async function odd(authority: Authority, parts: OddParts): Promise<{ cert: string; key: string }> {
  const { from = -1, until = 1, usage = x509.ExtendedKeyUsage.clientAuth } = parts
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: '4a',
    subject: [{ CN: ['pump-1'] }, { OU: ['sensor'] }, { O: ['mill-3'] }],
    issuer: new x509.X509Certificate(authority.root.certificate).subjectName,
    notBefore: new Date(Date.now() + from * DAY),
    notAfter: new Date(Date.now() + until * DAY),
    publicKey: keys.publicKey,
    signingKey: createPrivateKey(authority.root.key).toCryptoKey(ALGORITHM, true, ['sign']),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      new x509.SubjectAlternativeNameExtension(parts.names ?? [{ type: 'url', value: 'urn:ringwall:mill-3:pump-1' }]),
    ],
  })
  const key = String(KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }))
  return { cert: made.toString('pem'), key }
}
