import type { X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemCode } from '../base/error.ts'
import { nearestFolder } from '../base/folder.ts'
import { readCertificates, readKey, readSecret } from './pem.ts'
import { Flaw, fieldName, type Path, type Problem } from './problem.ts'
import type { Config } from './schema.ts'

/** What was found in the files that a configuration names. */
export interface FileReport {
  /** The gateway cannot work with these. */
  readonly errors: Problem[]
  /** It can, but not for long or not as meant. */
  readonly warnings: Problem[]
}

const DAY = 86_400_000
const SOON = 14 * DAY
// A folder may hold a pair for each of ten thousand devices; problems of the first few tell enough.
const MOST_PROBLEMS = 50

/**
 * Reads the files that a configuration names: they exist, keys are private and belong to their certificates, authorities are
 * authorities, and nothing has run out. `wall` is the time to judge by, in milliseconds since the epoch.
 */
export function checkFiles(config: Config, wall: number): FileReport {
  const report: FileReport = { errors: [], warnings: [] }
  const checks = new Checks(report, wall)
  const { listen, identity, upstream } = config
  checks.pair(listen.mqtts.certificate, listen.mqtts.key, ['listen', 'mqtts'])
  for (const [index, { ca }] of identity.anchors.entries()) checks.authority(ca, ['identity', 'anchors', index, 'ca'])
  if (upstream.ca !== undefined) checks.authority(upstream.ca, ['upstream', 'ca'])
  if (upstream.certificate !== undefined && upstream.key !== undefined) {
    checks.pair(upstream.certificate, upstream.key, ['upstream'])
  }
  if (upstream.passwordFile !== undefined) checks.password(upstream.passwordFile, ['upstream', 'passwordFile'])
  if (upstream.certificates !== undefined) checks.folder(upstream.certificates, ['upstream', 'certificates'])
  if (config.control !== 'off') checks.socket(config.control.path, ['control', 'path'])
  return report
}

class Checks {
  readonly #report: FileReport
  readonly #wall: number

  constructor(report: FileReport, wall: number) {
    this.#report = report
    this.#wall = wall
  }

  /** A certificate with its key, both under one path, or under fields of their own. */
  pair(
    certificate: string,
    key: string,
    path: Path,
    fields: readonly [Path, Path] = [
      [...path, 'certificate'],
      [...path, 'key'],
    ],
  ) {
    const chain = readCertificates(certificate)
    const secret = readKey(key)
    if (chain instanceof Flaw) this.#error('certificate_unreadable', chain, fields[0])
    else for (const each of chain) this.#validity(each, certificate, fields[0])
    if (secret instanceof Flaw) this.#error('key_unreadable', secret, fields[1])
    if (chain instanceof Flaw || secret instanceof Flaw || chain[0]!.checkPrivateKey(secret)) return
    const flaw = new Flaw(
      `${key} is not the key of the first certificate in ${certificate}`,
      'Name the pair that was made together.',
    )
    this.#error('key_mismatch', flaw, fields[1])
  }

  authority(file: string, path: Path) {
    const found = readCertificates(file)
    if (found instanceof Flaw) return this.#error('certificate_unreadable', found, path)
    for (const each of found) {
      if (!each.ca) {
        const flaw = new Flaw(
          `${file} holds ${nameOf(each)}, which is no authority`,
          'Name the certificate of the authority itself.',
        )
        this.#error('not_an_authority', flaw, path)
      }
      this.#validity(each, file, path)
    }
  }

  password(file: string, path: Path) {
    const text = readSecret(file)
    if (text instanceof Flaw) return this.#error('password_unreadable', text, path)
    if (text.trim() === '')
      this.#error('password_empty', new Flaw(`${file} is empty`, 'Write the password into it.'), path)
  }

  folder(folder: string, path: Path) {
    let names: string[]
    try {
      names = readdirSync(folder).filter(name => name.endsWith('.pem'))
    } catch {
      return this.#error(
        'folder_unreadable',
        new Flaw(`${folder} cannot be read`, 'Name a folder that the gateway may read.'),
        path,
      )
    }
    if (names.length === 0) {
      const flaw = new Flaw(`${folder} holds no certificate`, 'Put DEVICE.pem and DEVICE.key of each device there.')
      this.#report.warnings.push(problem('folder_empty', flaw, path))
    }
    for (const name of names) {
      if (this.#report.errors.length >= MOST_PROBLEMS) return
      this.pair(join(folder, name), join(folder, name.replace(/pem$/, 'key')), path, [path, path])
    }
  }

  /** A socket's folder, found fit by making a folder in it: permissions alone do not tell (root may write everywhere, not in /proc). */
  socket(path: string, field: Path) {
    const folder = nearestFolder(dirname(path))
    try {
      rmdirSync(mkdtempSync(join(folder, '.ringwall-')))
    } catch (error) {
      const code = systemCode(error)
      const flaw = new Flaw(
        `nothing can be made in ${folder} (${code})`,
        'Name a path in a folder that the gateway may write, or set control: off.',
      )
      // Who checks may be somebody else than the gateway's own user.
      if (code === 'EACCES' || code === 'EROFS') this.#report.warnings.push(problem('control_path', flaw, field))
      else this.#error('control_path', flaw, field)
    }
  }

  #validity(certificate: X509Certificate, file: string, path: Path) {
    const name = nameOf(certificate)
    const { validFromDate: from, validToDate: to } = certificate
    const renew = 'Issue a new one.'
    if (this.#wall > to.getTime()) {
      this.#error('certificate_expired', new Flaw(`${name} in ${file} ran out on ${to.toISOString()}`, renew), path)
    } else if (this.#wall < from.getTime()) {
      const flaw = new Flaw(`${name} in ${file} begins on ${from.toISOString()}`, 'Set the clock, or wait.')
      this.#error('certificate_not_yet_valid', flaw, path)
    } else if (to.getTime() - this.#wall < SOON) {
      const days = Math.floor((to.getTime() - this.#wall) / DAY)
      this.#report.warnings.push(
        problem('certificate_expires_soon', new Flaw(`${name} in ${file} runs out in ${days} days`, renew), path),
      )
    }
  }

  #error(code: string, flaw: Flaw, path: Path) {
    this.#report.errors.push(problem(code, flaw, path))
  }
}

const problem = (code: string, { what, hint }: Flaw, path: Path): Problem => ({
  code,
  what,
  hint,
  place: { field: fieldName(path) },
})

const nameOf = (certificate: X509Certificate) =>
  certificate.subject.replaceAll('\n', ', ') || 'a certificate without a name'
