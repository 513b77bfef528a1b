import { type Connect, isFault, PacketType, readSubscribe, readUnsubscribe, type Scanner } from '@ringwall/wire/mqtt'
import { type Config, DEVICE_ID } from '../config/index.ts'
import { type Address, AT_REST, type Lane, type Principal, Step } from '../contract/index.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { SharedSeries } from '../lanes/series.ts'
import { LaneTable } from '../lanes/table.ts'
import { ActView, NOWHERE } from '../path/act.ts'
import { AddressBook } from '../path/addresses.ts'
import type { ConnectionScene } from '../path/connection.ts'
import { decisionOf, Judge, Outcome, type Plan } from '../path/judge.ts'
import { Unsealer } from '../path/unseal.ts'
import type { ProfileBook } from '../profile/book.ts'
import type { Flow as Messages } from '../session/flow.ts'
import type { Session } from '../session/session.ts'
import { compilePlans, SEAL_SLOT, SLOTS } from '../worker/plan.ts'
import { sealGuard, sealSlotsOf } from '../worker/seals.ts'
import type { Conversation } from './conversation.ts'
import type { Bench } from './court.ts'
import type { Missing } from './missing.ts'
import type { Judgement, Moment, Outlet } from './outlet.ts'

/** Who is taken to have spoken. */
export interface Mapping {
  /** A client id is the device's id. Otherwise nobody is known. */
  readonly clientId: boolean
  /** Roles that every known device is taken to have. */
  readonly roles: readonly string[]
}

interface Seat {
  readonly principal: Principal
  readonly plan: Plan
  /** Guards that cannot judge here, and what they lack. */
  readonly lacking: readonly (readonly [guard: string, why: string])[]
  readonly lane: Lane
  readonly scene: ConnectionScene
  readonly addresses: AddressBook
}

/** What a guard needs of the principal to say anything at all; the others need only the act. */
const NEEDS_DEVICE: ReadonlySet<string> = new Set(['integrity', 'schema', 'invariant', 'command', 'rhythm'])
const NEEDS_ROLES: ReadonlySet<string> = new Set(['access', 'command'])
const WORDS = 65_536
const ANY_SEED = 1

/**
 * Asks the gateway's guards about the acts of a capture: the same guards in the same plans, on lanes of their own. An act that
 * they would have refused is in the capture all the same, and what comes after it is judged as the capture has it.
 */
export class GuardBench implements Bench {
  readonly #config: Config
  readonly #mapping: Mapping
  readonly #moment: Moment
  readonly #missing: Missing
  readonly #outlets: readonly Outlet[]
  readonly #planFor: (device: string) => Plan
  readonly #judge = new Judge()
  readonly #act = new ActView()
  readonly #unsealer: Unsealer
  readonly #lacksSecret: boolean
  readonly #lanes: LaneTable
  readonly #laneOf = new Map<string, Lane>()
  readonly #series: SharedSeries
  readonly #seats = new Map<Conversation, Seat>()
  #epoch = 0
  #began = -1

  constructor(
    config: Config,
    book: ProfileBook,
    mapping: Mapping,
    moment: Moment,
    missing: Missing,
    outlets: readonly Outlet[],
    sealSecret: Uint8Array | null = null,
  ) {
    this.#config = config
    this.#mapping = mapping
    this.#moment = moment
    this.#missing = missing
    this.#outlets = outlets
    const shared = { topics: new SharedLimits(WORDS, ANY_SEED), approvals: new SharedApprovals(WORDS, [1, 2, 3, 4]) }
    const slots = sealSlotsOf(config, sealSecret)
    this.#unsealer = new Unsealer(slots)
    this.#lacksSecret = slots !== null && sealSecret === null
    this.#planFor = compilePlans(config, book, shared, null, sealGuard(config, slots, SEAL_SLOT))
    this.#lanes = new LaneTable(config.limits.devices)
    this.#series = new SharedSeries(book.meanings.length)
  }

  connect(c: Conversation, frame: Scanner, { will, keepAlive }: Connect): void {
    const seat = this.#seat(c, keepAlive)
    this.#seats.set(c, seat)
    this.#act.aim(seat.principal, frame, 'connect', NOWHERE)
    this.#ask(c, seat)
    if (will === undefined) return
    this.#act.aim(seat.principal, frame, 'will', seat.addresses.make(will.topic))
    this.#act.payloadStart = will.payloadStart
    this.#act.payloadEnd = will.payloadEnd
    this.#act.qos = will.qos
    this.#act.retain = will.retain
    this.#ask(c, seat)
  }

  packet(c: Conversation, frame: Scanner, step: Step, session: Session): void {
    const seat = this.#seats.get(c)
    if (seat === undefined) return
    if (step === Step.publish) {
      const address = addressOf(seat, frame, frame.fromClient ? session.up : session.down)
      if (address === null) return this.#missing.add('guards', 'a topic alias that the capture does not explain')
      this.#act.aimAtMessage(seat.principal, frame, frame.fromClient ? 'publish' : 'receive', address)
      if (frame.fromClient && this.#unsealer.slots !== null) this.#unsealer.open(this.#act, frame)
      return this.#ask(c, seat)
    }
    if (step === Step.subscribe) return this.#subscribe(c, seat, frame, session.version)
    if (step !== Step.control) return
    this.#act.aim(seat.principal, frame, 'control', NOWHERE, weightOf(frame, session.version))
    this.#ask(c, seat)
  }

  closed(c: Conversation): void {
    this.#seats.delete(c)
  }

  #subscribe(c: Conversation, seat: Seat, frame: Scanner, version: 4 | 5): void {
    const asked = readSubscribe(frame.bytes, frame.body, frame.end, version)
    if (isFault(asked)) return
    for (const [index, { text, qos }] of asked.filters.entries()) {
      this.#act.aim(
        seat.principal,
        frame,
        'subscribe',
        seat.addresses.make(text),
        index === 0 ? asked.filters.length : 0,
      )
      this.#act.qos = qos
      this.#ask(c, seat)
    }
  }

  #ask(c: Conversation, { plan, lane, scene, lacking }: Seat): void {
    for (let i = 0; i < lacking.length; i++) this.#missing.add(lacking[i][0], lacking[i][1])
    if (this.#began < 0) this.#began = this.#moment.time - 1
    scene.now = this.#moment.time - this.#began
    scene.wall = this.#moment.time
    const act = this.#act
    const outcome = this.#judge.judge(plan, act, lane, scene)
    if (outcome === Outcome.allow) return
    const judgement: Judgement = {
      decision: decisionOf(outcome) as Judgement['decision'],
      findings: this.#judge.findings,
      device: act.speaker.device,
      action: act.action,
      address: act.address.text,
      fromClient: act.direction === 'up',
    }
    for (const outlet of this.#outlets) outlet.judgement?.(c, judgement)
  }

  #seat(c: Conversation, keepAlive: number): Seat {
    const { clientId } = c.connect
    const known = this.#mapping.clientId && DEVICE_ID.test(clientId)
    const device = known ? clientId : ''
    const { roles } = this.#mapping
    const principal: Principal = {
      site: this.#config.site,
      device,
      roles: known ? roles : [],
      assurance: 'password',
      fingerprint: '',
    }
    const lacks = (guard: string): string | null => {
      if (guard === 'integrity' && this.#lacksSecret) return 'the secret of seals is not at hand'
      if (!known && NEEDS_DEVICE.has(guard)) return 'which device spoke is not known (--map client-id)'
      return (!known || roles.length === 0) && NEEDS_ROLES.has(guard) ? 'its roles are not known (--role)' : null
    }
    const all = this.#planFor(device)
    return {
      principal,
      plan: all.filter(({ guard }) => lacks(guard.name) === null),
      lacking: all.flatMap(({ guard: { name } }) => {
        const why = lacks(name)
        return why === null ? [] : [[name, why] as const]
      }),
      lane: this.#lane(known ? device : null),
      scene: { ...AT_REST, now: 0, wall: 0, neighbors: this.#series, memo: [], keepAlive: keepAlive * 1_000 },
      addresses: new AddressBook(SLOTS),
    }
  }

  /** The device's lane, or one for this connection alone where nobody is known or there are as many devices as lanes. */
  #lane(device: string | null): Lane {
    const known = device === null ? undefined : this.#laneOf.get(device)
    if (known !== undefined) return { ...known, epoch: ++this.#epoch }
    if (device === null || this.#laneOf.size >= this.#lanes.capacity) return new LaneTable(1).open(0, ++this.#epoch)
    const lane = this.#lanes.open(this.#laneOf.size, ++this.#epoch)
    this.#laneOf.set(device, lane)
    return lane
  }
}

/** What a message is about, by its topic or by what its alias stands for. */
function addressOf(seat: Seat, frame: Scanner, messages: Messages): Address | null {
  if (frame.topicEnd === frame.topicStart) return messages.alias(frame.alias)?.address ?? null
  const address = seat.addresses.find(frame.bytes, frame.topicStart, frame.topicEnd, frame.topicHash)
  if (frame.alias !== 0) messages.setAlias(frame.alias, address)
  return address
}

function weightOf(frame: Scanner, version: 4 | 5): number {
  if (frame.type !== PacketType.UNSUBSCRIBE) return 1
  const asked = readUnsubscribe(frame.bytes, frame.body, frame.end, version)
  return isFault(asked) ? 1 : asked.filters.length
}
