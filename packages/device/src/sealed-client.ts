import type { IClientPublishOptions, MqttClient } from 'mqtt'
import { type Carrier, sealMessage } from './message.ts'
import type { SealedDevice } from './sealed-device.ts'

/** As much of an MQTT.js client as is used. */
type Publisher = Pick<MqttClient, 'publishAsync' | 'endAsync' | 'options'>

/**
 * A stock MQTT.js client that seals what it publishes. Everything else is done with the client itself. Its will is published by the broker
 * at a time that nobody knows beforehand, and so is not sealed.
 */
export class SealedClient {
  readonly #client: Publisher
  readonly #device: SealedDevice
  readonly #carrier: Carrier

  /** @param carrier the user property on MQTT 5, else the envelope, unless it is named */
  constructor(client: Publisher, device: SealedDevice, carrier?: Carrier) {
    this.#client = client
    this.#device = device
    this.#carrier = carrier ?? (client.options.protocolVersion === 5 ? 'property' : 'envelope')
  }

  /**
   * Seals and publishes. Messages go out in the order of the calls, which nobody needs to await. What the client drops, such as messages
   * of QoS 0 while it is not connected, the gateway sees as a gap. Errors (of the promise): those of `SealedDevice.seal` and of the client.
   */
  async publish(topic: string, payload: Uint8Array | string, options: IClientPublishOptions = {}): Promise<void> {
    const sealed = sealMessage(this.#device, topic, payload, this.#carrier)
    const { properties } = options
    const userProperties = { ...properties?.userProperties, ...sealed.userProperties }
    const isPlain = Object.keys(sealed.userProperties).length === 0
    const all = isPlain ? options : { ...options, properties: { ...properties, userProperties } }
    await this.#client.publishAsync(topic, Buffer.from(sealed.payload), all)
  }

  /** Ends the session, then keeps where the chain stands. */
  async end(): Promise<void> {
    await this.#client.endAsync()
    this.#device.close()
  }
}
