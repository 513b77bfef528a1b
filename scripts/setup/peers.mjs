import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { exclusively } from './lock.mjs'
import { run, say } from './run.mjs'

/** The real peers that tests and benchmarks run against: Debian's package, and a file that shows it is there. */
const PEERS = [
  { name: 'mosquitto', command: 'mosquitto', service: true },
  { name: 'mosquitto-clients', command: 'mosquitto_pub' },
  { name: 'haproxy', command: 'haproxy', service: true },
  { name: 'openssl', command: 'openssl' },
  { name: 'tshark', command: 'tshark' },
  { name: 'tcpdump', command: 'tcpdump' },
  { name: 'chromium', command: 'chromium' },
  { name: 'python3', file: '/usr/bin/python3' },
  { name: 'python3-paho-mqtt', file: '/usr/lib/python3/dist-packages/paho/mqtt/client.py' },
  { name: 'python3-sklearn', file: '/usr/lib/python3/dist-packages/sklearn/__init__.py' },
  { name: 'python3-xgboost', file: '/usr/lib/python3/dist-packages/xgboost/__init__.py' },
  { name: 'python3-torch', file: '/usr/lib/python3/dist-packages/torch/__init__.py' },
]

/** Installs what is missing where that is possible without asking; otherwise names the command. With CI=true nothing may be missing. */
export async function installPeers() {
  if (missingPeers().length === 0) return
  const root = process.getuid?.() === 0
  if (root && commandExists('apt-get')) await exclusively('peers', install)
  const missing = missingPeers().map(peer => peer.name)
  if (missing.length === 0) return
  const advice = commandExists('apt-get')
    ? `${root ? '' : 'sudo '}apt-get install -y ${missing.join(' ')}`
    : `install by your system's package manager: ${missing.join(', ')}`
  if (process.env.CI === 'true') throw new Error(`missing: ${missing.join(', ')}. To install: ${advice}`)
  say(`missing: ${missing.join(', ')}; tests that need them will be skipped. To install: ${advice}`)
}

async function install() {
  const missing = missingPeers()
  if (missing.length === 0) return
  const names = missing.map(peer => peer.name)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const args = ['install', '-y', '--no-install-recommends', ...names]
  const title = `installing ${names.join(', ')}`
  // Without fresh package lists the first try fails at once; with them an update would only cost time.
  if ((await run(title, 'apt-get', args, env)) !== 0) {
    if ((await run('updating the package lists', 'apt-get', ['update'], env)) !== 0) return
    if ((await run(title, 'apt-get', args, env)) !== 0) return
  }
  // Debian starts a service that it installs; the tests start their own and want the ports free.
  for (const peer of missing) {
    if (peer.service && commandExists('service'))
      await run(`stopping ${peer.name}'s service`, 'service', [peer.name, 'stop'], env)
  }
}

function missingPeers() {
  return PEERS.filter(peer => !(peer.file === undefined ? commandExists(peer.command) : existsSync(peer.file)))
}

function commandExists(command) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  return folders.some(folder => folder !== '' && existsSync(join(folder, command)))
}
