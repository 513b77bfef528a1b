import { type Bytes, connect, DISCONNECT, PINGREQ, packet, prop, publish, raw, subscribe, told, u16 } from '../build.ts'
import { BOTH, bad, by, good, type Vector } from '../vector.ts'

const before: Vector[] = BOTH.flatMap(version => {
  const first: readonly (readonly [string, Bytes])[] = [
    ['PUBLISH', publish(version)],
    ['SUBSCRIBE', subscribe(version, [['a', 0]])],
    ['PINGREQ', PINGREQ],
    ['DISCONNECT', DISCONNECT],
    ['PUBREL', packet(0x62, u16(1))],
  ]
  return [
    ...first.map(([name, bytes]) =>
      bad(version, 'MQTT-3.1.0-1', 'connect_expected', `${name} first`, [bytes, connect(version)]),
    ),
    good(version, 'MQTT-3.1.0-1', 'CONNECT first', [connect(version)]),
    bad(version, 'MQTT-3.1.0-2', 'second_connect', 'a second CONNECT at once', [connect(version), connect(version)]),
    bad(version, 'MQTT-3.1.0-2', 'second_connect', 'a second CONNECT later', [
      connect(version),
      PINGREQ,
      publish(version),
      connect(version, { id: 'b' }),
    ]),
    bad(version, 'MQTT-3.1.0-2', 'second_connect', 'a second CONNECT of the other version', [
      connect(version),
      connect(version, { clean: false }),
    ]),
    good(version, 'MQTT-3.1.0-2', 'much after one CONNECT', [
      connect(version),
      PINGREQ,
      publish(version),
      PINGREQ,
      DISCONNECT,
    ]),
  ]
})

const protocol: Vector[] = [
  ...BOTH.flatMap(version => [
    ...['mqtt', 'MQTs', 'HTTP', 'MQTTX', 'MQT', ''].map(name =>
      bad(version, 'MQTT-3.1.2-1', 'protocol_name', `protocol name ${JSON.stringify(name)}, level ${version}`, [
        connect(version, { name }),
      ]),
    ),
    good(version, 'MQTT-3.1.2-1', 'protocol name MQTT', [connect(version)]),
    good(version, 'MQTT-3.1.2-2', `level ${version}`, [connect(version, { keepAlive: 0 })]),
  ]),
  ...[0, 1, 2, 3, 6, 7, 127, 0x83, 255].map(level =>
    bad(level > 5 && level < 0x80 ? 5 : 4, 'MQTT-3.1.2-2', 'protocol_version', `level ${level}`, [
      connect(level > 5 && level < 0x80 ? 5 : 4, { level }),
    ]),
  ),
  bad(4, 'MQTT-3.1.2-2', 'protocol_version', 'level 133, a bridge of Mosquitto', [connect(5, { level: 0x85 })], {
    strict: true,
  }),
  bad(4, 'MQTT-3.1.2-2', 'protocol_version', 'level 132, a bridge of Mosquitto', [connect(4, { level: 0x84 })], {
    strict: true,
  }),
  bad(4, 'MQTT-3.1.2-2', 'protocol_version', 'MQTT 3.1', [connect(4, { name: 'MQIsdp', level: 3 })], { strict: true }),
  bad(
    4,
    'MQTT-3.1.2-2',
    'protocol_version',
    'MQTT 3.1, a bridge of Mosquitto',
    [connect(4, { name: 'MQIsdp', level: 0x83 })],
    { strict: true },
  ),
  bad(4, 'MQTT-3.1.2-2', 'protocol_version', 'MQIsdp of level 4', [connect(4, { name: 'MQIsdp' })]),
  bad(4, 'MQTT-3.1.2', 'truncated', 'a CONNECT without a body', [[0x10, 0]]),
  bad(4, 'MQTT-3.1.2', 'truncated', 'a CONNECT that ends within its protocol name', [packet(0x10, [0, 4, 0x4d])]),
  bad(4, 'MQTT-3.1.2', 'truncated', 'a CONNECT that ends before its level', [packet(0x10, [0, 4], raw('MQTT'))]),
  good(4, 'MQTT-3.1.2', 'a CONNECT with the least that it needs', [connect(4, { id: '' })]),
]

const flags: Vector[] = BOTH.flatMap(version => {
  const qos = by(version, 'MQTT-3.1.2-13', 'MQTT-3.1.2-11')
  const retain = by(version, 'MQTT-3.1.2-15', 'MQTT-3.1.2-13')
  const three = by(version, 'MQTT-3.1.2-14', 'MQTT-3.1.2-12')
  const user = by(version, 'MQTT-3.1.2-19', 'MQTT-3.1.2-17')
  const password = by(version, 'MQTT-3.1.2-21', 'MQTT-3.1.2-19')
  const surplus = 'MQTT-3.1.3-1'
  return [
    bad(version, 'MQTT-3.1.2-3', 'reserved_flags', 'the reserved flag', [connect(version, { flags: 3 })]),
    bad(version, 'MQTT-3.1.2-3', 'reserved_flags', 'the reserved flag without a clean session', [
      connect(version, { flags: 1 }),
    ]),
    bad(version, 'MQTT-3.1.2-3', 'reserved_flags', 'the reserved flag with a will', [
      connect(version, { flags: 7, will: {} }),
    ]),
    good(version, 'MQTT-3.1.2-3', 'all flags but the reserved one', [
      connect(version, { will: {}, qos: 2, retain: true, user: 'u', password: 'p' }),
    ]),
    ...[1, 2, 3].map(level =>
      bad(version, qos, 'will_flags', `will QoS ${level} without a will`, [
        connect(version, { flags: 2 | (level << 3) }),
      ]),
    ),
    good(version, qos, 'will QoS 0 without a will', [connect(version)]),
    bad(version, retain, 'will_flags', 'will retain without a will', [connect(version, { flags: 0x22 })]),
    good(version, retain, 'will retain with a will', [connect(version, { will: {}, retain: true })]),
    bad(version, three, 'will_flags', 'will QoS 3', [connect(version, { will: {}, qos: 3 })]),
    bad(version, three, 'will_flags', 'will QoS 3 and retain', [connect(version, { will: {}, qos: 3, retain: true })]),
    ...[0, 1, 2].map(level => good(version, three, `will QoS ${level}`, [connect(version, { will: {}, qos: level })])),
    bad(version, 'MQTT-3.1.2-9', 'truncated', 'a will flag without a will', [connect(version, { flags: 6 })]),
    bad(version, 'MQTT-3.1.2-9', 'truncated', 'a will without payload', [
      packet(
        0x10,
        [0, 4],
        raw('MQTT'),
        [version, 6, 0, 60],
        version === 5 ? [0] : [],
        [0, 1, 0x61],
        version === 5 ? [0] : [],
        [0, 1, 0x62],
      ),
    ]),
    good(version, 'MQTT-3.1.2-9', 'a will with an empty payload', [connect(version, { will: { payload: [] } })]),
    bad(version, user, 'truncated', 'a user name flag without a user name', [connect(version, { flags: 0x82 })]),
    good(version, user, 'an empty user name', [connect(version, { user: '' })]),
    bad(version, password, 'truncated', 'a password flag without a password', [
      connect(version, { flags: 0xc2, user: 'u' }),
    ]),
    good(version, password, 'an empty password', [connect(version, { user: 'u', password: '' })]),
    bad(version, surplus, 'trailing_bytes', 'a user name that no flag announces', [
      connect(version, { flags: 2, user: 'u' }),
    ]),
    bad(version, surplus, 'trailing_bytes', 'a password that no flag announces', [
      connect(version, { flags: 0x82, user: 'u', password: 'p' }),
    ]),
    bad(version, surplus, 'trailing_bytes', 'a will that no flag announces', [
      connect(version, { flags: 2, will: {} }),
    ]),
    good(version, surplus, 'all fields in their order', [
      connect(version, { id: 'x', will: {}, user: 'u', password: 'p' }),
    ]),
    bad(version, by(version, 'MQTT-2.2.3', 'MQTT-2.1.4'), 'truncated', 'a CONNECT without a client identifier', [
      packet(0x10, [0, 4], raw('MQTT'), [version, 2, 0, 60], version === 5 ? [0] : []),
    ]),
    ...[0, 1, 65_535].map(keepAlive =>
      good(version, null, `keep alive ${keepAlive}`, [connect(version, { keepAlive })]),
    ),
    good(version, 'MQTT-3.1.3-4', 'a client identifier of 23 bytes', [
      connect(version, { id: 'abcdefghijklmnopqrstuvw' }),
    ]),
    good(version, 'MQTT-3.1.3-4', 'a client identifier of 200 bytes', [
      connect(version, { id: 'x'.repeat(200), clean: false }),
    ]),
  ]
})

const names: Vector[] = [
  bad(4, 'MQTT-3.1.2-22', 'password_alone', 'a password without a user name', [connect(4, { password: 'p' })]),
  bad(4, 'MQTT-3.1.2-22', 'password_alone', 'a password flag alone, with a will', [
    connect(4, { password: 'p', will: {} }),
  ]),
  good(4, 'MQTT-3.1.2-22', 'a user name without a password', [connect(4, { user: 'u' })]),
  good(5, null, 'a password without a user name', [connect(5, { password: 'p' })]),
  bad(4, 'MQTT-3.1.3-7', 'client_id_empty', 'an empty client identifier for a session that is kept', [
    connect(4, { id: '', clean: false }),
  ]),
  bad(4, 'MQTT-3.1.3-7', 'client_id_empty', 'an empty client identifier, kept, with a user name', [
    connect(4, { id: '', clean: false, user: 'u' }),
  ]),
  good(4, 'MQTT-3.1.3-7', 'an empty client identifier for a clean session', [connect(4, { id: '' })]),
  good(5, null, 'an empty client identifier for a session that is kept', [connect(5, { id: '', clean: false })]),
]

const wills: Vector[] = BOTH.flatMap(version => {
  const wildcard = by(version, 'MQTT-4.7.1-1', 'MQTT-4.7.0-1')
  return [
    ...['#', '+', 'a/#', '+/a', 'a/+/b', 'a#', 'a+b'].map(topic =>
      bad(version, wildcard, 'will_topic', `will topic ${topic}`, [connect(version, { will: { topic } })]),
    ),
    ...['/', 'a//b', '$SYS/x', 'a b'].map(topic =>
      good(version, wildcard, `will topic ${topic}`, [connect(version, { will: { topic } })]),
    ),
    bad(version, 'MQTT-4.7.3-1', 'will_topic', 'an empty will topic', [connect(version, { will: { topic: '' } })]),
    good(version, 'MQTT-4.7.3-1', 'a will topic of one character', [connect(version, { will: { topic: 'a' } })]),
  ]
})

const format = (payload: Bytes): readonly Bytes[] => [connect(5, { will: { payload, properties: [prop.format(1)] } })]
const willFormats: Vector[] = [
  bad(5, 'MQTT-3.1.3.2.3', 'payload_format', 'a will that says UTF-8 and is not', format([0xff]), { strict: true }),
  bad(5, 'MQTT-3.1.3.2.3', 'payload_format', 'a will that says UTF-8 and is cut off', format([0x61, 0xe2, 0x82]), {
    strict: true,
  }),
  good(5, 'MQTT-3.1.3.2.3', 'a will that says UTF-8 and is', format(raw('gr\u00fcn'))),
  good(5, 'MQTT-3.1.3.2.3', 'a will of bytes', [
    connect(5, { will: { payload: [0xff], properties: [prop.format(0)] } }),
  ]),
]

const limits: Vector[] = [
  ...[0, 1].flatMap(value => [
    good(5, 'MQTT-2.2.2.2', `request problem information ${value}`, [
      connect(5, { properties: [prop.problems(value)] }),
    ]),
    good(5, 'MQTT-2.2.2.2', `request response information ${value}`, [
      connect(5, { properties: [prop.responses(value)] }),
    ]),
  ]),
  ...[2, 255].flatMap(value => [
    bad(5, 'MQTT-2.2.2.2', 'property_value', `request problem information ${value}`, [
      connect(5, { properties: [prop.problems(value)] }),
    ]),
    bad(5, 'MQTT-2.2.2.2', 'property_value', `request response information ${value}`, [
      connect(5, { properties: [prop.responses(value)] }),
    ]),
  ]),
  bad(5, 'MQTT-2.2.2.2', 'property_value', 'receive maximum 0', [connect(5, { properties: [prop.receiveMaximum(0)] })]),
  good(5, 'MQTT-2.2.2.2', 'receive maximum 1', [connect(5, { properties: [prop.receiveMaximum(1)] })]),
  bad(5, 'MQTT-2.2.2.2', 'property_value', 'maximum packet size 0', [
    connect(5, { properties: [prop.maximumPacket(0)] }),
  ]),
  good(5, 'MQTT-2.2.2.2', 'maximum packet size 256', [connect(5, { properties: [prop.maximumPacket(256)] })]),
  ...[0, 1, 65_535].map(value =>
    good(5, 'MQTT-2.2.2.2', `topic alias maximum ${value}`, [connect(5, { properties: [prop.aliasMaximum(value)] })]),
  ),
  ...[0, 1, 0xffffffff].map(value =>
    good(5, 'MQTT-2.2.2.2', `session expiry ${value}`, [connect(5, { properties: [prop.sessionExpiry(value)] })]),
  ),
]

const ended: Vector[] = BOTH.flatMap(version => {
  const clause = by(version, 'MQTT-3.14.4-2', 'MQTT-3.14.4-1')
  const more: readonly (readonly [string, Bytes])[] = [
    ['PINGREQ', PINGREQ],
    ['PUBLISH', publish(version)],
    ['SUBSCRIBE', subscribe(version, [['a', 0]])],
    ['another DISCONNECT', DISCONNECT],
    ['CONNECT', connect(version)],
  ]
  return [
    ...more.map(([name, bytes]) =>
      bad(version, clause, 'after_disconnect', `${name} after DISCONNECT`, [connect(version), DISCONNECT, bytes], {
        strict: true,
      }),
    ),
    good(version, clause, 'DISCONNECT last', [connect(version), publish(version), DISCONNECT]),
  ]
})

const expiry = (connects: number | null, value: number): readonly Bytes[] => [
  connect(5, connects === null ? {} : { properties: [prop.sessionExpiry(connects)] }),
  told(0xe0, 0, [prop.sessionExpiry(value)]),
]
const leaving: Vector[] = [
  bad(
    5,
    'MQTT-3.14.2.2.2',
    'session_expiry_raised',
    'a session expiry at the end and none at the beginning',
    expiry(null, 60),
  ),
  bad(
    5,
    'MQTT-3.14.2.2.2',
    'session_expiry_raised',
    'a session expiry at the end and 0 at the beginning',
    expiry(0, 1),
  ),
  bad(
    5,
    'MQTT-3.14.2.2.2',
    'session_expiry_raised',
    'a session that never ends, and 0 at the beginning',
    expiry(0, 0xffffffff),
  ),
  good(5, 'MQTT-3.14.2.2.2', 'a longer session expiry', expiry(10, 600)),
  good(5, 'MQTT-3.14.2.2.2', 'session expiry 0 and 0', expiry(0, 0)),
  good(5, 'MQTT-3.14.2.2.2', 'session expiry brought to 0', expiry(10, 0)),
]

export const connectVectors: readonly Vector[] = [
  ...before,
  ...protocol,
  ...flags,
  ...names,
  ...wills,
  ...willFormats,
  ...limits,
  ...ended,
  ...leaving,
]
