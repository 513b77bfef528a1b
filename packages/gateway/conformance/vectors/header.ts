import {
  ack,
  type Bytes,
  connect,
  DISCONNECT,
  PINGREQ,
  PUBACK,
  PUBCOMP,
  PUBREC,
  PUBREL,
  packet,
  prop,
  properties,
  publish,
  subscribe,
  text,
  told,
  u16,
  unsubscribe,
  type Version,
  variable,
} from '../build.ts'
import { BOTH, bad, by, good, type Vector } from '../vector.ts'

const hello = (version: Version): Bytes => connect(version)

/** Each packet cut short and made too long within a length that fits. */
const sizes: Vector[] = BOTH.flatMap(version => {
  const cut = by(version, 'MQTT-2.2.3', 'MQTT-2.1.4')
  const grown = (bytes: Bytes): Bytes => [bytes[0], bytes[1] + 1, ...bytes.slice(2), 0]
  const long: readonly (readonly [string, string, Bytes])[] = [
    ['PINGREQ', 'MQTT-3.12.2', PINGREQ],
    ...(version === 4
      ? ([
          ['PUBACK', 'MQTT-3.4.2', ack(PUBACK, 7)],
          ['PUBREC', 'MQTT-3.5.2', ack(PUBREC, 7)],
          ['PUBREL', 'MQTT-3.6.2', ack(PUBREL, 7)],
          ['PUBCOMP', 'MQTT-3.7.2', ack(PUBCOMP, 7)],
          ['DISCONNECT', 'MQTT-3.14.2', DISCONNECT],
        ] as const)
      : ([
          ['PUBACK', 'MQTT-3.4.2', ack(PUBACK, 7, 0, [])],
          ['PUBREC', 'MQTT-3.5.2', ack(PUBREC, 7, 0, [])],
          ['PUBREL', 'MQTT-3.6.2', ack(PUBREL, 7, 0, [])],
          ['PUBCOMP', 'MQTT-3.7.2', ack(PUBCOMP, 7, 0, [])],
          ['DISCONNECT', 'MQTT-3.14.2', told(0xe0, 0, [])],
        ] as const)),
  ]
  const acks = [PUBACK, PUBREC, PUBREL, PUBCOMP]
  const stump = packet(0x82, u16(9), version === 5 ? [0] : [], u16(7), [0x61])
  return [
    ...long.map(([name, clause, bytes]) =>
      bad(version, clause, 'trailing_bytes', `${name} with a byte too many`, [hello(version), grown(bytes)]),
    ),
    ...long.map(([name, clause, bytes]) =>
      good(version, clause, `${name} as long as it must be`, [hello(version), bytes]),
    ),
    ...acks.flatMap(first => [
      bad(version, `MQTT-3.${first >> 4}.2`, 'truncated', `acknowledgement ${first >> 4} of one byte`, [
        hello(version),
        [first, 1, 0],
      ]),
      bad(version, `MQTT-3.${first >> 4}.2`, 'truncated', `acknowledgement ${first >> 4} without a body`, [
        hello(version),
        [first, 0],
      ]),
    ]),
    bad(version, 'MQTT-3.3.2', 'truncated', 'a topic beyond its packet', [hello(version), [0x30, 4, 0, 9, 0x61, 0x62]]),
    bad(version, 'MQTT-3.3.2', 'truncated', 'a PUBLISH without a body', [hello(version), [0x30, 0]]),
    bad(version, 'MQTT-3.3.2', 'truncated', 'no room for the identifier', [hello(version), [0x32, 4, 0, 1, 0x61, 0]]),
    bad(version, cut, 'truncated', 'a filter beyond its packet', [hello(version), stump]),
    bad(version, cut, 'truncated', 'a filter without options', [
      hello(version),
      packet(0x82, u16(9), version === 5 ? [0] : [], text('a')),
    ]),
    bad(version, cut, 'truncated', 'a SUBSCRIBE of one byte', [hello(version), [0x82, 1, 0]]),
    bad(version, cut, 'truncated', 'an UNSUBSCRIBE of one byte', [hello(version), [0xa2, 1, 0]]),
    bad(version, cut, 'truncated', 'a filter to leave beyond its packet', [
      hello(version),
      packet(0xa2, u16(9), version === 5 ? [0] : [], u16(3), [0x61]),
    ]),
    good(version, cut, 'an UNSUBSCRIBE that ends with its filter', [hello(version), unsubscribe(version, ['abc'])]),
    good(version, 'MQTT-3.3.2', 'a PUBLISH with an empty payload', [hello(version), publish(version, { payload: [] })]),
  ]
})

/** The Remaining Length. */
const lengths: Vector[] = BOTH.flatMap(version => {
  const malformed = by(version, 'MQTT-2.2.3', 'MQTT-1.5.5')
  const body = publish(version).slice(2)
  const spelled = (extra: number): Bytes => [0x30, ...variable(body.length, extra), ...body]
  const sized = (size: number): Bytes => publish(version, { payload: Array.from({ length: size }, () => 0x20) })
  return [
    bad(version, malformed, 'malformed_length', 'a length of five bytes', [
      hello(version),
      [0x30, 0xff, 0xff, 0xff, 0xff, 0x01],
    ]),
    bad(version, malformed, 'malformed_length', 'a length that is padded to five bytes', [
      hello(version),
      [0xc0, 0x80, 0x80, 0x80, 0x80, 0x00],
    ]),
    bad(version, malformed, 'malformed_length', 'a PUBREL with a length of five bytes', [
      hello(version),
      [0x62, 0x82, 0x80, 0x80, 0x80, 0x00, 0, 7],
    ]),
    ...[1, 2, 3].map(extra =>
      version === 5
        ? bad(
            5,
            'MQTT-1.5.5-1',
            'length_not_shortest',
            `a length with ${extra} bytes too many`,
            [hello(5), spelled(extra)],
            { strict: true },
          )
        : good(4, null, `a length with ${extra} bytes too many`, [hello(4), spelled(extra)]),
    ),
    ...[100, 127, 128, 200, 16_383, 16_384].map(size =>
      good(version, by(version, 'MQTT-2.2.3', 'MQTT-1.5.5-1'), `a payload of ${size} bytes`, [
        hello(version),
        sized(size),
      ]),
    ),
    bad(
      version,
      by(version, 'MQTT-2.2.3', 'MQTT-3.2.2-15'),
      'packet_too_large',
      'a packet above the maximum',
      [hello(version), sized(200)],
      { options: { maxPacket: 100 } },
    ),
    bad(
      version,
      by(version, 'MQTT-2.2.3', 'MQTT-3.2.2-15'),
      'packet_too_large',
      'a length above the maximum, without its bytes',
      [hello(version), [0x30, 0xff, 0xff, 0xff, 0x7f]],
      { options: { maxPacket: 1_000 } },
    ),
    good(version, by(version, 'MQTT-2.2.3', 'MQTT-3.2.2-15'), 'a packet of the maximum', [hello(version), sized(80)], {
      maxPacket: sized(80).length,
    }),
    ...[1, 2, 5, 12].map(left =>
      bad(
        version,
        by(version, 'MQTT-2.2.3', 'MQTT-2.1.4'),
        'incomplete',
        `a stream that ends ${left} bytes into a PUBLISH`,
        [hello(version), publish(version).slice(0, left)],
      ),
    ),
  ]
})

/** Properties as a field: its length. */
const fields: Vector[] = [
  bad(5, 'MQTT-2.2.2-1', 'property_length', 'a PUBLISH without a property length', [hello(5), packet(0x30, text('a'))]),
  bad(5, 'MQTT-2.2.2-1', 'property_length', 'a SUBSCRIBE without a property length', [hello(5), packet(0x82, u16(9))]),
  bad(5, 'MQTT-2.2.2-1', 'property_length', 'an UNSUBSCRIBE without a property length', [
    hello(5),
    packet(0xa2, u16(9)),
  ]),
  bad(5, 'MQTT-2.2.2-1', 'property_length', 'a CONNECT without a property length', [
    packet(0x10, text('MQTT'), [5, 2, 0, 60]),
  ]),
  bad(5, 'MQTT-2.2.2-1', 'property_length', 'a property length of five bytes', [
    hello(5),
    packet(0x30, text('a'), [0x80, 0x80, 0x80, 0x80, 0x00]),
  ]),
  good(5, 'MQTT-2.2.2-1', 'no properties', [hello(5), publish(5)]),
  bad(5, 'MQTT-2.2.2.1', 'property_length', 'properties beyond a PUBLISH', [
    hello(5),
    packet(0x30, text('a'), [9, 1, 1]),
  ]),
  bad(5, 'MQTT-2.2.2.1', 'property_length', 'properties beyond a PUBACK', [
    hello(5),
    packet(PUBACK, u16(7), [0, 3, 0x1f]),
  ]),
  bad(5, 'MQTT-2.2.2.1', 'property_length', 'properties beyond a CONNECT', [
    packet(0x10, text('MQTT'), [5, 2, 0, 60, 90], text('a')),
  ]),
  good(5, 'MQTT-2.2.2.1', 'properties that fill a PUBLISH', [
    hello(5),
    publish(5, { payload: [], properties: [prop.alias(1), prop.format(1)] }),
  ]),
  ...[1, 2].flatMap(extra => [
    bad(
      5,
      'MQTT-1.5.5-1',
      'property_length_not_shortest',
      `a property length with ${extra} bytes too many in PUBLISH`,
      [hello(5), packet(0x30, text('a'), variable(0, extra))],
      { strict: true },
    ),
    bad(
      5,
      'MQTT-1.5.5-1',
      'property_length_not_shortest',
      `a property length with ${extra} bytes too many in SUBSCRIBE`,
      [hello(5), packet(0x82, u16(9), variable(0, extra), text('a'), [0])],
      { strict: true },
    ),
  ]),
  bad(
    5,
    'MQTT-1.5.5-1',
    'property_not_shortest',
    'a subscription identifier with a byte too many',
    [hello(5), subscribe(5, [['a', 0]], { properties: [prop.subscriptionId(5, 1)] })],
    { strict: true },
  ),
  bad(5, 'MQTT-1.5.5', 'property_malformed', 'a subscription identifier of five bytes', [
    hello(5),
    packet(0x82, u16(9), properties([0x0b, 0xff, 0xff, 0xff, 0xff, 0x01]), text('a'), [0]),
  ]),
  good(5, 'MQTT-1.5.5', 'the largest subscription identifier', [
    hello(5),
    subscribe(5, [['a', 0]], { properties: [prop.subscriptionId(268_435_455)] }),
  ]),
]

const stumps: Vector[] = [4, 8, 12].map(left =>
  bad(4, 'MQTT-2.2.3', 'incomplete', `a stream that ends ${left} bytes into its CONNECT`, [hello(4).slice(0, left)]),
)

export const headerVectors: readonly Vector[] = [...sizes, ...lengths, ...fields, ...stumps]
