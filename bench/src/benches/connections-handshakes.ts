import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Device, FILES } from '../base/certificates.ts'
import { cpuMicroseconds } from '../base/proc.ts'
import { Remote } from '../base/remote.ts'
import { beside, type Line, progress } from '../base/report.ts'
import { CIPHER, GROUP, HYBRID_GROUP } from '../base/tls.ts'
import { type Contender, inTurns } from '../base/turns.ts'
import type { HandshakeCalls } from '../load/handshakes.ts'
import { startGateway } from '../peers/gateway.ts'
import { startHaproxy } from '../peers/haproxy.ts'
import { startMosquitto } from '../peers/mosquitto.ts'
import type { Peer } from '../peers/peer.ts'
import { startSink } from '../peers/tally.ts'
import type { Setting } from './bench.ts'

/** Makes full handshakes with a peer and answers how many. */
type Client = (peer: Peer) => Promise<number>

interface Server extends Contender {
  readonly peer: Peer
  readonly client: Client
}

/** Node handshakes under way at a time. */
const WIDTH = 8

/** Full mutual handshakes (TLS 1.3, ECDSA P-256, no resumption) for a CPU second of the server. */
export async function* handshakes(setting: Setting): AsyncGenerator<Line> {
  const { folder, options } = setting
  const { cli, profile } = options
  const count = options.quick ? 50 : 500
  const sink = setting.own(await startSink())
  const setup = { name: 'gateway-handshakes', rings: 'scenarios', upstreamPort: sink.port, cli, profile } as const
  const gateway = setting.own(await startGateway(folder, setup))
  const mosquitto = setting.own(await startMosquitto(folder, 'mosquitto-handshakes'))
  const haproxy = setting.own(await startHaproxy(folder, sink.port))
  const remote = setting.own(new Remote<HandshakeCalls>('handshakes'))
  const node =
    (group: string): Client =>
    async peer => {
      const party = { folder, port: peer.port, first: 0, count, group }
      await remote.call('run', { party, width: WIDTH })
      return count
    }
  const openssl = opensslClient(folder, options.quick ? 1 : 2)
  const hybrid = `${HYBRID_GROUP}, Node`
  const servers: Server[] = [
    { name: hybrid, peer: gateway, client: node(HYBRID_GROUP) },
    ...Object.entries({ gateway, mosquitto, haproxy }).flatMap(([name, peer]) => [
      { name: `${name}, Node`, peer, client: node(GROUP) },
      { name: `${name}, openssl`, peer, client: openssl },
    ]),
  ]
  const results = await inTurns(servers, options.rounds, options.seed, async ({ name, peer, client }, round) => {
    const cpu = cpuMicroseconds(peer.pid)
    const made = await client(peer)
    await sleep(200)
    peer.check()
    const rate = (made * 1e6) / (cpuMicroseconds(peer.pid) - cpu)
    progress(`handshakes round ${round} ${name}: ${rate.toFixed(0)} a CPU second (${made})`)
    return rate
  })
  const subject = (what: string) => ({ bench: 'connections', case: what, metric: 'full handshakes', unit: '1/CPU s' })
  for (const client of ['Node', 'openssl']) {
    const own = results.get(`gateway, ${client}`)!
    for (const peer of ['mosquitto', 'haproxy']) {
      yield beside(subject(`${GROUP}, ${client} client`), own, peer, results.get(`${peer}, ${client}`)!)
    }
  }
  yield beside(
    subject(`${HYBRID_GROUP}, Node client`),
    results.get(hybrid)!,
    `gateway ${GROUP}`,
    results.get('gateway, Node')!,
  )
}

/** `openssl s_time`, a client in C, for some seconds; OpenSSL's configuration holds it to the one group. */
function opensslClient(folder: string, seconds: number): Client {
  const devices = JSON.parse(readFileSync(join(folder, FILES.devices), 'utf8')) as readonly Device[]
  const file = (name: string, content: string) => {
    const path = join(folder, name)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }
  const cert = file('s_time.pem', devices[0]!.cert)
  const key = file('s_time.key', devices[0]!.key)
  const config = file(
    's_time.cnf',
    `openssl_conf = top\n[top]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\nGroups = ${GROUP}\n`,
  )
  return async peer => {
    const where = ['-connect', `127.0.0.1:${peer.port}`, '-CAfile', join(folder, FILES.ca), '-cert', cert, '-key', key]
    const how = ['-new', '-time', String(seconds), '-tls1_3', '-ciphersuites', CIPHER]
    const run = promisify(execFile)
    const { stdout } = await run('openssl', ['s_time', ...where, ...how], {
      env: { ...process.env, OPENSSL_CONF: config },
    })
    const made = /^(\d+) connections in \d+ real seconds/m.exec(stdout)
    if (made === null) throw new Error(`openssl s_time said: ${stdout.slice(-300)}`)
    return Number(made[1])
  }
}
