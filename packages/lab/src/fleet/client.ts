import { once } from 'node:events'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { Credentials, LabOptions } from '../types.ts'

const CONNECT_TIMEOUT = 15_000

export interface ClientOptions {
  readonly gateway: LabOptions['gateway']
  readonly site: string
  readonly device: string
  readonly credentials: Credentials
  /** 4 is MQTT 3.1.1, 5 is MQTT 5. */
  readonly version: 4 | 5
  readonly reconnect: boolean
}

/** A real MQTT.js client as a device would have it: its own certificate, its id as client id, a last will on its status topic. */
export function openClient(options: ClientOptions): MqttClient {
  const { gateway, site, device, credentials, version, reconnect } = options
  const settings: IClientOptions = {
    protocol: 'mqtts',
    host: gateway.host,
    port: gateway.port,
    servername: gateway.servername,
    ...credentials,
    rejectUnauthorized: true,
    clientId: device,
    protocolVersion: version,
    clean: true,
    keepalive: 30,
    connectTimeout: CONNECT_TIMEOUT,
    reconnectPeriod: reconnect ? 500 : 0,
    // What cannot be handed over now must not be counted as handed over.
    queueQoSZero: false,
    will: { topic: `${site}/${device}/status`, payload: Buffer.from('offline'), qos: 1, retain: true },
  }
  const client = mqtt.connect(settings)
  // Every failure is followed by a close event, which is what the fleet counts.
  client.on('error', () => {})
  return client
}

/** Resolves once the client has its CONNACK; rejects with what went wrong. */
export async function connected(client: MqttClient): Promise<void> {
  if (client.connected) return
  await once(client, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT) })
}

/** Ends a client: politely if that works soon, else hard. */
export async function closeClient(client: MqttClient): Promise<void> {
  await Promise.race([client.endAsync(false), new Promise(resolve => setTimeout(resolve, 1000).unref())])
  await Promise.race([client.endAsync(true), new Promise(resolve => setTimeout(resolve, 500).unref())])
}
