import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withSystemFolders } from './mosquitto.ts'

const FILES: Readonly<Record<string, string>> = {
  paho: '/usr/lib/python3/dist-packages/paho/mqtt/client.py',
}

/**
 * Whether a test must be skipped because a real peer is not installed; says so. With CI=true a missing peer is an
 * error, so that no build passes by leaving its tests out.
 */
export function lacks(...peers: string[]): boolean {
  const missing = peers.filter(peer => !isThere(peer))
  if (missing.length === 0) return false
  const reason = `${missing.join(', ')} not installed: run \`node setup.mjs --peers\``
  if (process.env['CI'] === 'true') throw new Error(reason)
  process.stderr.write(`skipped: ${reason}\n`)
  return true
}

function isThere(peer: string): boolean {
  if (peer in FILES) return existsSync(FILES[peer])
  return withSystemFolders()
    ['PATH']!.split(':')
    .some(folder => folder !== '' && existsSync(join(folder, peer)))
}
