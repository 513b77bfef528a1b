import { brokerAddress, isLoopback } from './address.ts'
import { suggestion } from './near.ts'
import { Flaw, type Path, quote } from './problem.ts'
import type { Config } from './schema.ts'

/** Where a combination of values is impossible, and why. */
export interface Conflict {
  readonly code: string
  readonly path: Path
  readonly flaw: Flaw
}

type Rule = (config: Config) => Iterable<Conflict>

const conflict = (path: Path, what: string, hint: string, code = 'config_conflict'): Conflict => ({
  code,
  path,
  flaw: new Flaw(what, hint),
})

const rules: readonly Rule[] = [
  revocation,
  upstreamKeys,
  upstreamPairs,
  ports,
  sizes,
  limits,
  duplicates,
  roles,
  control,
  profiles,
  context,
  load,
  prevention,
]

/** Finds the combinations that each make sense alone and not together. */
export function conflicts(config: Config): Conflict[] {
  return rules.flatMap(rule => [...rule(config)])
}

function* revocation({ identity }: Config) {
  for (const [index, { revocation }] of identity.anchors.entries()) {
    if (revocation === 'off') continue
    const what = `revocation ${revocation} does not exist yet`
    yield conflict(
      ['identity', 'anchors', index, 'revocation'],
      what,
      'Write off, and give certificates short lives.',
      'config_not_yet',
    )
  }
}

function* upstreamKeys({ upstream }: Config) {
  const tls = upstream.url.startsWith('mqtts:')
  for (const key of ['ca', 'certificate', 'key', 'serverName'] as const) {
    if (upstream[key] !== undefined && !tls) {
      yield conflict(['upstream', key], `${key} has no use without TLS`, 'Write an mqtts:// url, or remove it.')
    }
  }
  if (upstream.identity === 'certificate') {
    if (!tls) yield conflict(['upstream', 'identity'], 'client certificates need TLS', 'Write an mqtts:// url.')
    if (upstream.certificates === undefined) {
      yield conflict(
        ['upstream', 'identity'],
        'the folder of the certificates is not named',
        'Add upstream.certificates.',
      )
    }
    for (const key of ['certificate', 'key'] as const) {
      if (upstream[key] !== undefined) {
        yield conflict(['upstream', key], `each device brings its own ${key}`, 'Remove it, or choose another identity.')
      }
    }
  } else if (upstream.certificates !== undefined) {
    yield conflict(
      ['upstream', 'certificates'],
      'it is read with identity certificate only',
      'Remove it, or choose that identity.',
    )
  }
}

function* upstreamPairs({ upstream }: Config) {
  for (const key of ['username', 'passwordFile'] as const) {
    if (upstream[key] === undefined || upstream.identity === 'client-id') continue
    yield conflict(['upstream', key], 'it is read with identity client-id only', 'Remove it, or choose that identity.')
  }
  if (upstream.certificate !== undefined && upstream.key === undefined) {
    yield conflict(['upstream', 'certificate'], 'a certificate needs its key', 'Add upstream.key.')
  }
  if (upstream.key !== undefined && upstream.certificate === undefined) {
    yield conflict(['upstream', 'key'], 'a key needs its certificate', 'Add upstream.certificate.')
  }
}

function* ports({ listen, upstream, metrics }: Config) {
  const { host, port } = listen.mqtts
  const everywhere = host === '::' || host === '0.0.0.0'
  const broker = brokerAddress(upstream.url)!
  const here = broker.host === host || (everywhere && (isLoopback(broker.host) || broker.host === 'localhost'))
  if (port !== 0 && here && broker.port === port) {
    yield conflict(['upstream', 'url'], 'this is where the gateway itself listens', 'Give the broker another port.')
  }
  if (metrics !== 'off' && port !== 0 && metrics.port === port && (everywhere || metrics.host === host)) {
    yield conflict(['metrics', 'port'], 'devices connect to this port', 'Choose another.')
  }
}

function* sizes({ limits, size }: Config) {
  const hint = 'Lower it, or raise limits.packet.'
  const beyond = (bytes: number) => `${bytes} bytes are more than the largest packet (${limits.packet})`
  if (size.default > limits.packet) yield conflict(['size', 'default'], beyond(size.default), hint)
  for (const [index, { bytes }] of size.topics.entries()) {
    if (bytes > limits.packet) yield conflict(['size', 'topics', index, 'bytes'], beyond(bytes), hint)
  }
}

function* limits({ limits }: Config) {
  if (limits.buffered < limits.packet) {
    yield conflict(['limits', 'buffered'], 'it is less than one largest packet', 'Raise it above limits.packet.')
  }
  if (limits.addressConnections > limits.connections) {
    yield conflict(
      ['limits', 'addressConnections'],
      'it is more than limits.connections',
      'Lower it, or write 0 for none.',
    )
  }
}

function* duplicates(config: Config) {
  const lists: [Path, string, readonly string[]][] = [
    [['groups'], 'name', config.groups.map(group => group.name)],
    [['size', 'topics'], 'filter', config.size.topics.map(topic => topic.filter)],
    [['rate', 'topics'], 'filter', config.rate.topics.map(topic => topic.filter)],
    [['context', 'mode', 'states'], '', config.context.mode?.states ?? []],
    [['profiles', 'files'], '', config.profiles.files],
    [['profiles', 'trust'], '', config.profiles.trust],
    [['prevention', 'protected'], '', config.prevention.protected],
    [['rules', 'files'], '', config.rules.files],
    [['scenarios', 'files'], '', config.scenarios.files],
    [['scenarios', 'allow'], '', config.scenarios.allow],
    [['intrusion', 'normal'], '', config.intrusion === 'off' ? [] : config.intrusion.normal],
    [['identity', 'anchors'], 'ca', config.identity.anchors.map(anchor => anchor.ca)],
    [['listen', 'mqtts', 'proxyProtocol', 'trusted'], '', config.listen.mqtts.proxyProtocol?.trusted ?? []],
    ...Object.entries(config.roles).flatMap(([role, lists]) =>
      Object.entries(lists).map(([key, filters]): [Path, string, string[]] => [['roles', role, key], '', filters]),
    ),
  ]
  for (const [path, key, values] of lists) {
    for (const [index, value] of values.entries()) {
      if (values.indexOf(value) === index) continue
      const place = key === '' ? [...path, index] : [...path, index, key]
      yield conflict(place, `${quote(value)} stands here twice`, 'Keep one.', 'config_duplicate')
    }
  }
}

function* roles({ roles, identity, rings, guards }: Config) {
  const known = Object.keys(roles)
  for (const [index, { roles: names }] of identity.assign.entries()) {
    for (const [position, name] of names.entries()) {
      if (known.includes(name)) continue
      const path = ['identity', 'assign', index, 'roles', position]
      yield conflict(path, `the role ${quote(name)} is not defined`, suggestion(name, known), 'config_unknown_role')
    }
  }
  if (known.length === 0 && (guards.access ?? rings.identity) === 'enforce') {
    yield conflict(
      ['roles'],
      'access is enforced and no role is defined: nobody could do anything',
      'Define roles, or observe first.',
    )
  }
}

// The kernel's struct sockaddr_un holds 108 bytes with the closing zero (104 on macOS).
const LONGEST_SOCKET = process.platform === 'darwin' ? 103 : 107

function* control({ control }: Config) {
  if (control === 'off' || Buffer.byteLength(control.path) <= LONGEST_SOCKET) return
  const what = `a socket's path has at most ${LONGEST_SOCKET} bytes, this one ${Buffer.byteLength(control.path)}`
  yield conflict(['control', 'path'], what, 'Choose a shorter one, or write control: off.')
}

function* profiles({ profiles }: Config) {
  if (profiles.signed === 'require' && profiles.trust.length === 0) {
    yield conflict(['profiles', 'signed'], 'no key is trusted: every profile would be refused', 'Add profiles.trust.')
  }
}

function* context({ context, profiles }: Config) {
  if (context.mode === undefined || profiles.mode === undefined) return
  yield conflict(['context', 'mode'], 'profiles.mode tells the mode already', 'Keep one of the two.')
}

function* load({ load }: Config) {
  for (const [lower, higher] of [
    ['busy', 'strained'],
    ['strained', 'overloaded'],
  ] as const) {
    for (const key of ['delay', 'buffered'] as const) {
      if (load[higher][key] > load[lower][key]) continue
      yield conflict(
        ['load', higher, key],
        `it is not above load.${lower}.${key}`,
        'Tiers rise: busy, strained, overloaded.',
      )
    }
  }
}

function* prevention({ prevention }: Config) {
  for (const [index, { do: what, posture }] of prevention.actions.entries()) {
    const path = ['prevention', 'actions', index]
    if (what === 'posture' && posture === undefined) {
      yield conflict([...path, 'do'], 'which posture is not said', 'Add posture: watched, restricted or quarantined.')
    }
    if (what !== 'posture' && posture !== undefined) {
      yield conflict([...path, 'posture'], 'it is read with do: posture only', 'Remove it, or write do: posture.')
    }
  }
}
