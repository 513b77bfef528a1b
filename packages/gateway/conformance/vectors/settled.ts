import { ack, type Bytes, connect, PUBACK, PUBREL, prop, publish, text, told } from '../build.ts'
import { client, connack, open, type Said, server, talk } from '../say.ts'
import type { Talk } from '../talk.ts'
import { BOTH, by } from '../vector.ts'

const messages: Talk[] = BOTH.flatMap(version => {
  const ids = by(version, 'MQTT-2.3.1-4', 'MQTT-2.2.1-4')
  const one = (id: number, dup = false) => publish(version, { qos: 1, id, dup })
  return [
    talk(
      version,
      ids,
      'packet_id_in_use',
      'an identifier again before its PUBACK',
      open(version),
      server(one(3), one(3)),
    ),
    talk(
      version,
      ids,
      'packet_id_in_use',
      'an identifier again before its PUBCOMP',
      open(version),
      server(publish(version, { qos: 2, id: 3 })),
      client(ack(0x50, 3)),
      server(one(3)),
    ),
    talk(
      version,
      ids,
      'accept',
      'an identifier again after its PUBACK',
      open(version),
      server(one(3)),
      client(ack(PUBACK, 3)),
      server(one(3)),
    ),
    talk(version, ids, 'accept', 'a message again with DUP', open(version), server(one(3), one(3, true))),
    talk(
      version,
      'MQTT-3.3.2-2',
      'topic_wildcard',
      'a topic with a wildcard, of a server',
      open(version),
      server(publish(version, { topic: 'a/+' })),
    ),
    talk(
      version,
      'MQTT-3.3.2-2',
      'accept',
      'a topic of a server',
      open(version),
      server(publish(version, { topic: 'a/b' })),
    ),
    ...(version === 5
      ? []
      : [
          talk(4, 'MQTT-2.3.1-1', 'packet_id_zero', 'identifier 0 of a server', open(4), server(one(0))),
          talk(4, 'MQTT-2.3.1-1', 'accept', 'identifier 1 of a server', open(4), server(one(1))),
        ]),
  ]
})

const used: Talk[] = [
  talk(
    5,
    'MQTT-2.2.1-3',
    'packet_id_in_use',
    'an identifier again before PUBACK',
    open(5),
    client(publish(5, { qos: 1 }), publish(5, { qos: 1 })),
  ),
  talk(
    5,
    'MQTT-2.2.1-3',
    'packet_id_in_use',
    'a message again before PUBREC',
    open(5),
    client(publish(5, { qos: 2 }), publish(5, { qos: 2, dup: true })),
  ),
  talk(
    5,
    'MQTT-2.2.1-3',
    'accept',
    'an identifier again after PUBREC with a refusal',
    open(5),
    client(publish(5, { qos: 2 })),
    server(ack(0x50, 7, 0x97)),
    client(publish(5, { qos: 2 })),
  ),
]

const five = (props: Bytes[]) => open(5, props)
const limits: Talk[] = [
  talk(
    5,
    'MQTT-2.2.1-4',
    'packet_id_zero',
    'identifier 0 of a server',
    five([]),
    server(publish(5, { qos: 1, id: 0 })),
  ),
  talk(
    5,
    'MQTT-3.3.4-9',
    'receive_maximum',
    'more messages than the client takes',
    five([prop.receiveMaximum(2)]),
    server(...[1, 2, 3].map(id => publish(5, { qos: 1, id }))),
  ),
  talk(
    5,
    'MQTT-3.3.4-9',
    'accept',
    'as many messages as the client takes',
    five([prop.receiveMaximum(2)]),
    server(publish(5, { qos: 1, id: 1 }), publish(5, { qos: 2, id: 2 }), publish(5)),
  ),
  talk(
    5,
    'MQTT-3.3.2-11',
    'alias_too_large',
    'an alias that the client does not take',
    five([prop.aliasMaximum(4)]),
    server(publish(5, { properties: [prop.alias(5)] })),
  ),
  talk(
    5,
    'MQTT-3.3.2-11',
    'alias_too_large',
    'an alias though the client takes none',
    five([]),
    server(publish(5, { properties: [prop.alias(1)] })),
  ),
  talk(
    5,
    'MQTT-3.3.2-11',
    'accept',
    'the largest alias that the client takes',
    five([prop.aliasMaximum(4)]),
    server(publish(5, { properties: [prop.alias(4)] })),
  ),
  talk(
    5,
    'MQTT-3.1.2-24',
    'packet_too_large',
    'a packet larger than the client takes',
    five([prop.maximumPacket(40)]),
    server(publish(5, { payload: 'x'.repeat(40) })),
  ),
  talk(
    5,
    'MQTT-3.1.2-24',
    'accept',
    'a packet that the client takes',
    five([prop.maximumPacket(40)]),
    server(publish(5, { payload: 'x'.repeat(20) })),
  ),
  talk(
    5,
    'MQTT-3.1.2-28',
    'response_information',
    'response information that was not asked for',
    client(connect(5)),
    server(connack(5, 0, 0, [[0x1a, ...text('answers/')]])),
  ),
  talk(
    5,
    'MQTT-3.1.2-28',
    'accept',
    'response information',
    client(connect(5, { properties: [prop.responses(1)] })),
    server(connack(5, 0, 0, [[0x1a, ...text('answers/')]])),
  ),
  talk(
    5,
    'MQTT-3.1.2-29',
    'problem_information',
    'a reason string though none was wanted',
    five([prop.problems(0)]),
    client(publish(5, { qos: 1 })),
    server(ack(PUBACK, 7, 0x97, [prop.reason('full')])),
  ),
  talk(
    5,
    'MQTT-3.1.2-29',
    'problem_information',
    'a user property in PUBREL though none was wanted',
    five([prop.problems(0)]),
    server(ack(PUBREL, 7, 0, [prop.user('a', 'b')])),
  ),
  talk(
    5,
    'MQTT-3.1.2-29',
    'accept',
    'a reason string',
    five([prop.problems(1)]),
    client(publish(5, { qos: 1 })),
    server(ack(PUBACK, 7, 0x97, [prop.reason('full')])),
  ),
  talk(
    5,
    'MQTT-3.14.2-2',
    'session_expiry_from_server',
    "a session expiry in a server's DISCONNECT",
    five([]),
    server(told(0xe0, 0x8b, [prop.sessionExpiry(1)])),
  ),
  talk(
    5,
    'MQTT-3.14.2-2',
    'accept',
    "a server's DISCONNECT",
    five([]),
    server(told(0xe0, 0x8b, [prop.reason('night')])),
  ),
  talk(5, 'MQTT-3.14.2-1', 'accept', "a server's DISCONNECT with reason 4", five([]), server(told(0xe0, 4))),
  talk(5, 'MQTT-3.14.2-1', 'accept', "a server's DISCONNECT with reason 142", five([]), server(told(0xe0, 0x8e))),
  talk(
    5,
    'MQTT-3.14.4-1',
    'after_disconnect',
    "a message after a server's DISCONNECT",
    five([]),
    server(told(0xe0, 0x8b), publish(5)),
  ),
  talk(
    5,
    'MQTT-3.14.4-1',
    'accept',
    "a message before a server's DISCONNECT",
    five([]),
    server(publish(5), told(0xe0, 0x8b)),
  ),
  talk(
    5,
    'MQTT-2.2.2.2',
    'property_value',
    'receive maximum 0 of a server',
    client(connect(5)),
    server(connack(5, 0, 0, [prop.receiveMaximum(0)])),
  ),
  talk(
    5,
    'MQTT-2.2.2.2',
    'accept',
    'receive maximum 1 of a server',
    client(connect(5)),
    server(connack(5, 0, 0, [prop.receiveMaximum(1)])),
  ),
]

const granted = (...props: Bytes[]): Said => [...client(connect(5)), ...server(connack(5, 0, 0, props))]
const settled: Talk[] = [
  talk(
    5,
    'MQTT-3.2.2-11',
    'qos_not_supported',
    'QoS 2 where the server takes 1',
    granted([0x24, 1]),
    client(publish(5, { qos: 2 })),
  ),
  talk(
    5,
    'MQTT-3.2.2-11',
    'qos_not_supported',
    'QoS 1 where the server takes 0',
    granted([0x24, 0]),
    client(publish(5, { qos: 1 })),
  ),
  talk(
    5,
    'MQTT-3.2.2-11',
    'accept',
    'QoS 1 where the server takes 1',
    granted([0x24, 1]),
    client(publish(5, { qos: 1 })),
  ),
  talk(
    5,
    'MQTT-3.2.2-14',
    'retain_not_supported',
    'a retained message where the server keeps none',
    granted([0x25, 0]),
    client(publish(5, { retain: true })),
  ),
  talk(5, 'MQTT-3.2.2-14', 'accept', 'a message where the server keeps none', granted([0x25, 0]), client(publish(5))),
]

/** What either side may not say after the other's word: identifiers and limits. */
export const settledTalks: readonly Talk[] = [...messages, ...used, ...limits, ...settled]
