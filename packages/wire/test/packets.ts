import fc from 'fast-check'
import { generate, type Packet } from 'mqtt-packet'

/** A legal packet of mqtt-packet's kind with its bytes. */
export interface Sample {
  readonly version: 4 | 5
  readonly packet: Packet
  readonly bytes: Uint8Array
}

type Fields = Record<string, fc.Arbitrary<unknown>>

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter(value => !value.includes('\0'))
const level = text.map(value => value.replace(/[/+#]/g, ''))
const topic = fc
  .array(level, { minLength: 1, maxLength: 4 })
  .map(levels => levels.join('/'))
  .filter(value => value !== '')
const plainFilter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([levels, deep]) => [...levels, ...(deep ? ['#'] : [])].join('/'))
  .filter(value => value !== '' && !value.startsWith('$share'))
const shareName = fc.stringMatching(/^[a-z0-9]{1,6}$/)
const sharedFilter = fc.tuple(shareName, plainFilter).map(([name, filter]) => `$share/${name}/${filter}`)
const binary = fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes))
const id = fc.integer({ min: 1, max: 65535 })
const u16 = fc.integer({ min: 0, max: 65535 })
const u32 = fc.integer({ min: 0, max: 0xffffffff })
const positive32 = fc.integer({ min: 1, max: 0xffffffff })
const subscriptionId = fc.integer({ min: 1, max: 268_435_455 })
const names = fc.stringMatching(/^[a-z]{1,5}$/)
const userProperties = fc.dictionary(names, fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 })), {
  // mqtt-packet writes nothing at all where there are user properties without a name.
  minKeys: 1,
  maxKeys: 3,
})

const optional = (fields: Fields) => fc.option(fc.record(fields, { requiredKeys: [] }), { nil: undefined })
const reasonText: Fields = { reasonString: text, userProperties }
const authentication = fc.oneof(
  fc.constant({}),
  fc.record({ authenticationMethod: text }),
  fc.record({ authenticationMethod: text, authenticationData: binary }),
)
const messageProperties: Fields = {
  payloadFormatIndicator: fc.boolean(),
  messageExpiryInterval: u32,
  responseTopic: topic,
  correlationData: binary,
  userProperties,
  contentType: text,
}

function withAuthentication(fields: Fields): fc.Arbitrary<unknown> {
  return fc.tuple(fc.record(fields, { requiredKeys: [] }), authentication).map(([a, b]) => ({ ...a, ...b }))
}

function will(version: 4 | 5): fc.Arbitrary<unknown> {
  const properties = optional({ ...messageProperties, willDelayInterval: u32 })
  return fc.record({
    topic,
    payload: binary,
    qos: fc.integer({ min: 0, max: 2 }),
    retain: fc.boolean(),
    ...(version === 5 ? { properties } : {}),
  })
}

function connect(version: 4 | 5): fc.Arbitrary<unknown> {
  return fc
    .record({
      cmd: fc.constant('connect'),
      protocolVersion: fc.constant(version),
      clientId: text,
      clean: fc.boolean(),
      keepalive: u16,
      username: fc.option(text, { nil: undefined }),
      password: fc.option(binary, { nil: undefined }),
      will: fc.option(will(version), { nil: undefined }),
      properties:
        version === 4
          ? fc.constant(undefined)
          : withAuthentication({
              sessionExpiryInterval: u32,
              receiveMaximum: id,
              maximumPacketSize: positive32,
              topicAliasMaximum: u16,
              requestResponseInformation: fc.boolean(),
              requestProblemInformation: fc.boolean(),
              userProperties,
            }),
    })
    .map(packet => ({
      ...packet,
      // mqtt-packet writes neither a password without a user name nor an empty identifier without a clean start.
      password: packet.username === undefined ? undefined : packet.password,
      clean: packet.clean || packet.clientId === '',
    }))
}

function connack(version: 4 | 5): fc.Arbitrary<unknown> {
  if (version === 4) {
    const accepted = fc.record({ returnCode: fc.constant(0), sessionPresent: fc.boolean() })
    const refused = fc.record({ returnCode: fc.integer({ min: 1, max: 5 }), sessionPresent: fc.constant(false) })
    return fc.oneof(accepted, refused).map(fields => ({ cmd: 'connack', ...fields }))
  }
  return fc.record({
    cmd: fc.constant('connack'),
    reasonCode: fc.constantFrom(0, 0x80, 0x87, 0x89, 0x9f),
    sessionPresent: fc.constant(false),
    properties: withAuthentication({
      sessionExpiryInterval: u32,
      receiveMaximum: id,
      maximumQoS: fc.integer({ min: 0, max: 1 }),
      retainAvailable: fc.boolean(),
      maximumPacketSize: positive32,
      assignedClientIdentifier: text,
      topicAliasMaximum: u16,
      ...reasonText,
      wildcardSubscriptionAvailable: fc.boolean(),
      subscriptionIdentifiersAvailable: fc.boolean(),
      sharedSubscriptionAvailable: fc.boolean(),
      serverKeepAlive: u16,
      responseInformation: text,
      serverReference: text,
    }),
  })
}

function publish(version: 4 | 5, fromClient: boolean): fc.Arbitrary<unknown> {
  const aliased = { ...messageProperties, topicAlias: id }
  const identifiers = { subscriptionIdentifier: fc.array(subscriptionId, { minLength: 2, maxLength: 3 }) }
  return fc
    .record({
      cmd: fc.constant('publish'),
      qos: fc.integer({ min: 0, max: 2 }),
      dup: fc.boolean(),
      retain: fc.boolean(),
      topic,
      messageId: id,
      payload: fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
      ...(version === 5 ? { properties: optional(fromClient ? aliased : { ...aliased, ...identifiers }) } : {}),
    })
    .map(packet => ({ ...packet, dup: packet.dup && packet.qos > 0 }))
}

function acknowledgement(cmd: string, version: 4 | 5, codes: number[]): fc.Arbitrary<unknown> {
  if (version === 4) return fc.record({ cmd: fc.constant(cmd), messageId: id })
  return fc.record({
    cmd: fc.constant(cmd),
    messageId: id,
    reasonCode: fc.constantFrom(...codes),
    properties: optional(reasonText),
  })
}

function subscribe(version: 4 | 5): fc.Arbitrary<unknown> {
  const qos = fc.integer({ min: 0, max: 2 })
  const rh = fc.integer({ min: 0, max: 2 })
  const plain = fc.record({ topic: plainFilter, qos, nl: fc.boolean(), rap: fc.boolean(), rh })
  const shared = fc.record({ topic: sharedFilter, qos, nl: fc.constant(false), rap: fc.boolean(), rh })
  return fc.record({
    cmd: fc.constant('subscribe'),
    messageId: id,
    subscriptions: fc.array(version === 4 ? fc.record({ topic: plainFilter, qos }) : fc.oneof(plain, shared), {
      minLength: 1,
      maxLength: 4,
    }),
    ...(version === 5 ? { properties: optional({ subscriptionIdentifier: subscriptionId, userProperties }) } : {}),
  })
}

function unsubscribe(version: 4 | 5): fc.Arbitrary<unknown> {
  const filter = version === 5 ? fc.oneof(plainFilter, sharedFilter) : plainFilter
  return fc.record({
    cmd: fc.constant('unsubscribe'),
    messageId: id,
    unsubscriptions: fc.array(filter, { minLength: 1, maxLength: 4 }),
    ...(version === 5 ? { properties: optional({ userProperties }) } : {}),
  })
}

function granted(cmd: string, version: 4 | 5, codes: number[]): fc.Arbitrary<unknown> {
  return fc.record({
    cmd: fc.constant(cmd),
    messageId: id,
    granted: fc.array(fc.constantFrom(...codes), { minLength: 1, maxLength: 4 }),
    ...(version === 5 ? { properties: optional(reasonText) } : {}),
  })
}

function disconnect(version: 4 | 5, fromClient: boolean): fc.Arbitrary<unknown> {
  if (version === 4) return fc.constant({ cmd: 'disconnect' })
  return fc.record({
    cmd: fc.constant('disconnect'),
    reasonCode: fc.constantFrom(...(fromClient ? [0, 4, 0x81, 0x93] : [0x81, 0x8b, 0x8e, 0x9d])),
    properties: optional(
      fromClient ? { sessionExpiryInterval: u32, ...reasonText } : { ...reasonText, serverReference: text },
    ),
  })
}

function auth(fromClient: boolean): fc.Arbitrary<unknown> {
  return fc.record({
    cmd: fc.constant('auth'),
    reasonCode: fc.constantFrom(...(fromClient ? [0x18, 0x19] : [0, 0x18])),
    properties: fc.record(
      { authenticationMethod: text, authenticationData: binary, ...reasonText },
      { requiredKeys: ['authenticationMethod'] },
    ),
  })
}

function acknowledgements(version: 4 | 5): fc.Arbitrary<unknown>[] {
  const received = [0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]
  return [
    acknowledgement('puback', version, received),
    acknowledgement('pubrec', version, received),
    acknowledgement('pubrel', version, [0, 0x92]),
    acknowledgement('pubcomp', version, [0, 0x92]),
  ]
}

function encoded(version: 4 | 5, packet: fc.Arbitrary<unknown>): fc.Arbitrary<Sample> {
  return packet.map(value => {
    const legal = value as Packet
    return { version, packet: legal, bytes: new Uint8Array(generate(legal, { protocolVersion: version })) }
  })
}

/** Any CONNECT. */
export function connectSample(version: 4 | 5): fc.Arbitrary<Sample> {
  return encoded(version, connect(version))
}

/** Any legal packet of this version that this side may send, CONNECT aside. */
export function sample(version: 4 | 5, fromClient: boolean): fc.Arbitrary<Sample> {
  const both = [publish(version, fromClient), ...acknowledgements(version)]
  const five = version === 5 ? [auth(fromClient), disconnect(5, fromClient)] : []
  const side = fromClient
    ? [subscribe(version), unsubscribe(version), fc.constant({ cmd: 'pingreq' }), disconnect(version, true)]
    : [
        connack(version),
        granted('suback', version, version === 5 ? [0, 1, 2, 0x80, 0x8f, 0xa2] : [0, 1, 2, 0x80]),
        granted('unsuback', version, [0, 0x11, 0x80, 0x8f]),
        fc.constant({ cmd: 'pingresp' }),
      ]
  return encoded(version, fc.oneof(...both, ...side, ...five))
}
