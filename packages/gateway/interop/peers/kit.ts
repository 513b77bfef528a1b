import { createHash } from 'node:crypto'

export type Version = '3.1.1' | '5'
export type Qos = 0 | 1 | 2

/** The properties of MQTT 5 that a message carries, under one set of names for all clients. */
export interface Properties {
  readonly userProperties?: Readonly<Record<string, string>>
  readonly responseTopic?: string
  readonly correlationData?: string
  readonly contentType?: string
  /** Seconds. */
  readonly messageExpiry?: number
  readonly subscriptionIdentifier?: number
}

/** A message as a client got it. A long payload stands here as its length and SHA-256. */
export interface Received {
  readonly topic: string
  readonly payload: string
  readonly qos: number
  readonly retain: boolean
  readonly properties: Properties
}

export interface Filter {
  readonly topic: string
  readonly qos: Qos
}

export interface Will extends Filter {
  readonly payload: string
  readonly retain?: boolean
}

export interface ConnectOptions {
  readonly device: string
  readonly version: Version
  /** Start without an earlier session. Default: true. */
  readonly clean?: boolean
  /** MQTT 5: seconds that the session outlives the connection. */
  readonly sessionExpiry?: number
  /** Seconds. */
  readonly keepAlive?: number
  readonly will?: Will
  /** Subscribed to as soon as the connection stands. */
  readonly filters?: readonly Filter[]
  /** MQTT 5: given with these filters. */
  readonly subscriptionIdentifier?: number
  /** MQTT 5: how many aliases the client takes; one that knows how sends aliases as well. */
  readonly topicAliases?: number
}

export interface PublishOptions {
  readonly qos?: Qos
  readonly retain?: boolean
  readonly properties?: Properties
}

/** What only some clients can do. `plain disconnect`: leaves in MQTT 5 with reason 0, where mosquitto_sub asks for its will. */
export type Ability = 'alias' | 'change subscriptions' | 'tell session present' | 'tell refusal' | 'plain disconnect'

/** A client of one kind, connected. */
export interface Connection {
  /** Undefined where the client does not tell. */
  readonly sessionPresent: boolean | undefined
  /** The return or reason codes of the filters that were subscribed to at the start. */
  readonly granted: readonly number[]
  /** All messages so far. */
  readonly received: readonly Received[]
  /** Waits until so many messages are there. */
  until(count: number): Promise<void>
  /** Publishes and waits for the last acknowledgement. Gives the reason code: 0 where all is well or the client does not tell. */
  publish(topic: string, payload: string, options?: PublishOptions): Promise<number>
  subscribe(filters: readonly Filter[]): Promise<readonly number[]>
  /** Resolves when the acknowledgement is there. */
  unsubscribe(topics: readonly string[]): Promise<void>
  /** Resolves once a ping was answered. */
  pinged(): Promise<void>
  /** Leaves with a DISCONNECT. */
  end(): Promise<void>
  /** Leaves without one. */
  kill(): Promise<void>
}

/** What a device needs to connect. The paths are for clients that read files. */
export interface Access {
  readonly port: number
  readonly ca: string
  readonly caFile: string
  readonly certificate: string
  readonly certificateFile: string
  readonly key: string
  readonly keyFile: string
}

/** Where devices connect to: a broker itself, or a gateway in front of it. */
export interface Target {
  readonly name: string
  /** Makes a device known there, at most once, and gives what it connects with. */
  access(device: string): Promise<Access>
}

/** A real MQTT client that the tests can drive. */
export interface Kit {
  readonly name: string
  readonly abilities: ReadonlySet<Ability>
  /** The shortest keep-alive that the client takes, in seconds. */
  readonly leastKeepAlive: number
  connect(target: Target, options: ConnectOptions): Promise<Connection>
  /** Ends what the kit keeps running between connections. */
  close(): Promise<void>
}

const LONGEST_SHOWN = 256

/** The payload as an observation holds it. */
export function shown(payload: string): string {
  if (payload.length <= LONGEST_SHOWN) return payload
  return `${payload.length} bytes, sha256 ${createHash('sha256').update(payload).digest('hex')}`
}

/** The properties without those that are not there. */
export function present(properties: { [K in keyof Properties]: Properties[K] | undefined }): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined))
}
