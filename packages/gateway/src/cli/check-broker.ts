import { readdirSync } from 'node:fs'
import { RingwallError } from '../base/error.ts'
import { brokerAddress, isLoopback } from '../config/address.ts'
import type { Problem } from '../config/problem.ts'
import type { Config } from '../config/schema.ts'
import { type Material, readMaterial } from '../keys/material.ts'
import type { ConnectorOptions } from '../upstream/connector.ts'
import { type OwnAnswer, probeAsGateway } from './own-probe.ts'
import { type Caller, type ProbeResult, probeBroker } from './probe.ts'

/** What asking the broker came to. */
export interface BrokerReport {
  readonly errors: Problem[]
  readonly warnings: Problem[]
  /** What was found to be good, in words. */
  readonly tried: string[]
}

const ID = 'ringwall-check'
const URL_FIELD = { field: 'upstream.url' }

/** Asks the broker twice: as a stranger, who must be refused, and as the gateway, which must not. */
export async function checkBroker(config: Config): Promise<BrokerReport> {
  const report: BrokerReport = { errors: [], warnings: [], tried: [] }
  const { upstream } = config
  const address = brokerAddress(upstream.url)!
  const { serverName, connectTimeout } = upstream
  const material = materialOf(config)
  const stranger = await probeBroker(address, {
    deadline: connectTimeout,
    ...(material?.upstreamCa !== undefined && { ca: material.upstreamCa }),
    ...(serverName !== undefined && { serverName }),
  })
  plainPath(stranger, address.tls, report)
  if (stranger.answer === 'accepted') report.warnings.push(openBroker(upstream.url, stranger.why))
  // Files that cannot be read were told of already.
  if (material === undefined) return report
  const own = identityOf(config)
  judge(await probeAsGateway(connectorOf(config, material, own), own.device, callerOf(own, material)), own, report)
  const met = report.errors.length === 0 && !report.warnings.some(({ code }) => code.startsWith('broker_un'))
  if (met && stranger.answer === 'refused') report.tried.unshift('strangers are refused')
  return report
}

function materialOf(config: Config): Material | undefined {
  try {
    return readMaterial(config)
  } catch (error) {
    if (error instanceof RingwallError) return undefined
    throw error
  }
}

/** As whom the gateway asks. `kind` says whose credentials they are; `none`: only the devices have any. */
interface Own {
  readonly device: string
  readonly kind: 'fixed' | 'device' | 'pair' | 'none'
  readonly username?: string
}

function identityOf({ upstream }: Config): Own {
  if (upstream.identity === 'pass-through') return { device: ID, kind: 'none' }
  if (upstream.identity === 'client-id') {
    const { username } = upstream
    return username === undefined
      ? { device: ID, kind: 'device', username: ID }
      : { device: ID, kind: 'fixed', username }
  }
  const device = firstPair(upstream.certificates!)
  return device === undefined ? { device: ID, kind: 'none' } : { device, kind: 'pair', username: device }
}

function firstPair(folder: string): string | undefined {
  try {
    const names = readdirSync(folder).sort()
    const found = names.find(name => name.endsWith('.pem') && names.includes(name.replace(/pem$/, 'key')))
    return found?.slice(0, -'.pem'.length)
  } catch {
    return undefined
  }
}

function callerOf({ device, username }: Own, { upstreamPassword: password }: Material): Caller {
  const clientId = device === ID ? ID : device
  return { clientId, ...(username !== undefined && { username }), ...(password !== undefined && { password }) }
}

function connectorOf({ upstream }: Config, material: Material, own: Own): ConnectorOptions {
  const { host, port, tls } = brokerAddress(upstream.url)!
  const base = { host, port, timeout: upstream.connectTimeout }
  if (!tls) return base
  const { upstreamCa: ca, upstreamCertificate: certificate, upstreamKey: key } = material
  return {
    ...base,
    tls: {
      serverName: upstream.serverName ?? host,
      ...(ca !== undefined && { ca }),
      ...(certificate !== undefined && { certificate }),
      ...(key !== undefined && { key }),
      ...(own.kind === 'pair' && { folder: upstream.certificates! }),
    },
  }
}

function judge(result: OwnAnswer, own: Own, { errors, warnings, tried }: BrokerReport): void {
  if (result.answer === 'obstacle') {
    const { code, what, hint, field } = result.obstacle
    // The devices' own certificates may be what it asks for.
    if (code === 'upstream_client_certificate' && own.kind === 'none') return
    const away = code === 'upstream_unreachable' || code === 'upstream_timeout'
    if (!away) errors.push({ code, what, hint, place: { field } })
    else warnings.push({ code: 'broker_unreachable', what, hint: `${hint} Or use --no-connect.`, place: { field } })
  } else if (result.answer === 'unclear') {
    const what = `what the broker does with the gateway cannot be told: ${result.why}`
    warnings.push({
      code: 'broker_unclear',
      what,
      hint: 'Look at the url, its port and the log of the broker.',
      place: URL_FIELD,
    })
  } else if (own.kind === 'none') {
    tried.push('the broker answers; credentials of devices were not tried')
  } else if (result.answer === 'admitted') {
    tried.push('the gateway is admitted')
  } else if (own.kind === 'fixed') {
    const what = `the broker refuses the gateway's user name ${own.username} (${result.why})`
    const hint = 'Give the broker this user with the password of upstream.passwordFile.'
    errors.push({ code: 'gateway_refused', what, hint, place: { field: 'upstream.username' } })
  } else {
    warnings.push(unproven(own, result.why))
  }
}

function unproven({ kind, username }: Own, why: string): Problem {
  const what =
    kind === 'pair'
      ? `the broker refuses the device ${username} with its certificate (${why})`
      : `whether devices are admitted is not proven: the broker refuses the user ${username} (${why}), and each device comes with its id as user name`
  const hint =
    kind === 'pair'
      ? 'Let the broker take the certificates of upstream.certificates, with the device id as user name.'
      : 'The broker needs a user for each device id, all with the password of upstream.passwordFile; or set upstream.username to one user for all.'
  return { code: 'gateway_unproven', what, hint, place: { field: 'upstream.identity' } }
}

function openBroker(url: string, why: string): Problem {
  const what = `the broker takes anyone who reaches it: a client without user name and password got a ${why} from ${url}`
  const hint =
    'Turn anonymous access off in the broker (mosquitto: allow_anonymous false), give the gateway a password or certificate, and let the firewall admit the gateway only.'
  return { code: 'broker_open', what, hint, place: URL_FIELD }
}

function plainPath({ peer }: ProbeResult, tls: boolean, { warnings }: BrokerReport): void {
  if (tls || peer === undefined || isLoopback(peer.replace(/^::ffff:/, ''))) return
  const what = `what goes to the broker at ${peer} can be read and changed on its way`
  const hint = 'Use mqtts://, or put broker and gateway on one machine.'
  warnings.push({ code: 'broker_plain', what, hint, place: URL_FIELD })
}
