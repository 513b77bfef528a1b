import { connect, DISCONNECT, frame, prefixed, publish, type Version } from './packets.ts'

/** One illegal string of bytes, with what the standard says against it. */
export interface Malformed {
  readonly name: string
  readonly version: Version
  /** Whether it stands after a valid CONNECT or instead of it. */
  readonly after: boolean
  readonly bytes: Uint8Array
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const utf8 = (text: string): Buffer => prefixed(hex(text))
const id = hex('00 01')

/** @param device whose session it is; @param topic of its own, so that only the form is wrong */
export function malformed(device: string, topic: string): readonly Malformed[] {
  const after = (name: string, bytes: Uint8Array, version: Version = 4): Malformed => ({
    name,
    version,
    after: true,
    bytes,
  })
  const instead = (name: string, bytes: Uint8Array): Malformed => ({ name, version: 4, after: false, bytes })
  const hello = connect({ version: 4, clientId: device })
  const own = prefixed(topic)
  const none = hex('00')
  return [
    after('packet type 0', hex('00 00')),
    after('AUTH in MQTT 3.1.1', hex('f0 00')),
    after('remaining length of five bytes', hex('30 ff ff ff ff 01')),
    after('second CONNECT (MQTT-3.1.0-2)', hello),
    after('CONNACK from a client', hex('20 02 00 00')),
    after('SUBACK from a client', hex('90 03 00 01 00')),
    after('PINGRESP from a client', hex('d0 00')),
    after('PINGREQ with a body', hex('c0 01 00')),
    after('PINGREQ with flags (MQTT-2.2.2-2)', hex('c1 00')),
    after('PUBLISH with QoS 3 (MQTT-3.3.1-4)', frame(0x36, own, id)),
    after('PUBLISH with a wildcard in its topic (MQTT-3.3.2-2)', publish(4, { topic: `${topic}/+`, payload: 'x' })),
    after('PUBLISH without a topic (MQTT-4.7.3-1)', publish(4, { topic: '', payload: 'x' })),
    after('PUBLISH with a broken UTF-8 topic (MQTT-1.5.3-1)', frame(0x30, utf8('61 ff fe'))),
    after('PUBLISH with a surrogate in its topic (MQTT-1.5.3-1)', frame(0x30, utf8('61 ed a0 80'))),
    after('PUBLISH with U+0000 in its topic (MQTT-1.5.3-2)', frame(0x30, utf8('61 00 62'))),
    after('PUBLISH whose topic is longer than the packet', frame(0x30, hex('00 ff 61'))),
    after('PUBLISH with packet id 0 (MQTT-2.3.1-1)', publish(4, { topic, payload: 'x', qos: 1 }, 0)),
    after('PUBACK of one byte', hex('40 01 00')),
    after('PUBREL with wrong flags (MQTT-3.6.1-1)', hex('60 02 00 01')),
    after('SUBSCRIBE with wrong flags (MQTT-3.8.1-1)', frame(0x80, id, own, none)),
    after('SUBSCRIBE without filters (MQTT-3.8.3-3)', frame(0x82, id)),
    after('SUBSCRIBE with QoS 3 (MQTT-3.8.3-4)', frame(0x82, id, own, hex('03'))),
    after('SUBSCRIBE with # in the middle (MQTT-4.7.1-2)', frame(0x82, id, prefixed('a/#/b'), none)),
    after('UNSUBSCRIBE with wrong flags (MQTT-3.10.1-1)', frame(0xa0, id, own)),
    after('UNSUBSCRIBE without filters (MQTT-3.10.3-2)', frame(0xa2, id)),
    after('v5 PUBLISH with an unknown property', publish(5, { topic, payload: 'x' }, 1, [0x7f, 0]), 5),
    after('v5 PUBLISH with a property twice', publish(5, { topic, payload: 'x' }, 1, [1, 0, 1, 0]), 5),
    after('v5 PUBLISH with topic alias 0 (MQTT-3.3.2-8)', publish(5, { topic, payload: 'x' }, 1, [0x23, 0, 0]), 5),
    after('v5 PUBLISH with an undefined alias', publish(5, { topic: '', payload: 'x' }, 1, [0x23, 0, 1]), 5),
    after('v5 properties longer than the packet', frame(0x30, own, hex('7f')), 5),
    after('v5 SUBSCRIBE with retain handling 3', frame(0x82, id, none, own, hex('30')), 5),
    after('v5 AUTH without a method', hex('f0 00'), 5),
    instead('PUBLISH before CONNECT (MQTT-3.1.0-1)', publish(4, { topic, payload: 'x' })),
    instead('PINGREQ before CONNECT (MQTT-3.1.0-1)', hex('c0 00')),
    instead('DISCONNECT before CONNECT (MQTT-3.1.0-1)', DISCONNECT),
    instead('wrong protocol name (MQTT-3.1.2-1)', frame(0x10, prefixed('MQTX'), hex('04 02 00 3c'), prefixed(device))),
    instead('protocol level 9 (MQTT-3.1.2-2)', frame(0x10, prefixed('MQTT'), hex('09 02 00 3c'), prefixed(device))),
    instead(
      'reserved flag in CONNECT (MQTT-3.1.2-3)',
      frame(0x10, prefixed('MQTT'), hex('04 03 00 3c'), prefixed(device)),
    ),
    instead(
      'will QoS without a will (MQTT-3.1.2-13)',
      frame(0x10, prefixed('MQTT'), hex('04 0a 00 3c'), prefixed(device)),
    ),
    instead(
      'password without user name (MQTT-3.1.2-22)',
      frame(0x10, prefixed('MQTT'), hex('04 42 00 3c'), prefixed(device), prefixed('x')),
    ),
    instead(
      'CONNECT with bytes left over',
      frame(0x10, prefixed('MQTT'), hex('04 02 00 3c'), prefixed(device), hex('00 00')),
    ),
    instead('HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: plant\r\n\r\n')),
  ]
}
