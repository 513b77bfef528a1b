import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RingwallError, systemCode } from '../base/error.ts'
import { makeFolder } from '../base/folder.ts'
import { readSecret } from '../config/pem.ts'
import { Flaw } from '../config/problem.ts'
import { Authority, type Pair } from './authority.ts'
import type { Lifetime } from './lifetime.ts'

/** The files of one certificate. */
export interface PairFiles {
  readonly certificate: string
  readonly key: string
  readonly notAfter: Date
}

const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700

/** Makes a development authority in a folder: `root.pem`, `root.key` and the index. Errors: `ca_file_exists`, `ca_file`. */
export async function initAuthority(folder: string, site: string): Promise<PairFiles> {
  const authority = await Authority.create(site)
  return store(folder, 'root', authority.root, { kind: 'authority', site })
}

/**
 * Issues a device's certificate into `devices/DEVICE.pem` and `devices/DEVICE.key`.
 * Errors: `ca_file_exists` (nothing is ever overwritten), and those of `Authority`.
 */
export async function issueDevice(
  folder: string,
  device: string,
  roles: readonly string[],
  lifetime: Lifetime = {},
): Promise<PairFiles> {
  const authority = await openAuthority(folder)
  const pair = await authority.issueDevice(device, roles, lifetime)
  return store(folder, join('devices', device), pair, { kind: 'device', device, roles })
}

/** Issues a server's certificate into `FILE.pem` and `FILE.key`. Errors: as `issueDevice`. */
export async function issueServer(
  folder: string,
  names: readonly string[],
  { file = 'gateway', ...lifetime }: Lifetime & { readonly file?: string } = {},
): Promise<PairFiles> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(file)) {
    throw new RingwallError('ca_file', 'the file name is not fit', 'Use letters, digits, `.`, `_` and `-`.', { file })
  }
  const authority = await openAuthority(folder)
  return store(folder, file, await authority.issueServer(names, lifetime), { kind: 'server', names })
}

/** Takes up the authority of a folder. Errors: `ca_missing`, `ca_unreadable`. */
export async function openAuthority(folder: string): Promise<Authority> {
  const file = join(folder, 'root.key')
  const key = readSecret(file)
  if (key instanceof Flaw)
    throw new RingwallError('ca_missing', key.what, `${key.hint} Or make one with \`ringwall ca init\`.`, { file })
  try {
    return await Authority.load(readFileSync(join(folder, 'root.pem'), 'utf8'), key)
  } catch (error) {
    if (error instanceof RingwallError) throw error
    throw new RingwallError(
      'ca_missing',
      `root.pem cannot be read (${systemCode(error)})`,
      'Restore it.',
      { file: folder },
      error,
    )
  }
}

function store(folder: string, name: string, pair: Pair, about: object): PairFiles {
  const files = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`), notAfter: pair.notAfter }
  makePrivateFolder(join(folder, name, '..'))
  writeNew(files.key, pair.key, PRIVATE_FILE)
  try {
    writeNew(files.certificate, pair.certificate, 0o644)
  } catch (error) {
    rmSync(files.key)
    throw error
  }
  const { serial, fingerprint, notAfter } = pair
  const line = JSON.stringify({
    ...about,
    serial,
    fingerprint,
    issued: new Date(),
    notAfter,
    certificate: `${name}.pem`,
  })
  try {
    appendFileSync(join(folder, 'index.jsonl'), `${line}\n`, { mode: PRIVATE_FILE })
  } catch (error) {
    const what = `the index cannot be written (${systemCode(error)})`
    throw new RingwallError('ca_file', what, `The pair is there: ${files.certificate}.`, { file: 'index.jsonl' }, error)
  }
  return files
}

function makePrivateFolder(folder: string): void {
  try {
    makeFolder(folder, PRIVATE_FOLDER)
  } catch (error) {
    throw new RingwallError(
      'ca_file',
      `the folder cannot be made (${systemCode(error)})`,
      'Choose another.',
      { file: folder },
      error,
    )
  }
}

function writeNew(file: string, text: string, mode: number): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode })
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      throw new RingwallError('ca_file_exists', 'the file exists and is not overwritten', 'Move it away first.', {
        file,
      })
    }
    throw new RingwallError(
      'ca_file',
      `the file cannot be written (${systemCode(error)})`,
      'Choose another folder.',
      { file },
      error,
    )
  }
}
