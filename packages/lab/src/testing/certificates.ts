import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Credentials } from '../types.ts'

const DAYS = ['-days', '2']
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc']

/** Test certificates made with `openssl` in a folder of their own, gone with `remove()`. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'ringwall-lab-'))

  /** A self-signed CA; the returned path is its certificate's. */
  authority(name: string): string {
    const { key, cert } = this.#paths(name)
    this.#openssl('-x509', ...NEW_KEY, ...DAYS, '-subj', `/CN=${name}`, '-keyout', key, '-out', cert)
    return cert
  }

  /** A certificate for `name` of the CA called `authority`. */
  issue(name: string, authority: string, file = name): Credentials {
    const { key, cert } = this.#paths(file)
    const ca = this.#paths(authority)
    const issuer = ['-CA', ca.cert, '-CAkey', ca.key]
    const san = [
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    ]
    this.#openssl('-x509', ...NEW_KEY, ...DAYS, ...issuer, ...san, '-subj', `/CN=${name}`, '-keyout', key, '-out', cert)
    const read = (path: string) => readFileSync(path, 'utf8')
    return { key: read(key), cert: read(cert), ca: read(ca.cert) }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #paths(name: string): { key: string; cert: string } {
    return { key: join(this.folder, `${name}.key`), cert: join(this.folder, `${name}.pem`) }
  }

  #openssl(...options: string[]): void {
    execFileSync('openssl', ['req', ...options], { stdio: 'pipe' })
  }
}
