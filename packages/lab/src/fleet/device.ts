import { type SealedDevice, sealMessage } from '@ringwall/device'
import type { MqttClient } from 'mqtt'
import { type ClientOptions, closeClient, connected, openClient } from './client.ts'
import { farewell, type Line, type Outgoing, type Subscription } from './line.ts'

/** A device's real MQTT session. Counts how often it was thrown out, and falls silent where somebody else takes its place. */
export class Device implements Line {
  readonly name: string
  /** Sessions that ended although the device did not end them. */
  dropped = 0
  readonly #client: MqttClient
  readonly #site: string
  readonly #farewell: Outgoing | null
  readonly #sealer: SealedDevice | undefined
  #ending = false
  #up = false

  constructor(options: ClientOptions) {
    this.name = options.device
    this.#site = options.site
    this.#sealer = options.sealer
    const offline = farewell(this)
    this.#farewell = options.will ? null : offline
    this.#client = openClient({ will: () => offline, ...options })
    this.#client.on('connect', () => {
      this.#up = true
    })
    this.#client.on('close', () => {
      if (this.#up && !this.#ending) this.dropped += 1
      this.#up = false
    })
  }

  get connected(): boolean {
    return this.#client.connected && !this.#ending
  }

  wall(): number {
    return Date.now()
  }

  topic(leaf: string): string {
    return `${this.#site}/${this.name}/${leaf}`
  }

  send({ topic, payload, qos, retain }: Outgoing, done: (error?: Error) => void = ignore): void {
    const sealer = this.#sealer
    const sealed = sealer === undefined ? payload : sealMessage(sealer, topic, payload, 'envelope').payload
    this.#client.publish(topic, Buffer.from(sealed), { qos, retain }, done)
  }

  onMessage(heard: (topic: string, payload: Uint8Array) => void): void {
    this.#client.on('message', heard)
  }

  onSession(birth: () => void): void {
    this.#client.on('connect', birth)
  }

  ready(): Promise<void> {
    return connected(this.#client)
  }

  async subscribe({ filter, qos }: Subscription): Promise<void> {
    await this.#client.subscribeAsync(filter, { qos })
  }

  /** Falls silent because somebody else has taken its place: its session ends, and that does not count as dropped. */
  async pause(): Promise<void> {
    this.#ending = true
    await closeClient(this.#client)
  }

  /** Comes back after `pause`, with its subscriptions. */
  async resume(): Promise<void> {
    this.#ending = false
    this.#client.reconnect()
    await connected(this.#client)
  }

  /** Leaves with a DISCONNECT; its own retained status says so first. */
  async end(): Promise<void> {
    if (this.connected && this.#farewell) this.send({ ...this.#farewell, qos: 0 })
    this.#ending = true
    await closeClient(this.#client)
  }
}

function ignore(): void {}
