import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { ManualClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { noCounts } from '../contract/counts.ts'
import type { Act, Guard, Lane, Mode, Principal, Report, Scene } from '../contract/index.ts'
import { SharedSeries } from '../lanes/series.ts'
import { LaneTable } from '../lanes/table.ts'
import type { SealSlots } from '../seals/slots.ts'
import { Session } from '../session/session.ts'
import { Connector } from '../upstream/connector.ts'
import { Link } from '../upstream/link.ts'
import { Mirror } from '../upstream/mirror.ts'
import { Slab } from '../upstream/slab.ts'
import { ActView } from './act.ts'
import { Budget } from './budget.ts'
import { socketGone } from './close.ts'
import { Connection } from './connection.ts'
import { NO_EVIDENCE } from './evidence.ts'
import { Judge } from './judge.ts'
import { type ConnectParts, connack, connect } from './packets.testkit.ts'
import { receive, resume } from './receive.ts'
import { Run } from './run.ts'
import { Surroundings } from './surroundings.ts'
import { Unsealer } from './unseal.ts'
import { VerdictBook } from './verdict.ts'
import type { LaneAnswer, Policies, Way } from './way.ts'

/** A socket that notes what is written to it and what is done with it. */
export class FakeSocket extends EventEmitter {
  readonly written: Buffer[] = []
  readonly done: string[] = []
  /** What `write` answers: false where the peer takes nothing more. */
  takes = true
  writableLength = 0

  get writableNeedDrain(): boolean {
    return !this.takes
  }

  destroyed = false
  paused = false

  write(bytes: Uint8Array): boolean {
    if (this.done.includes('end')) this.emit('error', new Error('write after end'))
    this.written.push(Buffer.from(bytes))
    return this.takes
  }

  end(): void {
    this.done.push('end')
  }

  destroy(): void {
    this.destroyed = true
    this.done.push('destroy')
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  /** All that was written since the last call. */
  take(): Buffer {
    return Buffer.concat(this.written.splice(0))
  }
}

/** A guard made of one function; its name decides the reason code that a device is told. */
export function guard(
  judge: (act: Act, report: Report, scene: Scene, lane: Lane) => void,
  name = 'access',
  mode: Exclude<Mode, 'off'> = 'enforce',
): { guard: Guard; mode: Exclude<Mode, 'off'> } {
  return {
    guard: { name, ring: 'network', judge: (act, lane, scene, report) => judge(act, report, scene, lane) },
    mode,
  }
}

/** Refuses all acts on addresses that hold this word. */
export const refusing = (word = 'bad', name = 'access', mode: Exclude<Mode, 'off'> = 'enforce') =>
  guard((act, report) => (act.address.text.includes(word) ? report.add('denied', `no ${word}`) : undefined), name, mode)

export interface BenchOptions {
  readonly plan?: Connection['plan']
  readonly policies?: Partial<Policies>
  readonly lease?: LaneAnswer | Promise<LaneAnswer>
  /** What reaching the broker comes to, where not to a link. */
  readonly unreachable?: Error
  readonly budget?: number
  readonly validUntil?: number
  /** Where seals are verified. */
  readonly slots?: SealSlots
}

const POLICIES: Policies = {
  connectTimeout: 5_000,
  maxKeepAlive: 3_600_000,
  refused: 'acknowledge',
  packet: 100_000,
  aliases: 5,
  inflight: 10,
  authMethods: ['SCRAM-1'],
  stripsSeals: false,
}

/** One connection on a straight way whose ends are in the hands of the test. */
export class Bench {
  readonly clock = new ManualClock()
  readonly socket = new FakeSocket()
  readonly broker = new FakeSocket()
  readonly gone: Connection[] = []
  readonly asked: Principal[] = []
  readonly slab = new Slab()
  readonly way: Way
  readonly c: Connection

  constructor(options: BenchOptions = {}) {
    const policies = { ...POLICIES, ...options.policies }
    const mirror = new Mirror(
      new Connector({ host: '127.0.0.1', port: 1, timeout: 1 }, this.slab),
      { kind: 'client-id', password: null },
      policies,
    )
    this.way = {
      clock: this.clock,
      log: silentLog,
      judge: new Judge(),
      book: new VerdictBook('0'),
      evidence: NO_EVIDENCE,
      act: new ActView(),
      unsealer: new Unsealer(options.slots ?? null),
      up: new Run(),
      down: new Run(),
      budget: new Budget(options.budget ?? 1e6),
      counts: noCounts(),
      upstream: {
        connect: async principal => {
          this.asked.push(principal)
          if (options.unreachable !== undefined) throw options.unreachable
          return new Link(this.broker as unknown as Socket, this.slab)
        },
        connectPacket: (c, frame) => mirror.connectPacket(c, frame),
        connackPacket: (c, frame) => mirror.connackPacket(c, frame),
        subscribePacket: (c, frame, reasons) => mirror.subscribePacket(c, frame, reasons),
        subackPacket: (c, frame, reasons) => mirror.subackPacket(c, frame, reasons),
        publishPacket: (c, frame, topic) => mirror.publishPacket(c, frame, topic),
        unsealedPacket: (c, frame, topic, opened) => mirror.unsealedPacket(c, frame, topic, opened),
      },
      policies,
      surroundings: new Surroundings(),
      resume: (c, reason) => resume(c, reason, this.way),
      lease: async () => options.lease ?? new LaneTable(1).open(0, 1),
      heaviest: () => this.c,
      gone: c => this.gone.push(c),
    }
    this.c = new Connection({
      neighbors: new SharedSeries(0),
      id: 1,
      socket: this.socket as unknown as TLSSocket,
      principal: { site: 'mill-3', device: 'pump-1', roles: ['sensor'], assurance: 'certificate', fingerprint: '' },
      peer: '192.0.2.1:5000',
      plan: options.plan ?? [],
      slots: 3,
      session: new Session(policies.inflight),
      maxPacket: policies.packet,
      validUntil: options.validUntil ?? Number.POSITIVE_INFINITY,
      now: this.clock.now(),
    })
    this.socket.on('close', () => socketGone(this.c, this.way))
  }

  /** The device sends. */
  device(...packets: Uint8Array[]): void {
    for (const bytes of packets) receive(this.c, bytes, this.way)
  }

  /** The broker sends. */
  server(...packets: Uint8Array[]): void {
    for (const bytes of packets) this.broker.emit('data', Buffer.from(bytes))
  }

  /** What reached the broker since the last call. */
  toBroker(): Buffer {
    this.slab.cut()
    return this.broker.take()
  }

  /** What reached the device since the last call. */
  toDevice(): Buffer {
    return this.socket.take()
  }

  /** Sends a CONNECT and waits until all that it sets off is done. */
  async open(parts: ConnectParts = {}): Promise<void> {
    this.device(connect(parts))
    await settled()
  }

  /** Brings a session about, and forgets the packets that did. */
  async establish(parts: ConnectParts = {}, properties: readonly number[] = []): Promise<this> {
    await this.open(parts)
    this.server(connack(parts.version ?? 5, 0, properties))
    this.toBroker()
    this.toDevice()
    this.way.book.take()
    return this
  }

  /** Decisions taken down since the last call, as `decision guard:code`. */
  verdicts(): string[] {
    return this.way.book
      .take()
      .verdicts.map(({ decision, findings: [first] }) => `${decision} ${first.guard}:${first.code}`)
  }
}

/** Lets all promises that wait for nothing else come to their end. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
