import { connect, type MqttClient } from 'mqtt'
import type { Target, Version } from '../interop/peers/kit.ts'
import { optionsOf } from '../interop/peers/mqttjs.ts'
import { until } from '../interop/peers/processes.ts'

/** Below the Receive Maximum that the broker grants, which MQTT.js does not heed. */
const IN_FLIGHT = 10
const HOUR = 3600

/**
 * A device that publishes at QoS 1 as fast as it is acknowledged, comes back when it loses its connection, and sends again
 * what was not acknowledged.
 */
export class Publisher {
  /** The payloads that were acknowledged. */
  readonly acknowledged = new Set<string>()
  readonly topic: string
  readonly #client: MqttClient
  readonly #name: string
  #sent = 0
  #open = 0
  #going = true

  private constructor(client: MqttClient, name: string) {
    this.#client = client
    this.#name = name
    this.topic = `t/soak/${name}`
    // Every lost connection is one; the client comes back by itself.
    client.on('error', () => {})
  }

  static async start(target: Target, name: string, version: Version): Promise<Publisher> {
    const session = { clean: false, ...(version === '5' ? { sessionExpiry: HOUR } : {}) }
    const options = optionsOf(await target.access(name), { device: name, version, ...session })
    const publisher = new Publisher(connect({ ...options, reconnectPeriod: 50 }), name)
    for (let n = 0; n < IN_FLIGHT; n++) publisher.#next()
    return publisher
  }

  /** Publishes no more, and waits until everything that was sent is acknowledged. */
  async drain(): Promise<void> {
    this.#going = false
    await until(`the last acknowledgements of ${this.#name}`, () => this.#open === 0)
  }

  /** Publishes one last message and leaves. */
  async end(payload: string): Promise<void> {
    await this.#client.publishAsync(this.topic, payload, { qos: 1 })
    await this.#client.endAsync()
  }

  #next(): void {
    const payload = `${this.#name}:${++this.#sent}`
    this.#open++
    this.#client.publish(this.topic, payload, { qos: 1 }, error => {
      this.#open--
      if (error == null) this.acknowledged.add(payload)
      if (this.#going) setImmediate(() => this.#next())
    })
  }
}
