import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt'
import type { Packet } from 'mqtt-packet'
import type { Access, Connection, ConnectOptions, Filter, Kit, Properties, PublishOptions, Received } from './kit.ts'
import { present, shown } from './kit.ts'
import { until, within } from './processes.ts'

/** MQTT.js, in this process. */
export const mqttjs: Kit = {
  name: 'MQTT.js',
  abilities: new Set(['alias', 'change subscriptions', 'tell session present', 'tell refusal', 'plain disconnect']),
  leastKeepAlive: 1,
  connect: async (target, options) => {
    const access = await target.access(options.device)
    const connection = new MqttJs(connect(optionsOf(access, options)), options)
    await connection.opened()
    return connection
  },
  close: async () => {},
}

/** The options of MQTT.js for a device; reconnecting is off, so that a test sees every end. */
export function optionsOf(access: Access, options: ConnectOptions): IClientOptions {
  const { version, clean = true, keepAlive = 60, will, sessionExpiry = 0, topicAliases } = options
  const v5 = version === '5'
  return {
    protocol: 'mqtts',
    host: '127.0.0.1',
    servername: 'localhost',
    port: access.port,
    ca: access.ca,
    cert: access.certificate,
    key: access.key,
    clientId: options.device,
    protocolVersion: v5 ? 5 : 4,
    clean,
    keepalive: keepAlive,
    reconnectPeriod: 0,
    resubscribe: false,
    connectTimeout: 60_000,
    ...(will === undefined
      ? {}
      : {
          will: { topic: will.topic, payload: Buffer.from(will.payload), qos: will.qos, retain: will.retain === true },
        }),
    ...(v5
      ? {
          autoUseTopicAlias: topicAliases !== undefined,
          autoAssignTopicAlias: topicAliases !== undefined,
          properties: {
            sessionExpiryInterval: sessionExpiry,
            ...(topicAliases === undefined ? {} : { topicAliasMaximum: topicAliases }),
          },
        }
      : {}),
  }
}

class MqttJs implements Connection {
  sessionPresent: boolean | undefined
  granted: readonly number[] = []
  readonly received: Received[] = []
  readonly #client: MqttClient
  readonly #options: ConnectOptions
  readonly #ended: Promise<void>
  #error: Error | undefined
  #pings = 0

  constructor(client: MqttClient, options: ConnectOptions) {
    this.#client = client
    this.#options = options
    this.#ended = new Promise(resolve => client.once('close', () => resolve()))
    client.on('error', error => {
      this.#error = error
    })
    client.on('message', (topic, payload, packet) => this.received.push(receivedOf(topic, payload, packet)))
    client.on('packetreceive', packet => {
      if (packet.cmd === 'pingresp') this.#pings++
    })
  }

  async opened(): Promise<void> {
    const connected = new Promise<void>((resolve, reject) => {
      this.#client.once('connect', packet => {
        this.sessionPresent = packet.sessionPresent
        resolve()
      })
      this.#client.once('close', () => reject(this.#error ?? new Error('closed before CONNACK')))
    })
    await within('CONNACK', connected)
    const { filters = [] } = this.#options
    if (filters.length > 0) this.granted = await this.subscribe(filters)
  }

  until(count: number): Promise<void> {
    return until(
      `${count} messages`,
      () => this.received.length >= count,
      () => JSON.stringify(this.received),
    )
  }

  publish(
    topic: string,
    payload: string,
    { qos = 0, retain = false, properties = {} }: PublishOptions = {},
  ): Promise<number> {
    const { correlationData, messageExpiry, userProperties, responseTopic, contentType } = properties
    const sent = {
      ...(userProperties === undefined ? {} : { userProperties: { ...userProperties } }),
      ...(responseTopic === undefined ? {} : { responseTopic }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(messageExpiry === undefined ? {} : { messageExpiryInterval: messageExpiry }),
      ...(correlationData === undefined ? {} : { correlationData: Buffer.from(correlationData) }),
    }
    const options = { qos, retain, ...(Object.keys(sent).length === 0 ? {} : { properties: sent }) }
    const done = new Promise<number>((resolve, reject) => {
      this.#client.publish(topic, payload, options, error => {
        if (error == null) resolve(0)
        else if ('code' in error && typeof error.code === 'number') resolve(error.code)
        else reject(error)
      })
    })
    return within('the acknowledgement of a publish', done)
  }

  async subscribe(filters: readonly Filter[]): Promise<readonly number[]> {
    const answer = this.#answer('suback')
    const { subscriptionIdentifier } = this.#options
    const topics = Object.fromEntries(filters.map(({ topic, qos }) => [topic, { qos }]))
    const properties = subscriptionIdentifier === undefined ? {} : { properties: { subscriptionIdentifier } }
    // A refused filter makes an error of the whole; the packet itself tells more.
    this.#client.subscribe(topics, { qos: 0, ...properties }, () => {})
    const packet = await within('SUBACK', answer)
    return 'granted' in packet ? packet.granted.map(Number) : []
  }

  async unsubscribe(topics: readonly string[]): Promise<void> {
    const answer = this.#answer('unsuback')
    this.#client.unsubscribe([...topics], () => {})
    await within('UNSUBACK', answer)
  }

  pinged(): Promise<void> {
    return until('a PINGRESP', () => this.#pings > 0)
  }

  async end(): Promise<void> {
    this.#client.end(false)
    await within('the connection to end', this.#ended)
  }

  async kill(): Promise<void> {
    this.#client.stream.destroy()
    this.#client.end(true)
    await within('the connection to end', this.#ended)
  }

  #answer(cmd: Packet['cmd']): Promise<Packet> {
    return new Promise(resolve => {
      const look = (packet: Packet) => {
        if (packet.cmd !== cmd) return
        this.#client.off('packetreceive', look)
        resolve(packet)
      }
      this.#client.on('packetreceive', look)
    })
  }
}

function receivedOf(topic: string, payload: Buffer, packet: IPublishPacket): Received {
  const { properties: given } = packet
  const identifier = given?.subscriptionIdentifier
  const properties: Properties = present({
    userProperties: given?.userProperties === undefined ? undefined : plain(given.userProperties),
    responseTopic: given?.responseTopic,
    correlationData: given?.correlationData?.toString(),
    contentType: given?.contentType,
    messageExpiry: given?.messageExpiryInterval,
    subscriptionIdentifier: Array.isArray(identifier) ? identifier[0] : identifier,
  })
  return { topic, payload: shown(payload.toString()), qos: packet.qos, retain: packet.retain, properties }
}

function plain(properties: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)]))
}
