import { type Commands, Supervisor } from '../plant/supervisor.ts'
import { readCommand, readObject } from './command.ts'
import type { Device } from './device.ts'

/** A command is repeated after so many milliseconds even if it has not changed. */
const REPEAT = 3000
const SIGNIFICANT = 0.02

/** The controller device: hears telemetry, decides, and sends commands. */
export class Controller {
  readonly supervisor = new Supervisor()
  readonly #device: Device
  readonly #site: string
  readonly #readings: Record<string, number | undefined> = {}
  readonly #sent: Record<string, { value: number; at: number } | undefined> = {}

  constructor(device: Device, site: string) {
    this.#device = device
    this.#site = site
    device.client.on('message', (topic, payload) => this.#hear(topic, payload))
  }

  async ready(): Promise<void> {
    await this.#device.ready()
    const topics = [`${this.#site}/+/telemetry`, `${this.#site}/+/state`, this.#device.topic('set')]
    for (const topic of topics) await this.#device.client.subscribeAsync(topic, { qos: topic.endsWith('/set') ? 1 : 0 })
  }

  /** Once a control period: sends what has changed, or is due to be repeated. `now` in monotonic milliseconds. */
  control(now: number): void {
    const mode = this.supervisor.mode
    this.#send(this.supervisor.decide(this.#readings), now)
    if (this.supervisor.mode !== mode) this.#tellState()
  }

  #hear(topic: string, payload: Uint8Array): void {
    const [, speaker, leaf] = topic.split('/')
    if (leaf === 'telemetry') {
      const value = readObject(payload)?.['value']
      if (typeof value === 'number') this.#readings[speaker] = value
    } else if (leaf === 'set') {
      const order = readCommand(payload)?.order
      if (order === 'start') this.supervisor.start()
      else if (order === 'stop') this.supervisor.stop()
      if (order) this.#tellState()
    }
  }

  #tellState(): void {
    this.#device.publish(this.#device.topic('state'), { ts: Date.now(), mode: this.supervisor.mode }, 1, true)
  }

  #send(commands: Commands, now: number): void {
    for (const [actuator, exact] of Object.entries(commands)) {
      const value = Number(exact.toFixed(3))
      const last = this.#sent[actuator]
      if (last && Math.abs(last.value - value) < SIGNIFICANT && now - last.at < REPEAT) continue
      this.#sent[actuator] = { value, at: now }
      this.#device.publish(`${this.#site}/${actuator}/set`, { ts: Date.now(), source: this.#device.name, value }, 1)
    }
  }
}
