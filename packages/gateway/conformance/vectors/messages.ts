import {
  ack,
  type Bytes,
  connect,
  PINGREQ,
  PUBACK,
  PUBCOMP,
  PUBREC,
  PUBREL,
  packet,
  prop,
  publish,
  subscribe,
  unsubscribe,
  type Version,
} from '../build.ts'
import { BOTH, bad, good, type Vector } from '../vector.ts'

const WILDCARDS = ['#', '+', 'a/#', 'a/+', '+/a', 'a/+/b', '#/a', 'a#', 'a+', '/+/']
const NAMES = ['a', '/', '//', 'a/', '/a', 'a//b', '$SYS/x', '$share/g/a', ' ', 'A b/C', '-.~', '\u00e4/\u{1f600}']

const topics: Vector[] = BOTH.flatMap(version => {
  const sent = (topic: string, qos = 0) => [connect(version), publish(version, { topic, qos })]
  return [
    ...WILDCARDS.map((topic, index) =>
      bad(version, 'MQTT-3.3.2-2', 'topic_wildcard', `topic ${topic}`, sent(topic, index % 3)),
    ),
    ...NAMES.map((topic, index) =>
      good(version, 'MQTT-3.3.2-2', `topic ${JSON.stringify(topic)}`, sent(topic, index % 3)),
    ),
    bad(version, 'MQTT-4.7.3-1', 'topic_empty', 'an empty topic', sent('')),
    bad(version, 'MQTT-4.7.3-1', 'topic_empty', 'an empty topic with QoS 2', sent('', 2)),
    good(version, 'MQTT-4.7.3-3', 'a topic of 65535 bytes', sent('x'.repeat(65_535))),
    good(version, 'MQTT-4.7.3-1', 'a topic of one character', sent('b', 1)),
  ]
})

const flags: Vector[] = BOTH.flatMap(version => [
  ...[false, true].flatMap(retain => [
    bad(version, 'MQTT-3.3.1-4', 'qos_3', `QoS 3${retain ? ', retained' : ''}`, [
      connect(version),
      publish(version, { qos: 3, retain }),
    ]),
    bad(version, 'MQTT-3.3.1-4', 'qos_3', `QoS 3 with DUP${retain ? ', retained' : ''}`, [
      connect(version),
      publish(version, { qos: 3, dup: true, retain }),
    ]),
    bad(
      version,
      'MQTT-3.3.1-2',
      'dup_qos_0',
      `DUP with QoS 0${retain ? ', retained' : ''}`,
      [connect(version), publish(version, { dup: true, retain })],
      { strict: true },
    ),
    ...[0, 1, 2].map(qos =>
      good(version, 'MQTT-3.3.1-4', `QoS ${qos}${retain ? ', retained' : ''}`, [
        connect(version),
        publish(version, { qos, retain }),
      ]),
    ),
    ...[1, 2].map(qos =>
      good(version, 'MQTT-3.3.1-2', `DUP with QoS ${qos}${retain ? ', retained' : ''}`, [
        connect(version, { clean: false }),
        publish(version, { qos, dup: true, retain }),
      ]),
    ),
  ]),
])

const aliased = (alias: number, topic = '', more: Bytes[] = []): Bytes =>
  publish(5, { topic, properties: [prop.alias(alias), ...more] })
const aliases: Vector[] = [
  bad(5, 'MQTT-3.3.2-8', 'alias_zero', 'alias 0 with a topic', [connect(5), aliased(0, 'a')]),
  bad(5, 'MQTT-3.3.2-8', 'alias_zero', 'alias 0 without a topic', [connect(5), aliased(0)]),
  bad(5, 'MQTT-3.3.2-8', 'alias_zero', 'alias 0 after alias 1', [connect(5), aliased(1, 'a'), aliased(0, 'a')]),
  good(5, 'MQTT-3.3.2-8', 'alias 1', [connect(5), aliased(1, 'a'), aliased(1)]),
  bad(5, 'MQTT-3.3.2-9', 'alias_too_large', 'an alias above the maximum', [connect(5), aliased(11, 'a')], {
    options: { aliases: 10 },
  }),
  bad(5, 'MQTT-3.3.2-9', 'alias_too_large', 'any alias where none is granted', [connect(5), aliased(1, 'a')], {
    options: { aliases: 0 },
  }),
  bad(
    5,
    'MQTT-3.3.2-9',
    'alias_too_large',
    'an alias far above the maximum',
    [connect(5), aliased(10, 'a'), aliased(65_535, 'b')],
    { options: { aliases: 10 } },
  ),
  good(5, 'MQTT-3.3.2-9', 'the largest alias', [connect(5), aliased(10, 'a'), aliased(10)], { aliases: 10 }),
  bad(5, 'MQTT-3.3.2.3.4', 'alias_unknown', 'an alias that nothing was said of', [connect(5), aliased(2)]),
  bad(5, 'MQTT-3.3.2.3.4', 'alias_unknown', 'another alias than was set', [connect(5), aliased(1, 'a'), aliased(2)]),
  bad(5, 'MQTT-3.3.2.3.4', 'alias_unknown', 'an alias before it is set', [connect(5), aliased(1), aliased(1, 'a')]),
  good(5, 'MQTT-3.3.2.3.4', 'an alias set anew', [
    connect(5),
    aliased(1, 'a'),
    aliased(1),
    aliased(1, 'b'),
    aliased(1),
  ]),
  good(5, 'MQTT-3.3.2.3.4', 'an alias after one that was only given a topic', [
    connect(5),
    aliased(1, 'a'),
    publish(5, { topic: 'b' }),
    aliased(1),
  ]),
]

const exchanges: Vector[] = BOTH.flatMap(version => {
  const two = (id: number) => publish(version, { qos: 2, id })
  return [
    good(version, 'MQTT-4.3.3-1', 'a whole exchange of QoS 2', [
      connect(version),
      two(1),
      ack(PUBREL, 1),
      two(1),
      ack(PUBREL, 1),
    ]),
    good(version, 'MQTT-4.3.3-1', 'two exchanges of QoS 2 that overlap', [
      connect(version),
      two(1),
      two(2),
      ack(PUBREL, 1),
      ack(PUBREL, 2),
      two(1),
    ]),
    good(version, 'MQTT-4.3.3-1', 'PUBREL of a former connection', [
      connect(version, { clean: false }),
      ack(PUBREL, 77),
    ]),
    good(version, 'MQTT-4.3.3-1', 'PUBREL sent twice', [connect(version), two(1), ack(PUBREL, 1), ack(PUBREL, 1)]),
    ...[PUBACK, PUBREC, PUBCOMP].map(first =>
      good(version, null, `acknowledgement ${first >> 4} of a message of the broker`, [
        connect(version, { clean: false }),
        ack(first, 12),
      ]),
    ),
    good(version, 'MQTT-4.3.2-1', 'many messages of QoS 1', [
      connect(version),
      ...Array.from({ length: 30 }, (_, id) => publish(version, { qos: 1, id: id + 1 })),
    ]),
  ]
})

const crowds: Vector[] = [3, 1].flatMap(most => {
  const some = (count: number): Bytes[] => Array.from({ length: count }, (_, id) => publish(5, { qos: 2, id: id + 1 }))
  const given = { receiveMaximum: most }
  return [
    bad(
      5,
      'MQTT-3.3.4-7',
      'receive_maximum',
      `more than ${most} messages of QoS 2 under way`,
      [connect(5), ...some(most + 1)],
      { options: given },
    ),
    good(5, 'MQTT-3.3.4-7', `${most} messages of QoS 2 under way`, [connect(5), ...some(most)], given),
    good(
      5,
      'MQTT-3.3.4-7',
      `more than ${most} after a PUBREL`,
      [connect(5), ...some(most), ack(PUBREL, 1), publish(5, { qos: 2, id: 60 })],
      given,
    ),
  ]
})

const long: Vector[] = BOTH.map((version: Version) =>
  good(version, null, 'a day of a device', [
    connect(version, {
      will: { topic: 'plant/pump-1/state', payload: 'gone' },
      qos: 1,
      retain: true,
      user: 'pump',
      password: 'x',
    }),
    subscribe(
      version,
      [
        ['plant/pump-1/set/#', 1],
        ['plant/all', 0],
      ],
      { id: 1 },
    ),
    publish(version, { topic: 'plant/pump-1/state', payload: 'on', qos: 1, id: 2, retain: true }),
    ...Array.from({ length: 5 }, (_, index) => publish(version, { topic: 'plant/pump-1/flow', payload: `${index}` })),
    PINGREQ,
    publish(version, { topic: 'plant/pump-1/total', qos: 2, id: 3 }),
    ack(PUBREL, 3),
    unsubscribe(version, ['plant/all'], { id: 4 }),
    packet(0xe0),
  ]),
)

export const messageVectors: readonly Vector[] = [...topics, ...flags, ...aliases, ...exchanges, ...crowds, ...long]
