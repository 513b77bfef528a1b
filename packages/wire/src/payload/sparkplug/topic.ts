/** The message types of Sparkplug B. */
export type SparkplugType = 'NBIRTH' | 'NDATA' | 'NDEATH' | 'NCMD' | 'DBIRTH' | 'DDATA' | 'DDEATH' | 'DCMD' | 'STATE'

/** What a topic of Sparkplug B says. */
export interface SparkplugTopic {
  readonly type: SparkplugType
  /** Empty for STATE. */
  readonly group: string
  /** The edge node; for STATE the host application. */
  readonly node: string
  /** The device behind the edge node, null where the message is about the node itself. */
  readonly device: string | null
  /** Whom the message is about: the device where there is one, else the edge node or host. The edge node speaks for its devices. */
  readonly subject: string
  /** From the host application to the edge node. */
  readonly command: boolean
}

/** Why a topic is none of Sparkplug B. */
export interface TopicFault {
  readonly code: 'sparkplug_topic'
  readonly clause: string
  readonly why: string
}

const NAMESPACE = 'spBv1.0'
const NODE_TYPES: ReadonlySet<string> = new Set(['NBIRTH', 'NDATA', 'NDEATH', 'NCMD'])
const DEVICE_TYPES: ReadonlySet<string> = new Set(['DBIRTH', 'DDATA', 'DDEATH', 'DCMD'])

/**
 * Reads `spBv1.0/GROUP/TYPE/NODE`, `spBv1.0/GROUP/TYPE/NODE/DEVICE` or `spBv1.0/STATE/HOST` (Sparkplug 3.0, section 4.1).
 * Group, node and device may hold anything but `+`, `/` and `#`; an empty one names nobody and is refused.
 */
export function readSparkplugTopic(topic: string): SparkplugTopic | TopicFault {
  const parts = topic.split('/')
  if (parts[0] !== NAMESPACE) {
    return bad('tck-id-topic-structure-namespace-a', `the topic does not begin with ${NAMESPACE}`)
  }
  if (parts[1] === 'STATE') return readState(parts)
  const [, group, type, node, device] = parts
  if (parts.length < 4 || parts.length > 5) {
    return bad('tck-id-topic-structure', `the topic has ${parts.length} levels, a Sparkplug message has 4 or 5`)
  }
  const ofDevice = DEVICE_TYPES.has(type)
  if (!ofDevice && !NODE_TYPES.has(type)) {
    return bad('tck-id-topic-structure', `"${type.slice(0, 32)}" is no message type of Sparkplug`)
  }
  if (ofDevice && device === undefined) {
    const clause = 'tck-id-topic-structure-namespace-device-id-associated-message-types'
    return bad(clause, `a ${type} has to name its device`)
  }
  if (!ofDevice && device !== undefined) {
    const clause = 'tck-id-topic-structure-namespace-device-id-non-associated-message-types'
    return bad(clause, `a ${type} may not name a device`)
  }
  const problem =
    idProblem('group', group, 'group') ??
    idProblem('edge node', node, 'edge-node') ??
    idProblem('device', device, 'device')
  if (problem !== null) return problem
  return {
    type: type as SparkplugType,
    group,
    node,
    device: device ?? null,
    subject: device ?? node,
    command: type === 'NCMD' || type === 'DCMD',
  }
}

/** Tells a fault from a topic. */
export function isTopicFault(read: SparkplugTopic | TopicFault): read is TopicFault {
  return 'code' in read
}

function readState(parts: readonly string[]): SparkplugTopic | TopicFault {
  const host = parts[2]
  const clause = 'tck-id-host-topic-phid-birth-topic'
  if (parts.length !== 3) return bad(clause, `a STATE topic has 3 levels, this one has ${parts.length}`)
  if (host === '' || /[+#]/.test(host)) return bad(clause, 'the host of a STATE topic is empty or holds + or #')
  return { type: 'STATE', group: '', node: host, device: null, subject: host, command: false }
}

function idProblem(what: string, id: string | undefined, clause: string): TopicFault | null {
  if (id === undefined || (id !== '' && !/[+#]/.test(id))) return null
  return bad(`tck-id-topic-structure-namespace-valid-${clause}-id`, `the ${what} of the topic is empty or holds + or #`)
}

function bad(clause: string, why: string): TopicFault {
  return { code: 'sparkplug_topic', clause, why }
}
