import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FILES } from '../base/certificates.ts'
import { freePort, Server } from '../base/child.ts'
import type { Peer } from './peer.ts'
import { PROFILE } from './profile.ts'

/** How a gateway is set up for a bench. */
export interface GatewaySetup {
  /** As the report names it, and the name of its folder. */
  readonly name: string
  readonly upstreamPort: number
  /**
   * `forward`: TLS, session and access; `guards`: all guards enforce, with limits above the load and a profile, and rhythm learns,
   * which costs no less than judging; `rules`: the rules that come with the gateway as well;
   * `seals`: those, and all devices must seal what they say; `scenarios`: those and the scenarios, in
   * a thread of their own.
   */
  readonly rings: 'forward' | 'guards' | 'rules' | 'seals' | 'scenarios'
  /** `off`: nothing is written down. By default the ledger is on, as it comes. */
  readonly ledger?: 'off'
  /** Limits as the YAML of `limits` and of a device's rate; without it they stand above every load. */
  readonly limits?: Limits
  /** The CLI's file. */
  readonly cli: string
  /** Where to write a CPU profile at the end. */
  readonly profile?: string | undefined
}

/** The two limits that benches change. */
export interface Limits {
  /** The value of `limits`. */
  readonly admission: string
  /** The value of `rate.connection` and `rate.device`. */
  readonly rate: string
}

const OPEN: Limits = {
  admission:
    '{ connections: 20000, devices: 20000, handshakes: 4000, connectRate: 100000/s, connectBurst: 100000, addressRate: 100000/s, addressBurst: 100000 }',
  rate: '{ messages: 1000000/s, burst: 1000000 }',
}

const RULES = new URL('../../../rules', import.meta.url).pathname

const FORWARD = 'rings: { identity: enforce, network: off, integrity: off, physical: off }'
const GUARDS = `rings: { identity: enforce, network: enforce, integrity: enforce, physical: enforce }
profiles: { files: [machine.td.json] }`
const WITH_RULES = `${GUARDS}
rules: { files: ["${RULES}/*.rules"] }`
/** The secret of the site that devices of a bench seal with, hex. */
export const SEAL_SECRET = '5e'.repeat(32)
// A blast is sealed before it is sent.
const WITH_SEALS = `${WITH_RULES}
seals: { secret: seals.secret, policy: required, clock: 10m }`
const WITH_SCENARIOS = `${WITH_RULES}
scenarios: { files: ["${RULES}/scenarios/*.yaml"] }`

/** Starts the gateway of this repository (or of another checkout) with one worker. */
export async function startGateway(folder: string, setup: GatewaySetup): Promise<Peer> {
  const own = join(folder, setup.name)
  mkdirSync(own, { recursive: true })
  const port = await freePort()
  const config = join(own, 'ringwall.yaml')
  writeFileSync(join(own, 'machine.td.json'), JSON.stringify(PROFILE), { mode: 0o600 })
  writeFileSync(join(own, 'seals.secret'), SEAL_SECRET, { mode: 0o600 })
  writeFileSync(config, gatewayConfig(folder, own, port, setup), { mode: 0o600 })
  const profiling = setup.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${setup.profile}`]
  const args = [...profiling, setup.cli, 'up', '--config', config]
  const server = await Server.start(setup.name, process.execPath, args, port, own)
  return { name: setup.name, port, pid: server.pid, check: () => server.check(), stop: () => server.stop() }
}

/** The gateway's configuration, as YAML. */
export function gatewayConfig(folder: string, own: string, port: number, setup: GatewaySetup): string {
  const { admission, rate } = setup.limits ?? OPEN
  return `site: bench
listen:
  mqtts:
    port: ${port}
    host: 127.0.0.1
    workers: 1
    certificate: ${join(folder, FILES.server)}
    key: ${join(folder, FILES.serverKey)}
upstream: { url: "mqtt://127.0.0.1:${setup.upstreamPort}", identity: client-id }
identity:
  anchors: [{ ca: "${join(folder, FILES.ca)}", revocation: off }]
  device: "urn:ringwall:{site}:{id}"
roles:
  sensor: { publish: ["plant/\${device}/#"], subscribe: ["plant/\${device}/#"], receive: ["plant/\${device}/#"] }
${{ forward: FORWARD, guards: GUARDS, rules: WITH_RULES, seals: WITH_SEALS, scenarios: WITH_SCENARIOS }[setup.rings]}
rate: { connection: ${rate}, device: ${rate} }
limits: ${admission}
metrics: off
${setup.ledger === 'off' ? 'ledger: off\n' : ''}control: { path: ${join(own, 'ringwall.sock')} }
log: { level: warn }
`
}
