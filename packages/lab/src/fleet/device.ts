import type { MqttClient } from 'mqtt'
import type { Random } from '../random.ts'
import { type ClientOptions, closeClient, connected, openClient } from './client.ts'
import type { Instrument } from './devices.ts'
import type { Tally } from './tally.ts'

/** A device's session with what every honest device does: say that it is there, count how often it was thrown out. */
export class Device {
  readonly name: string
  readonly client: MqttClient
  readonly topic: (leaf: string) => string
  /** Sessions that ended although the device did not end them. */
  dropped = 0
  #ending = false
  #up = false

  constructor(options: ClientOptions) {
    this.name = options.device
    this.topic = leaf => `${options.site}/${options.device}/${leaf}`
    this.client = openClient(options)
    this.client.on('connect', () => {
      this.#up = true
      this.client.publish(this.topic('status'), 'online', { qos: 1, retain: true }, ignore)
    })
    this.client.on('close', () => {
      if (this.#up && !this.#ending) this.dropped += 1
      this.#up = false
    })
  }

  get connected(): boolean {
    return this.client.connected
  }

  ready(): Promise<void> {
    return connected(this.client)
  }

  publish(topic: string, message: unknown, qos: 0 | 1, retain = false, done: (error?: Error) => void = ignore): void {
    this.client.publish(topic, JSON.stringify(message), { qos, retain }, done)
  }

  /** Leaves with a DISCONNECT; its own retained status says so first. */
  async end(): Promise<void> {
    this.#ending = true
    if (this.connected) this.client.publish(this.topic('status'), 'offline', { qos: 0, retain: true }, ignore)
    await closeClient(this.client)
  }
}

/** Reports one instrument: telemetry with a sequence number, and an alarm when the value leaves its range. */
export class Reporter {
  readonly device: Device
  readonly instrument: Instrument
  readonly #site: string
  readonly #random: Random
  readonly #tally: Tally
  readonly #qos: 0 | 1
  #n = 0
  #alarmed = false
  /** Monotonic milliseconds of the next report. */
  due: number

  constructor(device: Device, instrument: Instrument, site: string, random: Random, tally: Tally, due: number) {
    this.device = device
    this.instrument = instrument
    this.#site = site
    this.#random = random
    this.#tally = tally
    this.#qos = random.next() < 0.5 ? 0 : 1
    this.due = due
  }

  report(truth: number): void {
    const { device, quantity, unit, noise, range } = this.instrument
    if (!this.device.connected) return
    const n = this.#n
    this.#n += 1
    const value = Number((truth + noise * this.#random.normal()).toFixed(4))
    const inRange = value >= range[0] && value <= range[1]
    const quality = inRange ? 'good' : 'uncertain'
    const message = { n, ts: Date.now(), site: this.#site, device, quantity, value, unit, quality }
    this.device.publish(this.device.topic('telemetry'), message, this.#qos, false, error => {
      if (!error) this.#tally.published(device, n)
    })
    // Actuators report positions, which have no alarm of their own.
    if (this.instrument.role === 'sensor' && this.#alarmed === inRange) {
      this.#alarmed = !inRange
      this.device.publish(this.device.topic('alarm'), { ts: Date.now(), device, active: !inRange, value, unit }, 1)
    }
  }
}

function ignore(): void {}
