import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { brokerAddress, type Config } from '../config/index.ts'
import { DAYS } from '../config/sections/context.ts'
import { noCounts } from '../contract/index.ts'
import { Admission, type AdmissionOptions } from '../gate/admission.ts'
import type { ListenOptions } from '../gate/listener.ts'
import { trustedProxies } from '../gate/proxy.ts'
import type { Credentials } from '../gate/secure.ts'
import type { Material } from '../keys/material.ts'
import type { MaintenancePlan } from '../lanes/maintenance-plan.ts'
import { ActView } from '../path/act.ts'
import { Budget } from '../path/budget.ts'
import { Judge } from '../path/judge.ts'
import { resume } from '../path/receive.ts'
import { Run } from '../path/run.ts'
import { shield } from '../path/shield.ts'
import type { ModeSource } from '../path/surroundings.ts'
import { Unsealer } from '../path/unseal.ts'
import { VerdictBook } from '../path/verdict.ts'
import type { Policies, Way } from '../path/way.ts'
import type { ProfileBook } from '../profile/book.ts'
import { compileProfiles } from '../profile/compile.ts'
import type { SparkplugDesk } from '../profile/sparkplug.ts'
import { compileRules, type RuleSet } from '../signature/index.ts'
import { Connector, type ConnectorOptions } from '../upstream/connector.ts'
import { Mirror } from '../upstream/mirror.ts'
import type { Slab } from '../upstream/slab.ts'
import type { LoadBounds } from './load.ts'
import type { WorkerMemory } from './memory.ts'

/** The parts of a configuration as the rooms of the straight way want them. */
export function policiesOf({ session, limits, seals }: Config): Policies {
  return {
    connectTimeout: limits.connectTimeout,
    maxKeepAlive: session.maxKeepAlive,
    refused: session.refused,
    packet: limits.packet,
    aliases: session.aliases,
    inflight: session.inflight,
    authMethods: session.authMethods,
    stripsSeals: seals !== 'off' && seals.broker === 'strip',
  }
}

export function admissionOf({ limits }: Config): AdmissionOptions {
  return {
    connections: limits.connections,
    handshakes: limits.handshakes,
    rate: { perSecond: limits.connectRate, burst: limits.connectBurst },
    addressRate: { perSecond: limits.addressRate, burst: limits.addressBurst },
    addressConnections: limits.addressConnections,
  }
}

/** The listener of one worker. */
export function listenerOf({ listen, limits }: Config, port: number): ListenOptions {
  const { host, workers, proxyProtocol } = listen.mqtts
  return {
    host,
    port,
    shared: workers > 1,
    handshakeTimeout: limits.handshakeTimeout,
    handshakes: Math.ceil(limits.handshakes / workers),
    trustedProxy: proxyProtocol === undefined ? null : trustedProxies(proxyProtocol.trusted),
  }
}

export function credentialsOf({ certificate, key, anchors }: Material): Credentials {
  return { certificate, key, anchors }
}

/** What the profiles say; every thread compiles them for itself and comes to the same. Errors: `ConfigError`. */
export function bookOf({ site, profiles }: Config, material: Material, sparkplug?: SparkplugDesk): ProfileBook {
  return compileProfiles(material.profiles, { site, mode: profiles.mode, sparkplug })
}

/** Where scenes have the operating mode from. */
export function modeSourceOf({ context: { mode, stale } }: Config, book: ProfileBook): ModeSource {
  if (mode !== undefined) return { kind: 'topic', stale }
  return book.mode === null ? { kind: 'none' } : { kind: 'series', series: book.mode.series, stale }
}

/** The maintenance windows that come again. */
export function maintenancePlansOf({ context: { maintenance } }: Config): MaintenancePlan[] {
  return maintenance.map(({ devices, days, at, for: duration, reason }) => {
    const [hours = 0, minutes = 0] = at.split(':').map(Number)
    return { devices, days: days.map(day => DAYS.indexOf(day)), minute: hours * 60 + minutes, duration, reason }
  })
}

/** The bounds of the load tiers. */
export function loadBoundsOf({ load: { recovery, ...tiers } }: Config): LoadBounds {
  const bound = (tier: keyof typeof tiers) => ({ delay: tiers[tier].delay, buffered: tiers[tier].buffered / 100 })
  return { busy: bound('busy'), strained: bound('strained'), overloaded: bound('overloaded'), recovery }
}

/** The signatures; null where there are none. Every thread compiles them for itself. Errors: `ConfigError`. */
export function rulesOf({ rules }: Config, material: Pick<Material, 'rules'>): RuleSet | null {
  return material.rules.length === 0 ? null : compileRules(material.rules, rules.vars)
}

/** The bytes that one worker may keep. */
export function budgetOf({ limits, listen }: Config): number {
  return Math.floor(limits.buffered / listen.mqtts.workers)
}

function connectorOf({ upstream }: Config, material: Material): ConnectorOptions {
  const address = brokerAddress(upstream.url)
  if (address === undefined) throw new TypeError('the configuration was not checked')
  const { host, port } = address
  if (!address.tls) return { host, port, timeout: upstream.connectTimeout }
  const { upstreamCa: ca, upstreamCertificate: certificate, upstreamKey: key } = material
  const tls = {
    serverName: upstream.serverName ?? host,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(upstream.certificates === undefined ? {} : { folder: upstream.certificates }),
  }
  return { host, port, timeout: upstream.connectTimeout, tls }
}

/** The upstream side of one worker. */
export function mirrorOf(config: Config, material: Material, slab: Slab): Mirror {
  const password = material.upstreamPassword
  const identity = {
    kind: config.upstream.identity,
    username: config.upstream.username ?? null,
    password: password === undefined ? null : new TextEncoder().encode(password),
  }
  return new Mirror(new Connector(connectorOf(config, material), slab), identity, policiesOf(config))
}

/** Everything that one worker's acts meet on their way, but for what asks the main thread. */
export function wayOf(
  config: Config,
  worker: string,
  mirror: Mirror,
  log: Log,
  clock: Clock,
  main: Pick<Way, 'evidence' | 'lease' | 'gone' | 'heaviest' | 'surroundings'>,
): Way {
  const way: Way = {
    clock,
    log,
    judge: new Judge(),
    book: new VerdictBook(worker, main.evidence),
    act: new ActView(),
    unsealer: new Unsealer(null),
    up: new Run(),
    down: new Run(),
    budget: new Budget(budgetOf(config)),
    counts: noCounts(),
    upstream: mirror,
    policies: policiesOf(config),
    resume: (connection, reason) => shield(connection, way, () => resume(connection, reason, way)),
    ...main,
    gone: connection => {
      main.evidence.note(connection, 'closed', clock.wall())
      main.gone(connection)
    },
  }
  return way
}

/** Whether anybody looks at what happens. */
export function looksAtEvidence({ scenarios, intrusion, ledger }: Config): boolean {
  return scenarios.files.length > 0 || intrusion !== 'off' || ledger !== 'off'
}

export function admission(config: Config, memory: WorkerMemory, worker: number): Admission {
  const { limits, counters, blocks } = memory
  return new Admission(admissionOf(config), limits, counters, blocks, worker)
}
