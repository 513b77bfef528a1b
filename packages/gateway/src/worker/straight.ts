import { Reason } from '@ringwall/wire'
import { systemClock } from '../base/clock.ts'
import { flowing } from '../base/flowing.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import type { Finding } from '../contract/index.ts'
import { Recorder } from '../evidence/recorder.ts'
import type { Admission } from '../gate/admission.ts'
import { Listener, type Peer } from '../gate/listener.ts'
import { trustedProxies } from '../gate/proxy.ts'
import { compileIdentity, type Identify } from '../identity/certificate.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import { SharedCounters } from '../lanes/counters.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { SharedSeries } from '../lanes/series.ts'
import { LaneTable } from '../lanes/table.ts'
import { cut, end, NO_BYTES, noteFloor, socketGone } from '../path/close.ts'
import { Connection, Halt } from '../path/connection.ts'
import type { Plan } from '../path/judge.ts'
import { receive } from '../path/receive.ts'
import { shield } from '../path/shield.ts'
import { sweep } from '../path/sweep.ts'
import type { Way } from '../path/way.ts'
import { SparkplugDesk } from '../profile/sparkplug.ts'
import { Session } from '../session/session.ts'
import type { Mirror } from '../upstream/mirror.ts'
import { Slab } from '../upstream/slab.ts'
import {
  admission,
  admissionOf,
  bookOf,
  budgetOf,
  credentialsOf,
  looksAtEvidence,
  mirrorOf,
  policiesOf,
  rulesOf,
  wayOf,
} from './compose.ts'
import { LEAVE, REVOKED, TAKEN_OVER } from './farewell.ts'
import { LatencyMeter } from './latency.ts'
import { Leases } from './leases.ts'
import type { Notice, Order, Report, WorkerStart } from './messages.ts'
import { Moderation } from './moderation.ts'
import { compilePlans, type SharedMemory, SLOTS } from './plan.ts'
import { renew } from './renewal.ts'
import { Turn } from './turn.ts'
import { TurnClock } from './turn-clock.ts'

/** One worker's straight way: its listener, its connections, and what it asks of the main thread. */
export class Straight {
  readonly #tell: (notice: Notice) => void
  readonly #shared: SharedMemory
  readonly #admission: Admission
  readonly #listener: Listener
  readonly #mirror: Mirror
  readonly #way: Way
  readonly #turn: Turn
  readonly #moderation: Moderation
  readonly #sparkplug = new SparkplugDesk()
  readonly #latency = new LatencyMeter()
  readonly #connections = new Map<number, Connection>()
  readonly #leases: Leases
  readonly #recorder = new Recorder()
  #config: Config
  #identify: Identify
  #planFor: (device: string) => Plan
  #series: SharedSeries
  #number = 0
  #draining = false

  constructor(start: WorkerStart, log: Log, tell: (notice: Notice) => void) {
    const { config, material, index } = start
    this.#config = config
    this.#tell = tell
    this.#leases = new Leases(new LaneTable(start.lanes), tell)
    this.#shared = {
      topics: new SharedLimits(start.topics, start.seed),
      approvals: new SharedApprovals(start.approvals, start.approvalsKey),
    }
    const limits = new SharedLimits(start.limits, start.seed)
    this.#admission = admission(config, limits, new SharedCounters(start.counters, config.listen.mqtts.workers), index)
    this.#series = new SharedSeries(start.series)
    this.#identify = compileIdentity(config)
    const book = bookOf(config, material, this.#sparkplug)
    this.#planFor = compilePlans(config, book, this.#shared, rulesOf(config, material))
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
    this.#recorder.recording = looksAtEvidence(config)
    this.#mirror = mirrorOf(config, material, slab)
    this.#way = wayOf(
      config,
      start.generation === 0 ? `${index}` : `${index}.${start.generation}`,
      this.#mirror,
      log,
      clock,
      {
        evidence: this.#recorder,
        lease: connection => this.#leases.ask(connection),
        gone: connection => this.#gone(connection),
        heaviest: () => this.#heaviest(),
      },
    )
    const { host, workers, proxyProtocol, gather } = config.listen.mqtts
    this.#moderation = new Moderation(this.#way.counts, gather)
    const options = {
      host,
      port: start.port,
      shared: workers > 1,
      handshakeTimeout: config.limits.handshakeTimeout,
      handshakes: Math.ceil(config.limits.handshakes / workers),
      trustedProxy: proxyProtocol === undefined ? null : trustedProxies(proxyProtocol.trusted),
    }
    const events = {
      peer: (peer: Peer) => this.#welcome(peer),
      turnedAway: (address: string, port: number, code: string, why: string) =>
        this.#turnedAway(address, port, code, why),
    }
    this.#listener = new Listener(options, credentialsOf(material), this.#admission, events, systemClock)
  }

  listen(): Promise<number> {
    return this.#listener.listen()
  }

  /** Obeys the main thread. */
  obey(order: Order): void {
    if (order.kind === 'configure') return this.#configure(order)
    if (order.kind === 'drain') return this.#drain()
    if (order.kind === 'lease') return this.#leases.answered(order)
    const connection = this.#connections.get(order.session)
    if (connection === undefined || connection.closing) return
    if (order.kind === 'revoke') return this.#revoke(connection, Reason.SESSION_TAKEN_OVER, TAKEN_OVER)
    // A holder that has stood still for long, its broker or itself taking nothing, is not worth waiting for.
    const stuck = (connection.halted & (Halt.full | Halt.deaf)) !== 0 && systemClock.now() - connection.haltedAt > STUCK
    if (stuck) return this.#revoke(connection, Reason.SESSION_TAKEN_OVER, TAKEN_OVER)
    // The kernel asks the peer from now on: one that is gone is found out within seconds, so that its device can come back.
    connection.socket.setKeepAlive(true, 1_000)
    this.#tell({ kind: 'alive', session: order.session, device: connection.principal.device })
  }

  /** Looks after deadlines; to be called some times a second. */
  sweep(): void {
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
    }
  }

  #welcome(peer: Peer): void {
    const { socket, address, port } = peer
    socket.on('error', ignore)
    const principal = this.#identify(peer.certificate)
    if ('code' in principal) {
      this.#turnedAway(address, port, principal.code, principal.why)
      return void socket.destroy()
    }
    const c = new Connection({
      id: this.#number++,
      socket,
      principal,
      peer: `${address}:${port}`,
      plan: this.#planFor(principal.device),
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
    const began = this.#latency.begin()
    shield(c, this.#way, () => receive(c, chunk, this.#way))
    this.#latency.end(began)
  }

  #revoke(c: Connection, reason: number, found: typeof TAKEN_OVER): void {
    noteFloor(c, this.#way, 'disconnect', found, { action: 'connect', ...NO_BYTES })
    end(c, reason, found.code, this.#way)
  }

  #heaviest(): Connection | null {
    let heaviest: Connection | null = null
    for (const c of this.#connections.values()) {
      if (!c.closing && c.charged > (heaviest?.charged ?? 0)) heaviest = c
    }
    return heaviest
  }

  #gone(c: Connection): void {
    this.#connections.delete(c.id)
    // Only the connection that holds the lane has been judged as its device's.
    if (c.lane !== null) this.#sparkplug.forget(c.principal.device)
    this.#leases.release(c)
  }

  #turnedAway(address: string, port: number, code: string, why: string): void {
    const finding: Finding = { guard: 'floor', severity: 'medium', code, clause: '', why }
    const subject = {
      device: '',
      peer: `${address}:${port}`,
      direction: 'up',
      action: 'handshake',
      address: '',
    } as const
    this.#way.book.note('disconnect', [finding], { ...subject, ...NO_BYTES }, systemClock.wall())
  }

  #configure({ config, material, series }: Order & { kind: 'configure' }): void {
    const book = bookOf(config, material, this.#sparkplug)
    const planFor = compilePlans(config, book, this.#shared, rulesOf(config, material))
    this.#config = config
    this.#series = new SharedSeries(series)
    this.#identify = compileIdentity(config)
    this.#planFor = planFor
    this.#admission.configure(admissionOf(config))
    this.#listener.renew(credentialsOf(material))
    const policies = policiesOf(config)
    this.#mirror.limits = policies
    this.#recorder.recording = looksAtEvidence(config)
    this.#moderation.pause = config.listen.mqtts.gather
    this.#way.policies = policies
    this.#way.budget.limit = budgetOf(config)
    void renew([...this.#connections.values()], {
      config,
      identify: this.#identify,
      planFor,
      series: this.#series,
      book,
      sparkplug: this.#sparkplug,
      current: () => this.#config === config,
      revoke: c => this.#revoke(c, Reason.NOT_AUTHORIZED, REVOKED),
    })
  }

  /** Accepts no more and takes leave of everybody: with a DISCONNECT upstream, so that no will is sent. */
  #drain(): void {
    this.#draining = true
    this.#listener.close()
    for (const c of this.#connections.values()) {
      if (!c.closing) c.link?.send(LEAVE, 0, LEAVE.length)
      end(c, Reason.SERVER_SHUTTING_DOWN, 'server_shutting_down', this.#way)
    }
    setTimeout(() => this.#connections.forEach(cut), DRAIN_TIME).unref()
    this.sweep()
  }
}

/** A session that has stood still for so many milliseconds gives way to its device's next one. */
const STUCK = 5_000
/** After so many silent milliseconds the kernel asks whether a peer is still there. */
const SILENT = 60_000
/** How long a drain may take, in milliseconds. */
const DRAIN_TIME = 3_000

function ignore(): void {}
