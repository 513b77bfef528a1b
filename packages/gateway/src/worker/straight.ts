import { Reason } from '@ringwall/wire'
import { systemClock } from '../base/clock.ts'
import { flowing } from '../base/flowing.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import { Recorder } from '../evidence/recorder.ts'
import { Secrets } from '../evidence/secret.ts'
import type { Admission } from '../gate/admission.ts'
import { Listener, type Peer } from '../gate/listener.ts'
import { compileIdentity, type Identify } from '../identity/certificate.ts'
import type { SharedBlocks } from '../lanes/blocks.ts'
import { SharedSeries } from '../lanes/series.ts'
import { heaviest } from '../path/charge.ts'
import { end, noteTurnedAway, socketGone } from '../path/close.ts'
import { Connection, Halt } from '../path/connection.ts'
import type { Plan } from '../path/judge.ts'
import { receive } from '../path/receive.ts'
import { shield } from '../path/shield.ts'
import { Surroundings } from '../path/surroundings.ts'
import { sweep } from '../path/sweep.ts'
import type { Way } from '../path/way.ts'
import { SparkplugDesk } from '../profile/sparkplug.ts'
import { Session } from '../session/session.ts'
import type { Mirror } from '../upstream/mirror.ts'
import { Slab } from '../upstream/slab.ts'
import { Backpressure } from './backpressure.ts'
import {
  admission,
  admissionOf,
  bookOf,
  budgetOf,
  credentialsOf,
  listenerOf,
  loadBoundsOf,
  looksAtEvidence,
  mirrorOf,
  modeSourceOf,
  policiesOf,
  wayOf,
} from './compose.ts'
import { expel, isTurnedAway } from './expulsion.ts'
import { REVOKED } from './farewell.ts'
import { LatencyMeter } from './latency.ts'
import { Leases } from './leases.ts'
import { takeLeave } from './leave.ts'
import { LoadMeter } from './load.ts'
import { openMemory } from './memory.ts'
import type { Notice, Order, Report, WorkerStart } from './messages.ts'
import { Moderation } from './moderation.ts'
import { type SharedMemory, SLOTS } from './plan.ts'
import { plansFor } from './plans.ts'
import { WorkerRecording } from './recording.ts'
import { renew } from './renewal.ts'
import { FreshTopics } from './rhythms.ts'
import { sealSlotsOf } from './seals.ts'
import { obeySession, revoke } from './session-orders.ts'
import { Turn } from './turn.ts'
import { TurnClock } from './turn-clock.ts'

/** One worker's straight way: its listener, its connections, and what it asks of the main thread. */
export class Straight {
  readonly #tell: (notice: Notice) => void
  readonly #shared: SharedMemory
  readonly #blocks: SharedBlocks
  readonly #admission: Admission
  readonly #listener: Listener
  readonly #mirror: Mirror
  readonly #way: Way
  readonly #turn: Turn
  readonly #moderation: Moderation
  readonly #sparkplug = new SparkplugDesk()
  readonly #latency = new LatencyMeter()
  readonly #load: LoadMeter
  readonly #topics = new FreshTopics()
  readonly #connections = new Map<number, Connection>()
  readonly #leases: Leases
  readonly #recording: WorkerRecording
  readonly #recorder: Recorder
  readonly #backpressure: Backpressure
  #config: Config
  #identify: Identify
  #planFor: (device: string, isBypassed: boolean) => Plan
  #isBypassed: boolean
  #series: SharedSeries
  #number = 0
  #draining = false

  constructor(start: WorkerStart, log: Log, tell: (notice: Notice) => void) {
    const { config, material, index } = start
    this.#config = config
    this.#tell = tell
    const memory = openMemory(start)
    const { topics, approvals, standing } = memory
    this.#leases = new Leases(memory.lanes, tell)
    this.#shared = { topics, approvals, standing, named: this.#topics.note }
    this.#blocks = memory.blocks
    this.#isBypassed = start.isBypassed
    this.#admission = admission(config, memory, index)
    this.#series = new SharedSeries(start.series)
    this.#identify = compileIdentity(config)
    const book = bookOf(config, material, this.#sparkplug)
    const seals = sealSlotsOf(config, material.sealSecret)
    this.#planFor = plansFor(config, material, book, this.#shared, seals)
    this.#load = new LoadMeter(loadBoundsOf(config))
    const clock = new TurnClock()
    const slab = new Slab(() => this.#turn.need())
    this.#turn = new Turn(
      clock,
      (c, chunk) => this.#received(c, chunk),
      () => {
        slab.cut()
        this.#moderation.turn(systemClock.now())
      },
    )
    this.#recorder = new Recorder(new Secrets(start.approvalsKey))
    this.#recorder.recording = looksAtEvidence(config)
    this.#backpressure = new Backpressure(config, start.hold, this.#recorder, this.#connections)
    this.#mirror = mirrorOf(config, material, slab)
    const name = start.generation === 0 ? `${index}` : `${index}.${start.generation}`
    this.#way = wayOf(config, name, this.#mirror, log, clock, {
      evidence: this.#recorder,
      surroundings: new Surroundings(standing, modeSourceOf(config, book)),
      lease: connection => this.#leases.ask(connection),
      gone: connection => this.#gone(connection),
      heaviest: () => heaviest(this.#connections.values()),
    })
    this.#recording = new WorkerRecording(index, this.#way.judge, memory, this.#sparkplug)
    this.#recording.configure({ config, material, planFor: this.#planFor, series: this.#series, seals })
    this.#way.unsealer.slots = seals
    this.#recording.turn(start.recording)
    this.#moderation = new Moderation(this.#way.counts, config.listen.mqtts.gather)
    const events = {
      peer: (peer: Peer) => this.#welcome(peer),
      turnedAway: (address: string, port: number, code: string, why: string) =>
        noteTurnedAway({ device: '', peer: `${address}:${port}` }, code, why, this.#way),
    }
    this.#listener = new Listener(
      listenerOf(config, start.port),
      credentialsOf(material),
      this.#admission,
      events,
      systemClock,
    )
  }

  listen(): Promise<number> {
    return this.#listener.listen()
  }

  /** Obeys the main thread. */
  obey(order: Order): void {
    if (order.kind === 'configure') return this.#configure(order)
    if (order.kind === 'drain') return this.#drain()
    if (order.kind === 'lease') return this.#leases.answered(order)
    if (order.kind === 'record') return this.#recording.turn(order.ring)
    if (order.kind === 'expel') return expel(this.#connections.values(), this.#blocks, this.#way)
    if (order.kind === 'bypass') return this.#bypass(order.isBypassed)
    const connection = this.#connections.get(order.session)
    if (connection === undefined || connection.closing) return
    obeySession(connection, order, this.#way, this.#tell)
    // What a person decides of a device's rhythm changes its lane.
    if (order.kind === 'rhythm' && connection.lane !== null) this.#recording.forget(connection.lane.index)
  }

  /** Comes to the load tier; to be called some times a second. @param late by how many milliseconds it is called too late */
  measure(late: number): void {
    const { budget, surroundings } = this.#way
    surroundings.tier = this.#load.look(systemClock.now(), late, budget.used / budget.limit)
  }

  /** Looks after deadlines; to be called some times a second. */
  sweep(): void {
    this.#backpressure.release(this.#way.resume)
    sweep(this.#connections.values(), this.#way)
    if (this.#draining && this.#connections.size === 0) {
      this.#draining = false
      this.#tell({ kind: 'report', report: this.report() })
      this.#tell({ kind: 'drained' })
    }
  }

  report(): Report {
    const { counts, book, budget } = this.#way
    return {
      counts: { ...counts },
      connections: this.#connections.size,
      buffered: budget.used,
      ...book.take(),
      evidence: this.#recorder.take(),
      latencies: this.#latency.take(),
      topics: this.#topics.take(),
      tier: this.#load.tier,
    }
  }

  #welcome(peer: Peer): void {
    const { socket, address, port } = peer
    socket.on('error', ignore)
    const principal = this.#identify(peer.certificate)
    if ('code' in principal) {
      noteTurnedAway({ device: '', peer: `${address}:${port}` }, principal.code, principal.why, this.#way)
      return void socket.destroy()
    }
    if (isTurnedAway(principal.device, `${address}:${port}`, this.#blocks, this.#way)) return void socket.destroy()
    const c = new Connection({
      id: this.#number++,
      socket,
      principal,
      peer: `${address}:${port}`,
      plan: this.#planFor(principal.device, this.#isBypassed),
      neighbors: this.#series,
      slots: SLOTS,
      session: new Session(this.#config.session.inflight),
      maxPacket: this.#config.limits.packet,
      validUntil: peer.certificate.validToDate.getTime(),
      now: systemClock.now(),
    })
    c.scanner.strict = this.#config.session.strict
    this.#connections.set(c.id, c)
    this.#way.counts.accepted++
    this.#recorder.opened(c, systemClock.wall())
    // A peer that vanished without a word is found out in the end, whatever its keep-alive.
    socket.setKeepAlive(true, SILENT)
    flowing(socket)
    socket.on('data', chunk => this.#turn.take(c, chunk as Buffer))
    socket.on('drain', () => {
      c.link?.resume()
      this.#way.resume(c, Halt.deaf)
    })
    socket.on('close', () => {
      this.#turn.drain()
      socketGone(c, this.#way)
    })
    if (this.#draining) end(c, Reason.SERVER_SHUTTING_DOWN, 'server_shutting_down', this.#way)
  }

  #received(c: Connection, chunk: Buffer): void {
    this.#backpressure.check(c)
    const began = this.#latency.begin()
    shield(c, this.#way, () => receive(c, chunk, this.#way))
    this.#latency.end(began)
  }

  /** Changes the modes of all living connections; what their guards know of them stays. */
  #bypass(isBypassed: boolean): void {
    this.#isBypassed = isBypassed
    for (const c of this.#connections.values()) c.plan = this.#planFor(c.principal.device, isBypassed)
  }

  #gone(c: Connection): void {
    this.#connections.delete(c.id)
    // Only the connection that holds the lane has been judged as its device's.
    if (c.lane !== null) this.#sparkplug.forget(c.principal.device)
    this.#leases.release(c)
  }

  #configure({ config, material, series }: Order & { kind: 'configure' }): void {
    const book = bookOf(config, material, this.#sparkplug)
    const seals = sealSlotsOf(config, material.sealSecret)
    const planFor = plansFor(config, material, book, this.#shared, seals)
    this.#config = config
    this.#series = new SharedSeries(series)
    this.#identify = compileIdentity(config)
    this.#planFor = planFor
    this.#recording.configure({ config, material, planFor: this.#planFor, series: this.#series, seals })
    this.#admission.configure(admissionOf(config))
    this.#listener.renew(credentialsOf(material))
    const policies = policiesOf(config)
    this.#mirror.limits = policies
    this.#recorder.recording = looksAtEvidence(config)
    this.#moderation.pause = config.listen.mqtts.gather
    this.#way.unsealer.slots = seals
    this.#way.policies = policies
    this.#way.budget.limit = budgetOf(config)
    this.#way.surroundings.mode = modeSourceOf(config, book)
    this.#load.bounds = loadBoundsOf(config)
    void renew([...this.#connections.values()], {
      config,
      identify: this.#identify,
      planFor: device => planFor(device, this.#isBypassed),
      series: this.#series,
      book,
      sparkplug: this.#sparkplug,
      current: () => this.#config === config,
      revoke: c => revoke(c, Reason.NOT_AUTHORIZED, REVOKED, this.#way),
    })
  }

  /** Accepts no more and takes leave of everybody: with a DISCONNECT upstream, so that no will is sent. */
  #drain(): void {
    this.#draining = true
    this.#listener.close()
    takeLeave(this.#connections, this.#way)
    this.sweep()
  }
}

/** After so many silent milliseconds the kernel asks whether a peer is still there. */
const SILENT = 60_000
function ignore(): void {}
