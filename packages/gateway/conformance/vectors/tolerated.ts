import { ack, type Bytes, PUBACK, packet, prop, publish, raw, text, u16, type Version, variable } from '../build.ts'
import { client, open, type Said, server, talk } from '../say.ts'
import type { Talk } from '../talk.ts'
import { BOTH, by } from '../vector.ts'

const told = (version: Version, clause: string, name: string, bytes: Bytes, before: Said = []): Talk =>
  talk(version, clause, 'accept', `${name}, of a server`, open(version), before, server(bytes))

const sent = (...properties: Bytes[]): Bytes => publish(5, { properties })

/**
 * What a device is refused as strict and a server is not: any back end could otherwise end the sessions of all readers of its
 * messages, and with a retained one at every reconnection.
 */
export const toleratedTalks: readonly Talk[] = [
  ...BOTH.flatMap(version => [
    told(version, 'MQTT-3.3.1-2', 'DUP with QoS 0', publish(version, { dup: true })),
    told(
      version,
      by(version, 'MQTT-1.5.3', 'MQTT-1.5.4'),
      'a control character in a topic',
      publish(version, { topic: 'a\u0001' }),
    ),
  ]),
  told(5, 'MQTT-3.3.2-14', 'a response topic with a wildcard', sent(prop.responseTopic('a/#'))),
  told(5, 'MQTT-4.7.3-1', 'an empty response topic', sent(prop.responseTopic(''))),
  told(5, 'MQTT-2.2.2.2', 'a payload format of 2', sent(prop.format(2))),
  told(
    5,
    'MQTT-3.3.2.3.2',
    'a payload that is not UTF-8 and says so',
    publish(5, { payload: [0xff], properties: [prop.format(1)] }),
  ),
  told(5, 'MQTT-1.5.4', 'a control character in a user property', sent(prop.user('a\u007f', 'b'))),
  told(5, 'MQTT-1.5.5-1', 'a property length with a byte too many', packet(0x30, text('a'), variable(0, 1), raw('x'))),
  told(5, 'MQTT-1.5.5-1', 'a length with a byte too many', [0x30, ...variable(4, 1), ...text('a'), 0]),
  told(5, 'MQTT-1.5.5-1', 'a subscription identifier with a byte too many', sent(prop.subscriptionId(5, 1))),
  told(5, 'MQTT-3.4.2-1', 'PUBACK with a reason of none', packet(PUBACK, u16(7), [1]), client(publish(5, { qos: 1 }))),
  told(5, 'MQTT-3.6.2-1', 'PUBREL with a reason of none', ack(0x62, 7, 1)),
]
