import { labDevices, type SimulatedAct, simulate } from '@ringwall/lab'
import { encodePublish } from '@ringwall/wire'
import {
  type Act,
  type Address,
  AT_REST,
  type Finding,
  type Lane,
  type Principal,
  type Scene,
} from '../contract/index.ts'
import { SharedSeries } from '../lanes/series.ts'
import { LaneTable } from '../lanes/table.ts'
import { Judge, type Plan } from '../path/judge.ts'

/** What a rehearsal takes: the guards as the configuration has them, and how much they keep. */
export interface RehearsalParts {
  readonly site: string
  readonly seed: number
  /** Of plant time that are judged. */
  readonly minutes: number
  /** Minutes that pass before, unjudged. */
  readonly after?: number
  /** Minutes after those in which guards learn: what they find there does not count. */
  readonly learning?: number
  readonly planOf: (device: string) => Plan
  /** How many guards keep something with an address or a connection. */
  readonly slots: number
  /** How many series the profiles have. */
  readonly series: number
  /** The names of the operating modes, by their index in `Scene.mode`. */
  readonly modes?: readonly string[]
  /** Given the lanes of `labDevices`, in their order, with all that was learned, at the end. */
  readonly taught?: (lanes: LaneTable) => void
  /** Called once a simulated minute. */
  readonly on?: (minute: number) => void
}

/** How the guards took the honest fleet when nobody attacked. */
export interface Rehearsal {
  readonly minutes: number
  /** Messages judged, in both directions. */
  readonly messages: number
  /** CONNECTs judged, each with its will; of the first ones and of those who came back. */
  readonly connects: number
  readonly flagged: number
  /** The plant's operating modes that they passed through. */
  readonly modes: readonly string[]
  /** The first findings, in words. */
  readonly first: readonly string[]
}

const KEEP_ALIVE = 30_000
/** So many findings are told. */
const TOLD = 5

/** Judges what the honest fleet does in minutes of simulated time, act by act, with the guards of a plan. */
export function rehearse(parts: RehearsalParts): Rehearsal {
  const { site, seed, minutes, after = 0, learning = 0, on } = parts
  const stage = new Stage(parts)
  const modes = new Set<string>()
  let messages = 0
  let connects = 0
  let flagged = 0
  let began = 0
  let minute = 0
  const first: string[] = []
  for (const act of simulate({ seed, site, minutes: after + learning + minutes })) {
    if (began === 0) began = act.wall + (after + learning) * 60_000
    if (act.wall < began - learning * 60_000 || act.action === 'loss') continue
    if (act.wall < began) {
      stage.judge(act)
      continue
    }
    if (act.action === 'connect') connects++
    else if (act.action !== 'will') messages++
    modes.add(act.mode)
    const findings = stage.judge(act)
    if (findings.length > 0) flagged++
    for (const { guard, code, why } of findings) {
      if (first.length < TOLD) first.push(`${guard} ${code} on ${act.action} ${act.topic} of ${act.device}: ${why}`)
    }
    const now = Math.floor((act.wall - began) / 60_000)
    if (now > minute) on?.(now)
    minute = now
  }
  on?.(minutes)
  parts.taught?.(stage.lanes)
  return { minutes, messages, connects, flagged, modes: [...modes], first }
}

/** A device's place: what belongs to it, and what its connection keeps. */
interface Seat {
  readonly index: number
  readonly principal: Principal
  readonly plan: Plan
  lane: Lane
  memo: unknown[]
  addresses: Map<string, Address>
}

/** The straight way without its connections: everything that guards read, for every device of the lab. */
export class Stage {
  readonly #judge = new Judge()
  readonly lanes = new LaneTable(labDevices.length)
  readonly #seats: ReadonlyMap<string, Seat>
  readonly #neighbors: SharedSeries
  readonly #slots: number
  readonly #modes: readonly string[]
  #serial = 0
  #began = 0

  constructor({
    site,
    planOf,
    slots,
    series,
    modes = [],
  }: Pick<RehearsalParts, 'site' | 'planOf' | 'slots' | 'series' | 'modes'>) {
    this.#slots = slots
    this.#modes = modes
    this.#neighbors = new SharedSeries(series)
    const seats = labDevices.map(({ device, role }, index): [string, Seat] => {
      const principal: Principal = { site, device, roles: [role], assurance: 'certificate', fingerprint: '' }
      return [device, { index, principal, plan: planOf(device), ...this.#connection(index) }]
    })
    this.#seats = new Map(seats)
  }

  /** What the guards find in an act; nothing where it passes. */
  judge(done: SimulatedAct): readonly Finding[] {
    const { device, direction, action, topic, payload, qos, retain, wall } = done
    const seat = this.#seats.get(device)
    if (seat === undefined) throw new TypeError(`the lab has no device ${device}`)
    if (action === 'loss') return NOTHING
    if (action === 'connect') Object.assign(seat, this.#connection(seat.index))
    const bytes = packet(done)
    const act: Act = {
      serial: ++this.#serial,
      direction,
      action,
      speaker: seat.principal,
      subject: device,
      address: this.#address(seat, topic),
      bytes,
      start: 0,
      end: bytes.length,
      payloadStart: bytes.length - payload.length,
      payloadEnd: bytes.length,
      qos,
      retain,
      weight: 1,
    }
    if (this.#began === 0) this.#began = wall - 1
    const now = wall - this.#began
    const mode = this.#modes.indexOf(done.mode)
    const there = { now, wall, keepAlive: KEEP_ALIVE, mode }
    const scene: Scene = { ...AT_REST, ...there, neighbors: this.#neighbors, memo: seat.memo }
    return this.#judge.judge(seat.plan, act, seat.lane, scene) === 0 ? NOTHING : this.#judge.findings
  }

  /** A new connection: a new lease of the device's lane, and nothing kept. */
  #connection(index: number): Pick<Seat, 'lane' | 'memo' | 'addresses'> {
    const lane = this.lanes.open(index, this.lanes.advance(index))
    return { lane, memo: empty(this.#slots), addresses: new Map() }
  }

  #address({ addresses }: Seat, text: string): Address {
    let address = addresses.get(text)
    if (address === undefined) {
      address = { bytes: new TextEncoder().encode(text), text, memo: empty(this.#slots) }
      addresses.set(text, address)
    }
    return address
  }
}

const NOTHING: readonly Finding[] = []

/** The packet of a message, as MQTT 3.1.1 has it; of what is none its first byte and the payload. */
function packet({ action, topic, payload, qos, retain, dup }: SimulatedAct): Uint8Array {
  if (action === 'publish' || action === 'receive') {
    return encodePublish({ version: 4, topic, payload, qos, retain, dup, packetId: 1 })
  }
  const bytes = new Uint8Array(1 + payload.length)
  bytes[0] = 0x10
  bytes.set(payload, 1)
  return bytes
}

function empty(slots: number): unknown[] {
  return new Array(slots).fill(undefined)
}
