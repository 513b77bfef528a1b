import type { Act, Address, Guard, Keeper, Lane, Principal, Scene } from '../contract/index.ts'
import { LANE_WORDS, LaneWord } from '../lanes/record.ts'
import { type Judge, type Outcome, type Plan, planOf } from '../path/judge.ts'
import { actOf, packetOf, type RecordedAct } from '../recording/decode.ts'
import type { SessionHead } from '../recording/head.ts'
import { readMemo } from '../recording/plain.ts'
import { Opened } from '../seals/opened.ts'
import { placePublish } from '../seals/packet.ts'
import { SLOTS } from '../worker/plan.ts'

/** Addresses that one connection keeps; past that they are worked out anew. */
const MOST = 4_096

// A leading U+FEFF is part of the topic (MQTT-1.5.4-3).
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** One device's connection, as its guards saw it. */
export interface Stand {
  readonly principal: Principal
  readonly peer: string
  readonly lane: Lane
  readonly memo: unknown[]
  plan: Plan
  readonly addresses: Map<string, Address>
  /** Part of its state could not be recorded: nothing can be said of it until it connects anew. */
  readonly isUnknown: boolean
}

/** What a lane has learned. */
export type Learned = Pick<Lane, 'words' | 'rhythm'>

/** Brings a connection back to where it stood when it began to be recorded. */
export function standOf(
  head: SessionHead,
  { words, rhythm }: Learned,
  guards: readonly Guard[],
  keepers: readonly Keeper[],
): Stand {
  const { site, device, roles, assurance, fingerprint, lane, epoch, unknown } = head
  const own = new Float64Array(LANE_WORDS)
  own.set(words)
  own[LaneWord.epoch] = epoch
  const restored = restore(head, guards, keepers)
  return {
    principal: { site, device, roles, assurance, fingerprint },
    peer: head.peer,
    lane: { index: lane, epoch, words: own, rhythm: Float64Array.from(rhythm) },
    memo: restored ?? [],
    plan: [],
    addresses: new Map(),
    isUnknown: unknown.length > 0 || restored === null,
  }
}

/** The connection's memo, and what else is kept of the device; null where it cannot be read. */
function restore(
  { device, memo, kept }: SessionHead,
  guards: readonly Guard[],
  keepers: readonly Keeper[],
): unknown[] | null {
  try {
    for (const keeper of keepers) keeper.load(device, kept[keeper.name])
    return readMemo(memo, guards)
  } catch {
    return null
  }
}

/** Hands acts out one after the other: a worker's acts share their packets. */
export class ActReader {
  #serial = 0
  #packet: Buffer = Buffer.alloc(0)
  readonly #opened = new Opened()

  /** The act, as its guards saw it; a payload that was not kept is zeros. @param seals whether seals are looked for */
  read(recorded: RecordedAct, { principal, addresses }: Stand, seals: boolean): Act {
    const packet = packetOf(recorded, this.#packet)
    this.#packet = packet
    const act = actOf(recorded, ++this.#serial, principal, addressOf(addresses, recorded.address), packet)
    const { version } = recorded.scene
    if (act.action !== 'publish' || !placePublish(packet, 0, packet.length, version, this.#opened.placed)) return act
    // Where seals were looked for then and are not now, or the other way round, the payload is another one.
    if (!seals) return { ...act, payloadStart: this.#opened.placed.payloadStart, payloadEnd: packet.length }
    this.#opened.open(packet, version)
    const { seal, payloadStart, payloadEnd } = this.#opened
    return { ...act, seal, payloadStart, payloadEnd }
  }
}

export function sceneOf({ scene }: RecordedAct, { memo, peer }: Stand, neighbors: Scene['neighbors']): Scene {
  return { ...scene, peer, neighbors, memo }
}

/** Guards that look into payloads. What was found of MACs is recorded, and seals are kept without their payloads. */
const READERS: ReadonlySet<string> = new Set(['schema', 'invariant', 'rhythm', 'signature', 'score', 'command'])

/** The guards that can judge an act: where its payload was not kept, those before the first that looks into payloads. @param more that do so here */
export function ableOf(plan: Plan, recorded: RecordedAct, more: readonly string[] = []): Plan {
  if (!lacksPayload(recorded)) return plan
  const first = plan.findIndex(({ guard }) => READERS.has(guard.name) || more.includes(guard.name))
  return first === -1 ? plan : plan.slice(0, first)
}

/** Asks the guards of a plan about what was an act, or about a packet that was none. */
export function judgeAgain(
  judge: Judge,
  plan: Plan,
  act: Act,
  { isGlance }: RecordedAct,
  lane: Lane,
  scene: Scene,
): Outcome {
  return isGlance
    ? judge.glance(planOf(plan), act.bytes[0] >> 4, act, lane, scene)
    : judge.judge(plan, act, lane, scene)
}

/** Whether a payload was there that the recording does not have. */
const lacksPayload = ({ payloads, payloadLength }: RecordedAct): boolean => payloads !== 'full' && payloadLength > 0

function addressOf(addresses: Map<string, Address>, bytes: Buffer): Address {
  const text = decoder.decode(bytes)
  let address = addresses.get(text)
  if (address === undefined) {
    if (addresses.size >= MOST) addresses.clear()
    address = { bytes: Uint8Array.from(bytes), text, memo: new Array(SLOTS).fill(undefined) }
    addresses.set(text, address)
  }
  return address
}
