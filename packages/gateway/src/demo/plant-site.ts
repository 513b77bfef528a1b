import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Credentials, culprits, enrollSealed, labDevices, labRoles, sealedDevices } from '@ringwall/lab'
import { deviceSecret, SECRET_BYTES } from '@ringwall/proof'
import { type Config, makeConfig } from '../config/index.ts'
import type { Mode } from '../contract/index.ts'
import { Authority } from '../identity/authority.ts'
import type { EmbeddedBroker } from '../upstream/embedded.ts'
import { instrumented } from './instrument.ts'

/** How to reach the broker on this machine. */
export type BrokerAccess = Pick<EmbeddedBroker, 'port' | 'password'>

/** The demo's site: a CA, certificates for every device of the lab, and a configuration in a folder that goes with it. */
export interface PlantSite {
  readonly folder: string
  readonly config: Config
  readonly credentials: Record<string, Credentials>
  /** Where the devices that seal keep their secrets and chains, by device. */
  readonly seals: Record<string, string>
  /** Of a CA that the gateway does not know. */
  readonly foreign: Credentials
  /** What the profiles allow a tank's mass balance to be off by, as a level in m. */
  readonly levelTolerance: number
  /** The same over the window of its drift. */
  readonly levelDrift: number
  remove(): void
}

/** The site of the demo, the first level of its topics. */
export const SITE = 'demo'
/** The profiles of the lab's fleet. */
const PROFILES = join(import.meta.dirname, '..', '..', '..', '..', 'profiles')
/** The rules for MQTT in plants. */
const RULES = join(import.meta.dirname, '..', '..', '..', '..', 'rules', '*.rules')
const SCENARIOS = RULES.replace('*.rules', join('scenarios', '*.yaml'))
/** m², of each tank. */
const TANK = 0.4
/** A device for the person who watches: its certificate lies in the folder. */
export const GUEST = 'my-device'

/** The devices that are not the attackers' own. */
const HONEST = labDevices.map(({ device }) => device).filter(device => !culprits.has(device))

/** Limits of the demo: tight enough that its attackers meet them within seconds. */
const LIMITS = {
  size: { default: '16KiB', topics: [{ filter: `${SITE}/+/telemetry`, bytes: '4KiB' }] },
  rate: {
    connection: { messages: '50/s', burst: 100 },
    device: { messages: '50/s', burst: 100 },
    topics: [{ filter: `${SITE}/+/alarm`, messages: '5/s', burst: 20 }],
    patience: '2s',
  },
  limits: { connectTimeout: '4s', handshakeTimeout: '4s', handshakes: 128 },
}

/** @param drafts a folder of drafted profiles in place of those of the lab's fleet */
export async function buildPlantSite(
  broker: BrokerAccess,
  port: number,
  guards: Mode,
  drafts?: string,
): Promise<PlantSite> {
  const authority = await Authority.create(SITE)
  const folder = mkdtempSync(join(tmpdir(), 'ringwall-demo-'))
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 })
  const server = await authority.issueServer(['localhost', '127.0.0.1'])
  write('ca.pem', authority.root.certificate)
  write('gateway.pem', server.certificate)
  write('gateway.key', server.key)
  write('broker.pw', broker.password)
  const guest = await authority.issueDevice(GUEST, ['sensor'])
  write(`${GUEST}.pem`, guest.certificate)
  write(`${GUEST}.key`, guest.key)
  mkdirSync(join(folder, 'run'), { mode: 0o700 })
  const secret = randomBytes(SECRET_BYTES)
  write('seals.secret', secret.toString('hex'))
  const profiles = drafts === undefined ? PROFILES : instrumented(resolve(drafts), folder)
  return {
    folder,
    config: makeConfig(configuration(broker, port, guards, profiles), join(folder, 'ringwall.yaml')),
    credentials: await issueAll(authority),
    seals: enrollSealed(folder, device => deviceSecret(secret, SITE, device)),
    foreign: await foreignCredentials(),
    levelTolerance: asLevel(({ tolerance }) => tolerance),
    levelDrift: asLevel(({ drift }) => drift.sum),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function configuration(broker: BrokerAccess, port: number, guards: Mode, profiles: string): object {
  return {
    site: SITE,
    listen: { mqtts: { port, host: '127.0.0.1', workers: 1, certificate: 'gateway.pem', key: 'gateway.key' } },
    upstream: { url: `mqtt://127.0.0.1:${broker.port}`, identity: 'client-id', passwordFile: 'broker.pw' },
    identity: { anchors: [{ ca: 'ca.pem', revocation: 'off' }] },
    roles: labRoles,
    rings: { network: guards, identity: guards, integrity: guards, physical: guards },
    profiles: { files: [join(profiles, '*.td.json')], mode: 'controller-1/mode' },
    rules: { files: [RULES] },
    scenarios: { files: [SCENARIOS] },
    // Of the forty simulated minutes in which the rehearsal teaches it, start-up takes less than two.
    rhythm: { learning: '1m', messages: 60 },
    prevention: {
      mode: guards === 'enforce' ? 'enforce' : 'observe',
      // A thief may sit in the place of any device of the plant, which must be able to come back.
      protected: HONEST,
      actions: [{ when: { severity: 'high' }, do: 'block', for: '1m' }],
      reactions: '60/m',
    },
    // The plant reads what was sealed: its broker and its screens know of no seals.
    seals: { secret: 'seals.secret', required: sealedDevices, broker: 'strip', gaps: 'refuse' },
    metrics: { port: 0 },
    control: { path: 'run/ringwall.sock' },
    log: { level: 'error' },
    ...LIMITS,
  }
}

/** What the mass balance of a tank allows, as a level in m. */
function asLevel(allowed: (balance: Balance) => number): number {
  const plant: { 'rw:invariants': Balance[] } = JSON.parse(readFileSync(join(PROFILES, 'plant.td.json'), 'utf8'))
  const balances = plant['rw:invariants'].filter(({ name }) => name.startsWith('mass balance'))
  return Number((Math.max(...balances.map(allowed)) / TANK).toFixed(4))
}

interface Balance {
  readonly name: string
  readonly tolerance: number
  readonly drift: { readonly sum: number }
}

async function issueAll(authority: Authority): Promise<Record<string, Credentials>> {
  const ca = authority.root.certificate
  const issued = labDevices.map(async ({ device, role }) => {
    const { certificate, key } = await authority.issueDevice(device, [role])
    return [device, { cert: certificate, key, ca }] as const
  })
  return Object.fromEntries(await Promise.all(issued))
}

async function foreignCredentials(): Promise<Credentials> {
  const stranger = await Authority.create(SITE)
  const [{ device, role }] = labDevices
  const { certificate, key } = await stranger.issueDevice(device, [role])
  return { cert: certificate, key, ca: stranger.root.certificate }
}
