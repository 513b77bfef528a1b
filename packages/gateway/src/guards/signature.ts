import { PacketType } from '@ringwall/wire'
import type { Act, Guard, Report, Scene, Severity } from '../contract/index.ts'
import { LaneWord } from '../lanes/record.ts'
import {
  addressBytes,
  COUNT_WORDS,
  Counts,
  type Endpoint,
  FlowMemory,
  type Hit,
  type RuleSet,
  type SavedFlow,
  SignatureEngine,
  type SignedPacket,
} from '../signature/index.ts'

/** What the guard keeps of a connection. */
interface Known {
  readonly flow: FlowMemory
  readonly client: Endpoint
  /** What the SUBSCRIBE that is being judged, filter by filter, has fired. */
  asked: readonly Hit[]
}

/** The types of packets that are acts by themselves; those that may be one or not are asked for in any case. */
const ACTS =
  (1 << PacketType.CONNECT) |
  (1 << PacketType.PUBLISH) |
  (1 << PacketType.SUBSCRIBE) |
  (1 << PacketType.UNSUBSCRIBE) |
  (1 << PacketType.PINGREQ)

const NOTHING = new Uint8Array(0)
const NOBODY: Endpoint = { address: null, port: 0, name: '' }
const SEVERITIES: readonly Severity[] = ['high', 'high', 'medium', 'low']

/**
 * Judges packets by rules in Suricata's language. `drop` refuses the act, `reject` ends the connection besides, `alert` is told
 * and refuses nothing. A SUBSCRIBE is judged whole: what drops it refuses all of its filters. Thresholds are counted by device,
 * in its lane: seven counts, whichever way they are tracked, so that what is found is a function of the device's own acts.
 * Stops: lab/attackers rule-evasion (ATT&CK for ICS T0807). Clause: `sid:N`, or `sid:N gid:N`.
 * @param port the gateway's own, as rules name it
 */
export function signature(rules: RuleSet, port: number, slot: number): Guard {
  const words = LaneWord.signatureLast - LaneWord.signatureFirst + 1
  const counts = new Counts(new Float64Array(0), LaneWord.signatureFirst, Math.floor(words / COUNT_WORDS))
  const engine = new SignatureEngine(rules, counts)
  const packet = new ActPacket({ address: null, port, name: 'broker' })
  return {
    name: 'signature',
    ring: 'network',
    counts: true,
    keeps: { slot, save: kept => save(kept as Known), load: saved => load(saved as Saved) },
    packets: rules.types & ~ACTS,
    judge(act, lane, scene, report) {
      // A will is a part of the CONNECT, which was judged before it.
      if (act.action === 'will') return
      const type = act.bytes[act.start] >> 4
      if ((rules.types & (1 << type)) === 0) return
      let known = scene.memo[slot] as Known | undefined
      if (known === undefined) {
        known = { flow: new FlowMemory(), client: endpointOf(scene.peer, act.speaker.device), asked: [] }
        scene.memo[slot] = known
      }
      let named: Int32Array | null = null
      if (type === PacketType.PUBLISH) {
        named = namedOf(act, engine, slot)
        if (engine.passes(act.bytes, act.start, act.payloadStart, act.end, named, known.flow)) return
      }
      const again = act.action === 'subscribe' && act.weight === 0
      if (!again) {
        packet.aim(act, type, scene, known.client)
        packet.named = named
        counts.words = lane.words
        known.asked = engine.inspect(packet, known.flow, scene.now)
      }
      if (known.asked.length > 0) tell(known.asked, again, report)
    },
  }
}

/** What the guard keeps, as plain data; between two packets nothing is asked. */
interface Saved {
  readonly flow: SavedFlow
  readonly address: readonly number[] | null
  readonly port: number
  readonly name: string
}

function save({ flow, client: { address, port, name } }: Known): Saved {
  return { flow: flow.save(), address: address === null ? null : [...address], port, name }
}

function load({ flow, address, port, name }: Saved): Known {
  const client = { address: address === null ? null : Uint8Array.from(address), port, name }
  return { flow: FlowMemory.load(flow), client, asked: [] }
}

/** The rules that a topic's first contents lead to, kept with the address. */
function namedOf(act: Act, engine: SignatureEngine, slot: number): Int32Array {
  const known = act.address.memo[slot] as Int32Array | undefined
  if (known !== undefined) return known
  const named = engine.named(act.address.bytes)
  act.address.memo[slot] = named
  return named
}

/** @param again whether it was told before for another filter of the packet: then only what refuses is */
function tell(hits: readonly Hit[], again: boolean, report: Report): void {
  for (const { rule, action, alerts, what } of hits) {
    const clause = rule.gid === 1 ? `sid:${rule.sid}` : `sid:${rule.sid} gid:${rule.gid}`
    const why = `${rule.message === '' ? clause : rule.message}: ${what}`
    const severity = SEVERITIES[Math.min(rule.priority, SEVERITIES.length - 1)]
    if (action === 'drop') report.add('signature', why, clause, severity)
    else if (action === 'reject') report.end('signature', why, clause, severity)
    else if (action === 'alert' && alerts && !again) report.note('signature', why, clause, severity)
  }
}

function endpointOf(peer: string, name: string): Endpoint {
  const colon = peer.lastIndexOf(':')
  const host = peer.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, '$1')
  return { address: addressBytes(host), port: Number(peer.slice(colon + 1)) || 0, name }
}

/** An act as the engine sees it: one a guard, aimed anew at each. */
class ActPacket implements SignedPacket {
  bytes: Uint8Array = NOTHING
  start = 0
  body = 0
  end = 0
  type = 0
  flags = 0
  version = 0
  direction: 'up' | 'down' = 'up'
  readonly events = 0
  client = NOBODY
  readonly server: Endpoint
  topic: Uint8Array | null = null
  named: Int32Array | null = null

  constructor(server: Endpoint) {
    this.server = server
  }

  aim(act: Act, type: number, scene: Scene, client: Endpoint): void {
    const { bytes, start } = act
    let body = start + 1
    while (bytes[body] >= 0x80) body++
    this.bytes = bytes
    this.start = start
    this.body = body + 1
    this.end = act.end
    this.type = type
    this.flags = bytes[start] & 15
    this.version = scene.version
    this.direction = act.direction
    this.client = client
    // What an alias stands for counts as if it were written.
    this.topic = type === PacketType.PUBLISH ? act.address.bytes : null
    this.named = null
  }
}
