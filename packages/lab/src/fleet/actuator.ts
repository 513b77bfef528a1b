import { readCommand } from './command.ts'
import type { Device } from './device.ts'

/** An actuator device: obeys what arrives on its command topic, and nothing else moves it. */
export class Actuator {
  readonly #device: Device
  readonly #actuate: (value: number) => void
  /** The sources of all commands that were obeyed, with how often. */
  readonly obeyed = new Map<string, number>()

  constructor(device: Device, actuate: (value: number) => void) {
    this.#device = device
    this.#actuate = actuate
    device.client.on('message', (_topic, payload) => this.#obey(payload))
  }

  async ready(): Promise<void> {
    await this.#device.ready()
    await this.#device.client.subscribeAsync(this.#device.topic('set'), { qos: 1 })
  }

  #obey(payload: Uint8Array): void {
    const command = readCommand(payload)
    if (command?.value === undefined) return
    this.obeyed.set(command.source, (this.obeyed.get(command.source) ?? 0) + 1)
    this.#actuate(command.value)
    this.#device.publish(this.#device.topic('state'), { ts: Date.now(), value: command.value }, 1, true)
  }
}
