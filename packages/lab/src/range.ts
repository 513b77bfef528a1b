import { setTimeout as sleep } from 'node:timers/promises'
import { asEnvelope, type Seal } from '@ringwall/proof'
import { type ConnectFields, connect, DISCONNECT, publish, type Version } from './attackers/packets.ts'
import { Session, type Target } from './attackers/session.ts'
import { CONTROLLER, EDGE } from './fleet/devices.ts'
import { EdgeNode } from './fleet/edge-node.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { Telemetry } from './fleet/gauge.ts'
import type { Observer, Sighting } from './observer.ts'
import { Random } from './random.ts'
import type { Credentials, LabOptions, LedgerAccess, Limits } from './types.ts'

export const DEFAULT_LIMITS: Limits = {
  messagesPerSecond: 20,
  burst: 40,
  payloadBytes: 4096,
  connectSeconds: 10,
  levelTolerance: 0.05,
  entriesOfDevice: 60,
  entriesOfStrangers: 200,
}

const CONTROL_TIMEOUT = 5000
/** Sessions in a row that may fail before an attacker gives up. */
const PATIENCE = 3
/** Milliseconds between two of them. */
const RESPITE = 200
const FAREWELL = 500
const SHUT_OUT = 1000

/** How to dial: `place` is the number of the address to come from, where an attack has several. */
interface Dialing {
  readonly device?: string
  readonly credentials?: Credentials
  readonly tls?: Target['tls'] | 'none'
  readonly place?: number
}

interface RangeParts {
  readonly options: LabOptions
  readonly observer: Observer
  readonly fleet: Fleet
  readonly signal: AbortSignal
  /** The stolen identity that this attack uses. */
  readonly device: string
  /** Its number, for an address of its own. */
  readonly number: number
}

/** What one attack may use: a stolen identity, ways in, and the instruments that measure its effect. */
export class Range {
  readonly site: string
  readonly gateway: LabOptions['gateway']
  readonly foreign: Credentials
  readonly limits: Limits
  readonly options: LabOptions
  readonly observer: Observer
  readonly fleet: Fleet
  readonly signal: AbortSignal
  readonly device: string
  readonly devices = new Set<string>()
  readonly peers = new Set<string>()
  readonly topics = new Set<string>()
  readonly #number: number
  readonly #random: Random
  readonly #sessions = new Set<Session>()
  readonly #markers = new Set<string>()

  constructor({ options, observer, fleet, signal, device, number }: RangeParts) {
    this.options = options
    this.site = options.site
    this.gateway = options.gateway
    this.foreign = options.foreign
    this.limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.observer = observer
    this.fleet = fleet
    this.signal = signal
    this.device = device
    this.#number = number
    this.#random = new Random(options.seed + 7919 * (number + 1))
  }

  /** A topic at which the attack aims. */
  topic(device: string, leaf: string): string {
    const topic = `${this.site}/${device}/${leaf}`
    this.topics.add(topic)
    return topic
  }

  /** A word that stands in no other message, short so that it hardly changes its size, and the observer's count of those that hold it. */
  mark(): { marker: string; sighting: Sighting } {
    const marker = `x${this.#number}${this.#random.word()}`
    this.#markers.add(marker)
    return { marker, sighting: this.observer.watch(marker) }
  }

  /** The observer's count of exactly these bytes, which carry no word of their own. */
  sight(payload: Uint8Array): Sighting {
    const marker = Buffer.from(payload).toString('latin1')
    this.#markers.add(marker)
    return this.observer.watch(marker)
  }

  /** The gateway's ledger, as whoever is root on its machine has it. */
  get ledger(): LedgerAccess {
    const { ledger } = this.options
    if (!ledger) throw new Error('The lab was not told where the ledger is')
    return ledger
  }

  sleep(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: this.signal })
  }

  /** Waits until `done()` or so many milliseconds. */
  async until(done: () => boolean, timeout: number): Promise<boolean> {
    for (const end = performance.now() + timeout; performance.now() < end && !done(); ) await this.sleep(20)
    return done()
  }

  /** Opens a connection with a device's certificate, with any other credentials, without any, or in the clear. */
  async dial(how: Dialing = {}): Promise<Session> {
    this.signal.throwIfAborted()
    const { host, port, servername } = this.gateway
    const device = how.device ?? this.device
    const { key, cert, ca } = how.credentials ?? this.options.credentials[device]
    if (!how.credentials && !how.tls) this.devices.add(device)
    const session = await Session.dial({
      host,
      port,
      opened: peer => this.peers.add(peer),
      ...this.#from(how.place ?? 0),
      ...(how.tls !== 'none' && { tls: how.tls ?? { key, cert, ca, servername } }),
    })
    this.#sessions.add(session)
    return session
  }

  /** Opens an MQTT session as the stolen device. Throws if it is not let in. */
  async enter(version: Version, fields: Partial<ConnectFields> = {}): Promise<Session> {
    const session = await this.dial()
    const code = await session.login(connect({ version, clientId: this.device, ...fields }))
    if (code === 0) return session
    session.destroy()
    throw new Error(`${this.device} was not let in with its own certificate (CONNACK ${code ?? 'missing'})`)
  }

  /**
   * Publishes on the stolen device's own topic and waits for the message behind the gateway. An attack does this first:
   * if not even that comes through, an effect of 0 proves nothing.
   */
  async proveAccess(): Promise<void> {
    if (!(await this.#control())) throw new Error(`A legal message of ${this.device} did not come through`)
  }

  /**
   * Sends each of the messages, in a new session whenever the gateway has ended the last one, then one legal message:
   * once that has arrived, whatever was sent before it has been dealt with. Returns how many were sent.
   */
  async deliver(version: Version, messages: readonly Uint8Array[], gap = 20): Promise<number> {
    let session: Session | null = null
    let sent = 0
    let failures = 0
    for (const message of messages) {
      if (!session || session.closed) {
        session = await this.enter(version).catch(() => null)
        failures = session ? 0 : failures + 1
        if (failures >= PATIENCE) break
        if (!session) {
          await this.sleep(RESPITE)
          continue
        }
      }
      session.send(message)
      sent += 1
      await this.sleep(gap)
    }
    await this.#settle(session, version)
    return sent
  }

  /** An attacker has addresses of its own, so that limits by address do not hit the honest. Only Linux has all of 127.0.0.0/8. */
  #from(place: number): { localAddress?: string } {
    const own = process.platform === 'linux' && this.gateway.host.startsWith('127.')
    return own ? { localAddress: `127.66.${place}.${this.#number + 1}` } : {}
  }

  /** Ends what the attack has opened. */
  close(): void {
    for (const session of this.#sessions) session.destroy()
    for (const marker of this.#markers) this.observer.unwatch(marker)
  }

  async #settle(session: Session | null, version: Version): Promise<void> {
    if (!session || session.closed) return this.#wait()
    const { marker, sighting } = this.mark()
    session.send(this.legal(version, marker))
    await this.until(() => sighting.count > 0 || session?.closed === true, CONTROL_TIMEOUT)
    session.send(DISCONNECT)
    // A closed session proves nothing about what it sent just before: leave that its time to arrive.
    if (sighting.count === 0) await this.#wait()
  }

  /** Until a legal message came through; where the device is shut out by now, for as long as that may take. */
  async #wait(): Promise<void> {
    if (!(await this.#control())) await this.sleep(SHUT_OUT)
  }

  async #control(): Promise<boolean> {
    const { marker, sighting } = this.mark()
    const node = this.device === EDGE ? new EdgeNode(this.site, EDGE) : null
    const session = await this.enter(4, node ? { will: node.death() } : {}).catch(() => null)
    if (!session) return false
    session.send(node ? this.#births(node, marker) : this.legal(4, marker))
    const arrived = await this.until(() => sighting.count > 0, CONTROL_TIMEOUT)
    // The server closes after a DISCONNECT: wait for it, so that the attack's own session does not meet this one.
    session.send(DISCONNECT)
    await session.until(() => false, FAREWELL)
    session.destroy()
    return arrived
  }

  /** A message that the stolen device is allowed to send. */
  legal(version: Version, marker: string): Buffer {
    const mode = this.device === CONTROLLER ? this.fleet.works.controller.modeMessage(marker) : null
    if (mode) {
      const topic = this.topic(this.device, 'state')
      return publish(version, { topic, payload: JSON.stringify(mode), retain: true })
    }
    const payload = Buffer.from(JSON.stringify(this.honest(marker) ?? this.report(marker)))
    const isSealed = this.fleet.sealers.has(this.device)
    return this.telemetry(isSealed ? asEnvelope(this.seal(payload), payload) : payload, 1, version)
  }

  /** The seal of the honest device itself on its telemetry: whoever sits on its wire sees it. */
  seal(payload: Uint8Array): Seal {
    const sealer = this.fleet.sealers.get(this.device)
    if (!sealer) throw new Error(`${this.device} does not seal`)
    return sealer.seal(this.topic(this.device, 'telemetry'), payload)
  }

  /** A telemetry message of the stolen device with the QoS that it always has. */
  telemetry(payload: string | Uint8Array, packetId: number, version: Version = 4): Buffer {
    const qos = this.fleet.works.reporters.get(this.device)?.qos ?? 0
    return publish(version, { topic: this.topic(this.device, 'telemetry'), payload, qos }, packetId)
  }

  #births(node: EdgeNode, marker: string): Buffer {
    const births = node.births(this.fleet.works.edge.values(), Date.now(), marker)
    return Buffer.concat(births.map(message => publish(4, message)))
  }

  /**
   * What the honest device whose place it takes would report next, with a marker; null where it reports nothing.
   * @param value instead of a true one.
   */
  honest(marker: string, value?: number): Telemetry | null {
    const gauge = this.fleet.works.reporters.get(this.device)?.gauge
    if (!gauge) return null
    return gauge.compose(value ?? gauge.read(this.fleet.truth(this.device)), Date.now(), marker)
  }

  /** Telemetry in the shape of an honest device's, with a marker in it. */
  report(marker: string, value = 1): Record<string, unknown> {
    return {
      trace: marker,
      n: 0,
      ts: Date.now(),
      site: this.site,
      device: this.device,
      quantity: 'level',
      value,
      unit: 'm',
    }
  }
}
