import { isUtf8 } from 'node:buffer'
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { systemCode } from '../base/error.ts'
import { Flaw } from './problem.ts'

// The largest certificate bundle in the field, a whole Mozilla root program, is some 220 KB.
const LARGEST = 4 * 1024 ** 2
const AT_ONCE = 65_536

/** Standard input, where a file may be named. */
export const STDIN = '<stdin>'

/** Reads a text file in UTF-8, or `STDIN`, bounded, or says why not. */
export function readText(file: string): string | Flaw {
  const bytes = readBytes(file)
  if (bytes instanceof Flaw || isUtf8(bytes)) return bytes instanceof Flaw ? bytes : bytes.toString()
  if (UTF16.has(bytes.toString('hex', 0, 2))) return new Flaw(`${file} is UTF-16`, 'Save it as UTF-8.')
  let line = 1
  for (let at = 0; isUtf8(bytes.subarray(at, endOfLine(bytes, at))); line++) at = endOfLine(bytes, at) + 1
  return new Flaw(`${file} is not UTF-8: see line ${line}`, 'Save it as UTF-8.')
}

const UTF16: ReadonlySet<string> = new Set(['fffe', 'feff'])

function endOfLine(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(0x0a, from)
  return at === -1 ? bytes.length : at
}

/** What is no regular file may have no end: no more than what is allowed is taken from it. */
function readBytes(file: string): Buffer | Flaw {
  try {
    const descriptor = file === STDIN ? 0 : openSync(file, 'r')
    try {
      const { size } = fstatSync(descriptor)
      const bytes = size > LARGEST ? Buffer.alloc(0) : readAtMost(descriptor, LARGEST + 1)
      const length = Math.max(size, bytes.length)
      if (length <= LARGEST) return bytes
      return new Flaw(
        `${file} has ${size > LARGEST ? length : `over ${LARGEST}`} bytes`,
        `At most ${LARGEST} are read.`,
      )
    } finally {
      if (descriptor !== 0) closeSync(descriptor)
    }
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: 'does not exist',
      EACCES: 'may not be read',
      EISDIR: 'is a folder',
    }
    const code = systemCode(error)
    return new Flaw(`${file} ${reasons[code] ?? `cannot be read (${code})`}`, 'Name a file that the gateway may read.')
  }
}

function readAtMost(descriptor: number, most: number): Buffer {
  const pieces: Buffer[] = []
  for (let left = most; left > 0; ) {
    const piece = Buffer.alloc(Math.min(left, AT_ONCE))
    const read = readSync(descriptor, piece)
    if (read === 0) break
    pieces.push(piece.subarray(0, read))
    left -= read
  }
  return Buffer.concat(pieces)
}

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
