import type { TcpNetConnectOpts } from 'node:net'
import type { SealedDevice } from '@ringwall/device'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { Credentials, LabOptions } from '../types.ts'
import type { Outgoing } from './line.ts'

const CONNECT_TIMEOUT = 15_000

export interface ClientOptions {
  readonly gateway: LabOptions['gateway']
  readonly site: string
  readonly device: string
  readonly credentials: Credentials
  /** 4 is MQTT 3.1.1, 5 is MQTT 5. */
  readonly version: 4 | 5
  readonly reconnect: boolean
  /** What it seals with, where it does. */
  readonly sealer?: SealedDevice
  /** Makes the last will, once for each session. */
  readonly will?: () => Outgoing
}

/** A real MQTT.js client as a device would have it: its own certificate, its id as client id, a last will. */
export function openClient(options: ClientOptions): MqttClient {
  const { gateway, device, credentials, version, reconnect, will } = options
  const settings: IClientOptions & TcpNetConnectOpts = {
    protocol: 'mqtts',
    host: gateway.host,
    port: gateway.port,
    servername: gateway.servername,
    ...credentials,
    rejectUnauthorized: true,
    // Nagle's delay would be taken for the gateway's.
    noDelay: true,
    clientId: device,
    protocolVersion: version,
    clean: true,
    keepalive: 30,
    connectTimeout: CONNECT_TIMEOUT,
    reconnectPeriod: reconnect ? 500 : 0,
    // What cannot be handed over now must not be counted as handed over.
    queueQoSZero: false,
    ...(will && { will: asWill(will()) }),
  }
  const client = mqtt.connect(settings)
  // Every failure is followed by a close event, which is what the fleet counts.
  client.on('error', () => {})
  // The next session has a will of its own.
  if (will) client.on('close', () => Object.assign(client.options, { will: asWill(will()) }))
  return client
}

function asWill({ topic, payload, qos, retain }: Outgoing): NonNullable<IClientOptions['will']> {
  return { topic, payload: Buffer.from(payload), qos, retain }
}

/** Resolves once the client has its CONNACK; rejects when it gives up, at the latest after 15 s. */
export function connected(client: MqttClient): Promise<void> {
  if (client.connected) return Promise.resolve()
  return new Promise((resolve, reject) => {
    let reason = 'no answer'
    const name = client.options.clientId
    const fail = () => done(() => reject(new Error(`${name} could not connect: ${reason}`)))
    const done = (then: () => void) => {
      clearTimeout(timer)
      client.off('connect', succeed).off('error', note).off('close', close)
      then()
    }
    const succeed = () => done(resolve)
    const note = (error: Error) => {
      reason = error.message
    }
    // A client that reconnects may be lucky the next time; one that does not has given up.
    const close = () => {
      if (client.options.reconnectPeriod === 0) fail()
    }
    const timer = setTimeout(fail, CONNECT_TIMEOUT)
    client.on('connect', succeed).on('error', note).on('close', close)
  })
}

/** Ends a client: politely if that works soon, else hard. */
export async function closeClient(client: MqttClient): Promise<void> {
  await Promise.race([client.endAsync(false), new Promise(resolve => setTimeout(resolve, 1000).unref())])
  await Promise.race([client.endAsync(true), new Promise(resolve => setTimeout(resolve, 500).unref())])
}
