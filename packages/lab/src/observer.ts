import { readEnvelope, SealView } from '@ringwall/proof'
import mqtt, { type MqttClient } from 'mqtt'
import { closeClient, connected } from './fleet/client.ts'
import { readObject } from './fleet/command.ts'
import { EDGE } from './fleet/devices.ts'
import { fingerprint } from './fleet/fingerprint.ts'

/** Latencies kept for percentiles. */
const SAMPLES = 1000
/** Markers stand in the first bytes of a payload. */
const MARKER_WITHIN = 512

/** What arrived behind the gateway with one marker in it. */
export interface Sighting {
  count: number
  /** Monotonic milliseconds of the last one. */
  last: number
  /** How many by topic. */
  readonly topics: Map<string, number>
}

/**
 * A privileged client of the broker behind the gateway: it sees everything that came through, without passing the gateway.
 * It counts honest telemetry by device and sequence number, and attackers' messages by the markers in them.
 */
export class Observer {
  /** The newest MQTT that the broker speaks: 4 is 3.1.1, 5 is 5.0. */
  readonly version: 4 | 5
  readonly #client: MqttClient
  readonly #url: string
  readonly #site: string
  readonly #seen = new Map<string, Set<number>>()
  readonly #watched = new Map<string, Sighting>()
  readonly #latencies: number[] = []
  #arrived = 0
  /** Telemetry messages seen, each once. */
  delivered = 0

  private constructor(url: string, site: string, version: 4 | 5) {
    this.#url = url
    this.#site = site
    this.version = version
    this.#client = open(url, 'watch', version)
    this.#client.on('message', (topic, payload, packet) => {
      if (!packet.retain) this.#see(topic, unsealed(payload))
    })
  }

  /** Connects, with MQTT 5.0 if the broker speaks it, and subscribes to everything. Fails if the broker cannot be reached. */
  static async start(url: string, site: string): Promise<Observer> {
    let observer = new Observer(url, site, 5)
    await connected(observer.#client).catch(() => {
      observer = new Observer(url, site, 4)
      return connected(observer.#client)
    })
    // No stored messages (`rh`), and none that look stored although they are new (`rap`).
    await observer.#client.subscribeAsync('#', { qos: 1, rh: 2, rap: false })
    return observer
  }

  /** Whether this telemetry message came through. */
  readonly saw = (device: string, n: number): boolean => this.#seen.get(device)?.has(n) ?? false

  /** Whether it has seen everything up to now. An observer that was cut off has not, so it never reconnects. */
  get connected(): boolean {
    return this.#client.connected
  }

  /** Begins to count the messages that hold `marker`. */
  watch(marker: string): Sighting {
    const sighting: Sighting = { count: 0, last: 0, topics: new Map() }
    this.#watched.set(marker, sighting)
    return sighting
  }

  /** Publishes at the broker itself, as somebody who has come in behind the gateway would. */
  async inject(topic: string, payload: string): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1 })
  }

  /** What is said on a topic within so many milliseconds. */
  async record(topic: string, milliseconds: number): Promise<Uint8Array[]> {
    const payloads: Uint8Array[] = []
    const hear = (said: string, payload: Buffer): void => {
      if (said === topic) payloads.push(Buffer.from(payload))
    }
    this.#client.on('message', hear)
    await new Promise(resolve => setTimeout(resolve, milliseconds))
    this.#client.off('message', hear)
    return payloads
  }

  unwatch(marker: string): void {
    this.#watched.delete(marker)
  }

  /** Milliseconds from publish to arrival here, over the last messages; 0 while there are none. */
  get latency(): { p50: number; p99: number } {
    const sorted = this.#latencies.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
    return { p50: at(0.5), p99: at(0.99) }
  }

  /** The retained messages that a subscriber who comes now is given, by topic. */
  async retained(topics: readonly string[], wait = 700): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    const client = open(this.#url, 'fresh', this.version)
    client.on('message', (topic, payload, packet) => {
      if (packet.retain) found.set(topic, payload.toString('utf8'))
    })
    try {
      await connected(client)
      for (const topic of topics) await client.subscribeAsync(topic, { qos: 1 })
      await new Promise(resolve => setTimeout(resolve, wait))
      return found
    } finally {
      await closeClient(client)
    }
  }

  /** Removes retained messages that an attack has left. */
  async erase(topics: readonly string[]): Promise<void> {
    const options = { retain: true } as const
    const last = topics.at(-1)
    if (last === undefined) return
    for (const topic of topics.slice(0, -1)) this.#client.publish(topic, '', { ...options, qos: 0 })
    // One acknowledgement for all of them: a broker takes a client's messages in their order.
    await this.#client.publishAsync(last, '', { ...options, qos: 1 })
  }

  end(): Promise<void> {
    return closeClient(this.#client)
  }

  #see(topic: string, payload: Buffer): void {
    if (this.#watched.size > 0 && this.#match(topic, payload)) return
    if (topic.startsWith(`spBv1.0/${this.#site}/`)) {
      this.#count(EDGE, fingerprint(payload))
      return
    }
    const [site, device, leaf] = topic.split('/')
    if (site !== this.#site || leaf !== 'telemetry') return
    const message = readObject(payload.length > MARKER_WITHIN ? payload.subarray(0, 0) : payload)
    // A forged message may not stand in for an honest one, so the sender's own name must be in it and no attacker's word.
    if (message?.['device'] !== device || typeof message['n'] !== 'number' || 'trace' in message) return
    if (!this.#count(device, message['n'])) return
    if (typeof message['ts'] === 'number') {
      this.#latencies[this.#arrived % SAMPLES] = Date.now() - message['ts']
      this.#arrived += 1
    }
  }

  /** Counts a message once; says whether it is new. */
  #count(device: string, n: number): boolean {
    const numbers = this.#seen.get(device) ?? new Set()
    this.#seen.set(device, numbers)
    if (numbers.has(n)) return false
    numbers.add(n)
    this.delivered += 1
    return true
  }

  /** Whether it is the message of an attacker. */
  #match(topic: string, payload: Buffer): boolean {
    let matched = false
    const text = payload.toString('latin1', 0, MARKER_WITHIN)
    for (const [marker, sighting] of this.#watched) {
      if (!text.includes(marker)) continue
      matched = true
      sighting.count += 1
      sighting.last = performance.now()
      sighting.topics.set(topic, (sighting.topics.get(topic) ?? 0) + 1)
    }
    return matched
  }
}

/** A payload without its envelope, where nobody on the way has taken it off. */
function unsealed(payload: Buffer): Buffer {
  const start = readEnvelope(payload, 0, payload.length, view)
  return start > 0 ? payload.subarray(start) : payload
}

const view = new SealView()
let opened = 0

function open(url: string, purpose: string, protocolVersion: 4 | 5): MqttClient {
  opened += 1
  const clientId = `ringwall-lab-${purpose}-${process.pid}-${opened}`
  const client = mqtt.connect(url, { clientId, protocolVersion, clean: true, reconnectPeriod: 0 })
  client.on('error', () => {})
  return client
}
