import { labDevices, type SimulatedMessage, simulate } from '@ringwall/lab'
import type { Act, Address, Finding, Lane, Principal, Scene } from '../contract/index.ts'
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
  readonly planOf: (device: string) => Plan
  /** How many guards keep something with an address or a connection. */
  readonly slots: number
  /** How many series the profiles have. */
  readonly series: number
  /** Called once a simulated minute. */
  readonly on?: (minute: number) => void
}

/** How the guards took the honest fleet when nobody attacked. */
export interface Rehearsal {
  readonly minutes: number
  /** Messages judged, in both directions. */
  readonly messages: number
  readonly flagged: number
  /** The plant's operating modes that they passed through. */
  readonly modes: readonly string[]
  /** The first findings, in words. */
  readonly first: readonly string[]
}

const KEEP_ALIVE = 30_000
/** So many findings are told. */
const TOLD = 5

/** Judges minutes of the honest fleet's traffic in simulated time, message by message, with the guards of a plan. */
export function rehearse(parts: RehearsalParts): Rehearsal {
  const { site, seed, minutes, after = 0, on } = parts
  const stage = new Stage(parts)
  const modes = new Set<string>()
  let messages = 0
  let flagged = 0
  let began = 0
  let minute = 0
  const first: string[] = []
  for (const message of simulate({ seed, site, minutes: after + minutes })) {
    if (began === 0) began = message.wall + after * 60_000
    if (message.wall < began) continue
    messages++
    modes.add(message.mode)
    const findings = stage.judge(message)
    if (findings.length > 0) flagged++
    for (const { guard, code, why } of findings) {
      if (first.length < TOLD) first.push(`${guard} ${code} on ${message.topic}: ${why}`)
    }
    const now = Math.floor((message.wall - began) / 60_000)
    if (now > minute) on?.(now)
    minute = now
  }
  on?.(minutes)
  return { minutes, messages, flagged, modes: [...modes], first }
}

/** What a connection keeps. */
interface Seat {
  readonly principal: Principal
  readonly plan: Plan
  readonly lane: Lane
  readonly memo: unknown[]
  readonly addresses: Map<string, Address>
}

/** The straight way without its bytes: everything that guards read, for every device of the lab. */
class Stage {
  readonly #judge = new Judge()
  readonly #seats: ReadonlyMap<string, Seat>
  readonly #neighbors: SharedSeries
  readonly #slots: number
  #serial = 0
  #began = 0

  constructor({ site, planOf, slots, series }: RehearsalParts) {
    const lanes = new LaneTable(labDevices.length)
    this.#slots = slots
    this.#neighbors = new SharedSeries(series)
    const seats = labDevices.map(({ device, role }, index): [string, Seat] => {
      const principal: Principal = { site, device, roles: [role], assurance: 'certificate', fingerprint: '' }
      const lane = lanes.open(index, lanes.advance(index))
      return [device, { principal, lane, plan: planOf(device), memo: empty(slots), addresses: new Map() }]
    })
    this.#seats = new Map(seats)
  }

  /** What the guards find in a message; nothing where it passes. */
  judge(message: SimulatedMessage): readonly Finding[] {
    const { device, direction, topic, payload, qos, retain, wall } = message
    const seat = this.#seats.get(device)
    if (seat === undefined) throw new TypeError(`the lab has no device ${device}`)
    const act: Act = {
      serial: ++this.#serial,
      direction,
      action: direction === 'up' ? 'publish' : 'receive',
      speaker: seat.principal,
      subject: device,
      address: this.#address(seat, topic),
      bytes: payload,
      start: 0,
      end: payload.length,
      payloadStart: 0,
      payloadEnd: payload.length,
      qos,
      retain,
      weight: 1,
    }
    if (this.#began === 0) this.#began = wall - 1
    const now = wall - this.#began
    const scene: Scene = { now, wall, keepAlive: KEEP_ALIVE, neighbors: this.#neighbors, memo: seat.memo }
    return this.#judge.judge(seat.plan, act, seat.lane, scene) === 0 ? NOTHING : this.#judge.findings
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

function empty(slots: number): unknown[] {
  return new Array(slots).fill(undefined)
}
