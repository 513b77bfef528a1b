import { type Properties, present, type Received, shown } from './kit.ts'

/** The shape of mosquitto_sub's `%j`. */
interface Line {
  readonly topic: string
  readonly payload?: string
  readonly qos: number
  readonly retain: number
  readonly properties?: {
    readonly 'user-properties'?: Readonly<Record<string, string>>
    readonly 'response-topic'?: string
    readonly 'correlation-data'?: string
    readonly 'content-type'?: string
    readonly 'message-expiry-interval'?: number
    readonly 'subscription-identifier'?: number
  }
}

/** A message from a line of mosquitto_sub. */
export function receivedFrom(json: string): Received {
  const line: Line = JSON.parse(json)
  const given = line.properties ?? {}
  const properties = present({
    userProperties: given['user-properties'],
    responseTopic: given['response-topic'],
    correlationData: given['correlation-data'],
    contentType: given['content-type'],
    messageExpiry: given['message-expiry-interval'],
    subscriptionIdentifier: given['subscription-identifier'],
  })
  return { topic: line.topic, payload: shown(line.payload ?? ''), qos: line.qos, retain: line.retain === 1, properties }
}

/** The arguments of mosquitto_pub for a message's properties. */
export function publishProperties(properties: Properties): string[] {
  const args: string[] = []
  const add = (name: string, ...values: (string | number | undefined)[]) => {
    if (!values.includes(undefined)) args.push('-D', 'publish', name, ...values.map(String))
  }
  for (const [name, value] of Object.entries(properties.userProperties ?? {})) add('user-property', name, value)
  add('response-topic', properties.responseTopic)
  add('correlation-data', properties.correlationData)
  add('content-type', properties.contentType)
  add('message-expiry-interval', properties.messageExpiry)
  return args
}
