import { connect, type MqttClient } from 'mqtt'
import type { Access } from './kit.ts'
import { optionsOf } from './mqttjs.ts'
import { until, within } from './processes.ts'

const BEAT_MS = 100
const LEAST = 60
const DEVICES = ['honest-1', 'honest-2']

/** Two devices that tell each other numbers, ten a second each, with QoS 1. */
export class Honest {
  /** Messages that were handed to a client. */
  sent = 0
  readonly #clients: MqttClient[] = []
  readonly #received = new Set<string>()
  #beating: NodeJS.Timeout | undefined
  #ends = 0

  static async begin(access: (device: string) => Promise<Access>): Promise<Honest> {
    const honest = new Honest()
    for (const device of DEVICES) {
      const client = connect(optionsOf(await access(device), { device, version: '5' }))
      honest.#clients.push(client)
      client.on('error', () => {})
      client.on('close', () => honest.#ends++)
      client.on('message', (topic, payload) => honest.#received.add(`${topic} ${payload}`))
      await within('CONNACK', new Promise<void>(resolve => client.once('connect', () => resolve())))
      await within('SUBACK', client.subscribeAsync('t/+/count', { qos: 1 }))
    }
    honest.#beating = setInterval(() => honest.#beat(), BEAT_MS)
    return honest
  }

  /** Says no more once they have said enough, waits for what is under way, and gives what did not come to both, and a line for each connection that ended. */
  async lost(): Promise<string[]> {
    await until('enough of them', () => this.sent >= LEAST || this.#ends > 0)
    clearInterval(this.#beating)
    const all = DEVICES.flatMap(device =>
      Array.from({ length: this.sent / DEVICES.length }, (_, n) => `t/${device}/count ${n}`),
    )
    const missing = () => all.filter(message => !this.#received.has(message))
    await until('what the honest devices said', () => missing().length === 0 || this.#ends > 0).catch(() => {})
    return [...missing(), ...Array.from({ length: this.#ends }, () => 'a connection ended')]
  }

  async end(): Promise<void> {
    clearInterval(this.#beating)
    await Promise.all(this.#clients.map(client => client.endAsync(true)))
  }

  #beat(): void {
    const n = this.sent / DEVICES.length
    for (const [index, client] of this.#clients.entries()) {
      client.publish(`t/${DEVICES[index]}/count`, String(n), { qos: 1 })
    }
    this.sent += DEVICES.length
  }
}
