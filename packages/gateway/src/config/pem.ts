import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { Flaw } from './problem.ts'
import { readBytes, readText } from './text.ts'

/** Reads a file that only its owner may read or write: a key or a password. */
export function readSecret(file: string): string | Flaw {
  const text = readText(file)
  if (text instanceof Flaw) return text
  const mode = statSync(file).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    return new Flaw(`${file} is open to others (mode ${mode.toString(8).padStart(4, '0')})`, `Run chmod 600 ${file}.`)
  }
  return text
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Reads the certificates of a PEM file, in order, at least one. */
export function readCertificates(file: string): X509Certificate[] | Flaw {
  const bytes = readBytes(file)
  if (bytes instanceof Flaw) return bytes
  // What stands between certificates may be in any encoding.
  const blocks = bytes.toString('latin1').match(CERTIFICATE) ?? []
  if (blocks.length === 0) return new Flaw(`${file} holds no certificate`, 'Name a PEM file with BEGIN CERTIFICATE.')
  try {
    return blocks.map(block => new X509Certificate(block))
  } catch {
    return new Flaw(
      `${file} holds a certificate that cannot be read`,
      'Look at it with openssl x509 -text -noout -in FILE.',
    )
  }
}

/** Reads a private key in PEM, without a passphrase, from a file that only its owner may read. */
export function readKey(file: string): KeyObject | Flaw {
  const text = readSecret(file)
  if (text instanceof Flaw) return text
  try {
    return createPrivateKey(text)
  } catch {
    return new Flaw(
      `${file} holds no private key that can be read`,
      'Name a PEM file with BEGIN PRIVATE KEY, without a passphrase.',
    )
  }
}
