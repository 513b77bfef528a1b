import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const DATA = join(import.meta.dirname, '../../../../../shared/data')
const FOLDERS = ['mqttset', 'suricata-mqtt']

/** Every capture of the open data sets; says so where there is none. They lie beside the project and are no part of it. */
export function captures(): readonly string[] {
  const found = FOLDERS.map(folder => join(DATA, folder))
    .filter(existsSync)
    .flatMap(folder => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)))
    .filter(path => /\.pcap(ng)?$/.test(path))
    .sort()
  if (found.length === 0) process.stderr.write('skipped: there are no captures in ../shared/data\n')
  return found
}

/** A capture's name without where it lies. */
export function nameOf(path: string): string {
  return path.slice(DATA.length + 1)
}

/** Whether tshark is there; with CI=true it must be. */
export function hasTshark(): boolean {
  if (spawnSync('tshark', ['--version']).status === 0) return true
  const reason = 'tshark not installed: run `node setup.mjs --peers`'
  if (process.env['CI'] === 'true') throw new Error(reason)
  process.stderr.write(`skipped: ${reason}\n`)
  return false
}

/** What tshark finds in a capture, packet by packet; fields that a packet does not have are empty. */
export function tshark(path: string, fields: readonly string[], preferences: readonly string[] = []): string[][] {
  const wanted = [...preferences.flatMap(one => ['-o', one]), ...fields.flatMap(field => ['-e', field])]
  const args = ['-r', path, '-T', 'fields', ...wanted]
  const { status, stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error(`tshark: ${stderr}`)
  return stdout
    .split('\n')
    .slice(0, -1)
    .map(line => line.split('\t'))
}
