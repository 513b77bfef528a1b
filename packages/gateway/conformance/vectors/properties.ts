import {
  ack,
  type Bytes,
  connect,
  packet,
  prop,
  properties,
  publish,
  raw,
  subscribe,
  text,
  told,
  u16,
  u32,
  unsubscribe,
} from '../build.ts'
import { bad, good, type Vector } from '../vector.ts'

const AUTH = { authMethods: ['SCRAM'] }

/** Every property of MQTT 5 by its identifier: a legal value, and where a client may put it (table 2-4 of the standard). */
const TABLE: readonly (readonly [id: number, name: string, value: Bytes, owners: string])[] = [
  [0x01, 'payload format indicator', [1], 'PUBLISH WILL'],
  [0x02, 'message expiry interval', u32(60), 'PUBLISH WILL'],
  [0x03, 'content type', text('text/plain'), 'PUBLISH WILL'],
  [0x08, 'response topic', text('answers/7'), 'PUBLISH WILL'],
  [0x09, 'correlation data', text([1, 2, 3]), 'PUBLISH WILL'],
  [0x0b, 'subscription identifier', [5], 'SUBSCRIBE'],
  [0x11, 'session expiry interval', u32(60), 'CONNECT DISCONNECT'],
  [0x12, 'assigned client identifier', text('x'), ''],
  [0x13, 'server keep alive', u16(30), ''],
  [0x15, 'authentication method', text('SCRAM'), 'CONNECT AUTH'],
  [0x16, 'authentication data', text([9]), 'CONNECT AUTH'],
  [0x17, 'request problem information', [1], 'CONNECT'],
  [0x18, 'will delay interval', u32(5), 'WILL'],
  [0x19, 'request response information', [1], 'CONNECT'],
  [0x1a, 'response information', text('x'), ''],
  [0x1c, 'server reference', text('x'), 'DISCONNECT'],
  [0x1f, 'reason string', text('because'), 'PUBACK PUBREC PUBREL PUBCOMP DISCONNECT AUTH'],
  [0x21, 'receive maximum', u16(20), 'CONNECT'],
  [0x22, 'topic alias maximum', u16(20), 'CONNECT'],
  [0x23, 'topic alias', u16(3), 'PUBLISH'],
  [0x24, 'maximum QoS', [1], ''],
  [0x25, 'retain available', [1], ''],
  [
    0x26,
    'user property',
    [...text('line'), ...text('4')],
    'PUBLISH WILL CONNECT SUBSCRIBE UNSUBSCRIBE PUBACK PUBREC PUBREL PUBCOMP DISCONNECT AUTH',
  ],
  [0x27, 'maximum packet size', u32(4_096), 'CONNECT'],
  [0x28, 'wildcard subscription available', [1], ''],
  [0x29, 'subscription identifier available', [1], ''],
  [0x2a, 'shared subscription available', [1], ''],
]

/** Where properties stand: a stream with these in that place. */
const OWNERS: Readonly<Record<string, (...props: Bytes[]) => readonly Bytes[]>> = {
  CONNECT: (...props) => [connect(5, { properties: props })],
  WILL: (...props) => [connect(5, { will: { properties: props, payload: 'x' } })],
  PUBLISH: (...props) => [connect(5), publish(5, { properties: props })],
  PUBACK: (...props) => [connect(5), ack(0x40, 7, 0, props)],
  PUBREC: (...props) => [connect(5), ack(0x50, 7, 0, props)],
  PUBREL: (...props) => [connect(5), ack(0x62, 7, 0, props)],
  PUBCOMP: (...props) => [connect(5), ack(0x70, 7, 0, props)],
  SUBSCRIBE: (...props) => [connect(5), subscribe(5, [['plant/+', 1]], { properties: props })],
  UNSUBSCRIBE: (...props) => [connect(5), unsubscribe(5, ['plant/+'], { properties: props })],
  DISCONNECT: (...props) => [connect(5, { properties: [prop.sessionExpiry(9)] }), told(0xe0, 0, props)],
  AUTH: (...props) => [
    connect(5, { properties: [prop.method('SCRAM')] }),
    told(0xf0, 0x18, [prop.method('SCRAM'), ...props]),
  ],
}

const METHOD = 0x15
const DATA = 0x16
const IDENTIFIER = 0x0b

/** Every property in every place. */
const places: Vector[] = Object.entries(OWNERS).flatMap(([owner, stream]) =>
  TABLE.flatMap(([id, name, value, owners]): Vector[] => {
    const what = `${name} in ${owner === 'WILL' ? 'will properties' : owner}`
    const own = [id, ...value]
    if (!owners.split(' ').includes(owner)) {
      if (id === IDENTIFIER && owner === 'PUBLISH') {
        return [bad(5, 'MQTT-3.3.4-6', 'subscription_identifier_from_client', what, stream(own), { strict: true })]
      }
      return [bad(5, 'MQTT-2.2.2.2', 'property_not_allowed', what, stream(own), { options: AUTH })]
    }
    const alone =
      owner === 'AUTH' && id === METHOD
        ? stream()
        : stream(...(id === DATA && owner === 'CONNECT' ? [prop.method('SCRAM'), own] : [own]))
    const again = owner === 'CONNECT' && id === DATA ? stream(prop.method('SCRAM'), own, own) : stream(own, own)
    return [
      good(5, 'MQTT-2.2.2.2', what, alone, AUTH),
      id === 0x26
        ? good(5, 'MQTT-2.2.2.2', `${what}, twice`, again, AUTH)
        : bad(5, 'MQTT-2.2.2.2', 'property_twice', `${what}, twice`, again, { options: AUTH }),
    ]
  }),
)

/** Identifiers that the standard does not have. */
const unknown: Vector[] = [0, 4, 7, 10, 0x10, 0x14, 0x1b, 0x20, 0x2b, 0x7f].flatMap(id =>
  ['CONNECT', 'PUBLISH', 'SUBSCRIBE'].map(owner =>
    bad(5, 'MQTT-2.2.2.2', 'property_unknown', `property ${id} in ${owner}`, OWNERS[owner]([id, 1])),
  ),
)

/** Values that end beyond the properties. */
const cut: Vector[] = TABLE.filter(([, , , owners]) => owners !== '' && !owners.startsWith('AUTH')).flatMap(
  ([id, name, value, owners]): Vector[] => {
    const owner = owners.split(' ')[0]
    if (owner === 'SUBSCRIBE') {
      return [bad(5, 'MQTT-1.5.5', 'property_malformed', `${name} cut off`, OWNERS[owner]([id]))]
    }
    return [bad(5, 'MQTT-2.2.2.2', 'property_truncated', `${name} cut off`, OWNERS[owner]([id, ...value.slice(0, -1)]))]
  },
)

const values: Vector[] = [
  ...[2, 3, 128, 255].flatMap(value => [
    bad(
      5,
      'MQTT-2.2.2.2',
      'property_value',
      `payload format indicator ${value}`,
      OWNERS['PUBLISH'](prop.format(value)),
      { strict: true },
    ),
    bad(
      5,
      'MQTT-2.2.2.2',
      'property_value',
      `payload format indicator ${value} of a will`,
      OWNERS['WILL'](prop.format(value)),
      { strict: true },
    ),
  ]),
  ...[0, 1].map(value =>
    good(5, 'MQTT-2.2.2.2', `payload format indicator ${value}`, OWNERS['PUBLISH'](prop.format(value))),
  ),
  bad(5, 'MQTT-2.2.2.2', 'property_value', 'subscription identifier 0', OWNERS['SUBSCRIBE'](prop.subscriptionId(0))),
  ...[1, 127, 128, 16_384].map(value =>
    good(5, 'MQTT-2.2.2.2', `subscription identifier ${value}`, OWNERS['SUBSCRIBE'](prop.subscriptionId(value))),
  ),
  ...[0, 1, 0xffffffff].map(value =>
    good(5, 'MQTT-2.2.2.2', `message expiry ${value}`, OWNERS['PUBLISH'](prop.expiry(value))),
  ),
  bad(
    5,
    'MQTT-3.1.2.11.10',
    'authentication_data_alone',
    'authentication data without a method',
    OWNERS['CONNECT'](prop.data([1])),
  ),
  good(
    5,
    'MQTT-3.1.2.11.10',
    'authentication data with its method',
    OWNERS['CONNECT'](prop.data([1]), prop.method('SCRAM')),
    AUTH,
  ),
  ...['a/#', '+', 'a/+/b', '#'].flatMap(topic => [
    bad(
      5,
      'MQTT-3.3.2-14',
      'response_topic_wildcard',
      `response topic ${topic}`,
      OWNERS['PUBLISH'](prop.responseTopic(topic)),
      { strict: true },
    ),
    bad(
      5,
      'MQTT-3.3.2-14',
      'response_topic_wildcard',
      `response topic ${topic} of a will`,
      OWNERS['WILL'](prop.responseTopic(topic)),
      { strict: true },
    ),
  ]),
  ...['a', '/', 'a b/c', '$own/x'].map(topic =>
    good(5, 'MQTT-3.3.2-14', `response topic ${topic}`, OWNERS['PUBLISH'](prop.responseTopic(topic))),
  ),
  bad(5, 'MQTT-4.7.3-1', 'response_topic_empty', 'an empty response topic', OWNERS['PUBLISH'](prop.responseTopic('')), {
    strict: true,
  }),
  good(
    5,
    'MQTT-2.2.2.2',
    'empty texts',
    OWNERS['PUBLISH'](prop.contentType(''), prop.user('', ''), prop.correlation('')),
  ),
]

const formats: Vector[] = [
  ...([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0x61, 0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80]] as const).flatMap(
    payload => {
      const stream = (value: number) => [connect(5), publish(5, { payload, properties: [prop.format(value)] })]
      const name = Buffer.from(payload).toString('hex')
      return [
        bad(5, 'MQTT-3.3.2.3.2', 'payload_format', `payload ${name} that says UTF-8`, stream(1), { strict: true }),
        good(5, 'MQTT-3.3.2.3.2', `payload ${name} of bytes`, stream(0)),
        good(5, 'MQTT-3.3.2.3.2', `payload ${name} that says UTF-8, relaxed`, stream(1), { strict: false }),
      ]
    },
  ),
  ...['', 'plain', 'gr\u00fcn \u{1f600}', 'a\0b', '\u0001\ufffe'].map(payload =>
    good(5, 'MQTT-3.3.2.3.2', `payload ${JSON.stringify(payload)} that says UTF-8`, [
      connect(5),
      publish(5, { payload: raw(payload), properties: [prop.format(1)] }),
    ]),
  ),
]

const order: Vector[] = [
  good(
    5,
    'MQTT-2.2.2.2',
    'all properties of PUBLISH',
    OWNERS['PUBLISH'](
      prop.user('a', 'b'),
      prop.alias(1),
      prop.correlation('c'),
      prop.responseTopic('r'),
      prop.contentType('t'),
      prop.expiry(1),
      prop.format(1),
      prop.user('a', 'b'),
    ),
  ),
  good(
    5,
    'MQTT-2.2.2.2',
    'all properties of CONNECT',
    OWNERS['CONNECT'](
      prop.maximumPacket(9_000),
      prop.aliasMaximum(4),
      prop.receiveMaximum(5),
      prop.responses(1),
      prop.problems(0),
      prop.sessionExpiry(7),
      prop.user('a', 'b'),
    ),
  ),
  good(
    5,
    'MQTT-2.2.2.2',
    'all properties of a will',
    OWNERS['WILL'](
      prop.willDelay(4),
      prop.format(1),
      prop.expiry(3),
      prop.contentType('t'),
      prop.responseTopic('r'),
      prop.correlation('c'),
      prop.user('a', 'b'),
    ),
  ),
  bad(
    5,
    'MQTT-2.2.2.2',
    'property_twice',
    'the same alias twice, others between',
    OWNERS['PUBLISH'](prop.alias(1), prop.user('a', 'b'), prop.alias(1)),
  ),
  bad(5, 'MQTT-2.2.2-1', 'property_length', 'an acknowledgement whose property length goes on', [
    connect(5),
    packet(0x40, u16(7), [0, 0x80]),
  ]),
  good(5, 'MQTT-2.2.2-1', 'an acknowledgement with a reason and no property length', [
    connect(5),
    packet(0x40, u16(7), [0]),
  ]),
  bad(5, 'MQTT-2.1.4', 'truncated', 'properties longer than announced in CONNECT', [
    packet(0x10, text('MQTT'), [5, 2, 0, 60], properties(), prop.problems(1), text('a')),
  ]),
]

const own: Vector[] = [
  good(5, 'MQTT-3.3.4-6', 'a subscription identifier where a client may put it, and a PUBLISH', [
    connect(5),
    subscribe(5, [['a', 0]], { properties: [prop.subscriptionId(9)] }),
    publish(5),
  ]),
]

export const propertyVectors: readonly Vector[] = [
  ...own,
  ...places,
  ...unknown,
  ...cut,
  ...values,
  ...formats,
  ...order,
]
