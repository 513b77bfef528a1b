import { Flaw } from '../config/problem.ts'
import { type Complain, Part } from './part.ts'

/** To whom a device may talk, by one entry of its MUD file. */
export interface Flow {
  /** A DNS name, a network, or what stands for one: `controller URI`, `my-controller`, `local-networks` … */
  readonly to: string
  readonly protocol: 'tcp' | 'udp' | 'any'
  /** Null for any. */
  readonly port: number | null
}

/** The network intent of a device type (RFC 8520), as far as it is used: what it may open towards others. */
export interface NetworkIntent {
  readonly url: string
  readonly supported: boolean
  readonly flows: readonly Flow[]
}

const PROTOCOLS: Readonly<Record<string, Flow['protocol']>> = { '6': 'tcp', '17': 'udp' }
/** RFC 8520, section 5: what a manufacturer names without an address. */
const STAND_INS = ['controller', 'manufacturer', 'model'] as const
const PLACES = ['my-controller', 'same-manufacturer', 'local-networks'] as const

/** Reads and checks a MUD file: its frame (RFC 8520, section 3), its access lists (RFC 8519), and the flows that they accept. */
export function readMud(text: string, complain: Complain): NetworkIntent | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    complain('mud_syntax', new Flaw('it is not JSON', 'Name a MUD file (RFC 8520).'), '')
    return undefined
  }
  const root = new Part(value, '', complain)
  const mud = root.at('ietf-mud:mud').need('ietf-mud:mud is missing', 'Name a MUD file (RFC 8520, section 3).')
  if (!mud.isObject) return undefined
  if (mud.at('mud-version').number() !== 1)
    mud.at('mud-version').fail('the version is not 1', 'Version 1 is read (RFC 8520, 3.1).')
  const url = mud.at('mud-url').need('mud-url is missing', 'RFC 8520, 3.2.').text() ?? ''
  if (url !== '' && !url.startsWith('https://')) mud.at('mud-url').fail('it is not an https address', 'RFC 8520, 3.2.')
  mud.at('last-update').need('last-update is missing', 'RFC 8520, 3.4.').text()
  const supported = mud.at('is-supported').need('is-supported is missing', 'RFC 8520, 3.6.').flag() ?? false
  const named = new Set(
    mud
      .at('from-device-policy')
      .at('access-lists')
      .at('access-list')
      .items()
      .flatMap(each => each.at('name').text() ?? []),
  )
  const lists = root.at('ietf-access-control-list:acls').at('acl').items()
  const known = new Set(lists.map(each => each.at('name').value))
  for (const name of named) {
    if (!known.has(name))
      mud
        .at('from-device-policy')
        .fail(`there is no access list ${name}`, 'Define it under ietf-access-control-list:acls.')
  }
  const outward = lists.filter(each => named.has(String(each.at('name').value)))
  const flows = outward.flatMap(list => list.at('aces').at('ace').items().flatMap(readEntry))
  return { url, supported, flows: distinct(flows) }
}

function readEntry(entry: Part): Flow[] {
  const accepts = entry.at('actions').at('forwarding').text()
  if (accepts !== 'accept') return []
  const matches = entry.at('matches').need('matches is missing', 'RFC 8519, section 3.')
  const ip = matches.at('ipv4').isObject ? matches.at('ipv4') : matches.at('ipv6')
  const protocol = matches.at('tcp').there
    ? 'tcp'
    : matches.at('udp').there
      ? 'udp'
      : PROTOCOLS[String(ip.at('protocol').value)]
  const port = matches.at(protocol ?? 'tcp').at('destination-port')
  const exact = port.at('operator').text() === 'eq' ? port.at('port').number(0) : undefined
  return [{ to: peerOf(matches, ip), protocol: protocol ?? 'any', port: exact ?? null }]
}

function peerOf(matches: Part, ip: Part): string {
  const mud = matches.at('ietf-mud:mud')
  for (const key of STAND_INS) {
    const text = mud.at(key).text()
    if (text !== undefined) return `${key} ${text}`
  }
  for (const key of PLACES) if (mud.at(key).there) return key
  for (const key of ['ietf-acldns:dst-dnsname', 'destination-ipv4-network', 'destination-ipv6-network']) {
    const text = ip.at(key).text()
    if (text !== undefined) return text
  }
  return 'anybody'
}

const distinct = (flows: readonly Flow[]): Flow[] => [
  ...new Map(flows.map(flow => [JSON.stringify(flow), flow])).values(),
]

/** How a type's network intent and the gateway go together. */
export interface MudFinding {
  /** The flow by which the device reaches the gateway, or null where its MUD file allows none. */
  readonly gateway: Flow | null
  /** What it may talk to beside the gateway: nobody looks into that. */
  readonly others: readonly Flow[]
}

/** @param hosts the names of the gateway in the profile's forms. @param port that it listens on. */
export function compareMud({ flows }: NetworkIntent, hosts: readonly string[], port: number): MudFinding {
  const fits = (flow: Flow) =>
    flow.protocol !== 'udp' &&
    (flow.port === null || flow.port === port) &&
    (hosts.includes(flow.to) || /^(controller |my-controller$|local-networks$|anybody$)/.test(flow.to))
  const gateway = flows.find(fits) ?? null
  return { gateway, others: flows.filter(flow => flow !== gateway && !hosts.includes(flow.to)) }
}

/** Writes a flow as `tcp broker.example:8883`. */
export const flowText = ({ to, protocol, port }: Flow) => `${protocol} ${to}:${port ?? 'any port'}`
