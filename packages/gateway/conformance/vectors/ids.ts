import {
  ack,
  type Bytes,
  connect,
  PUBACK,
  PUBCOMP,
  PUBREC,
  PUBREL,
  publish,
  subscribe,
  unsubscribe,
  type Version,
} from '../build.ts'
import { BOTH, bad, by, good, type Vector } from '../vector.ts'

const hello = (version: Version): Bytes => connect(version)

/** Packet identifiers. */
export const idVectors: readonly Vector[] = BOTH.flatMap(version => {
  const fresh = by(version, 'MQTT-2.3.1-1', 'MQTT-2.2.1-3')
  const acks = [PUBACK, PUBREC, PUBREL, PUBCOMP]
  const used = by(version, 'MQTT-2.3.1-2', 'MQTT-2.2.1-3')
  const twice = (qos: number) => [hello(version), publish(version, { qos, id: 5 }), publish(version, { qos, id: 5 })]
  return [
    ...[1, 2].map(qos =>
      bad(version, fresh, 'packet_id_zero', `PUBLISH of QoS ${qos} with identifier 0`, [
        hello(version),
        publish(version, { qos, id: 0 }),
      ]),
    ),
    bad(version, fresh, 'packet_id_zero', 'SUBSCRIBE with identifier 0', [
      hello(version),
      subscribe(version, [['a', 0]], { id: 0 }),
    ]),
    bad(version, fresh, 'packet_id_zero', 'UNSUBSCRIBE with identifier 0', [
      hello(version),
      unsubscribe(version, ['a'], { id: 0 }),
    ]),
    ...acks.map(first =>
      bad(
        version,
        by(version, 'MQTT-2.3.1-6', 'MQTT-2.2.1-5'),
        'packet_id_zero',
        `acknowledgement ${first >> 4} with identifier 0`,
        [hello(version), ack(first, 0)],
      ),
    ),
    ...acks.map(first =>
      good(
        version,
        by(version, 'MQTT-2.3.1-6', 'MQTT-2.2.1-5'),
        `acknowledgement ${first >> 4} with identifier 65535`,
        [hello(version), ack(first, 65_535)],
      ),
    ),
    ...[1, 255, 256, 65_535].flatMap(id => [
      good(version, fresh, `PUBLISH with identifier ${id}`, [hello(version), publish(version, { qos: 1, id })]),
      good(version, fresh, `SUBSCRIBE with identifier ${id}`, [hello(version), subscribe(version, [['a', 0]], { id })]),
    ]),
    good(version, used, 'an identifier again after QoS 1', twice(1)),
    good(version, used, 'an identifier again after QoS 2', [
      hello(version),
      publish(version, { qos: 2, id: 5 }),
      ack(PUBREL, 5),
      publish(version, { qos: 2, id: 5 }),
    ]),
    ...(version === 4
      ? [
          bad(4, used, 'packet_id_in_use', 'an identifier again before PUBREL', twice(2), { strict: true }),
          bad(
            4,
            used,
            'packet_id_in_use',
            'an identifier for QoS 1 before the PUBREL of QoS 2',
            [hello(4), publish(4, { qos: 2, id: 5 }), publish(4, { qos: 1, id: 5 })],
            { strict: true },
          ),
          bad(
            4,
            used,
            'packet_id_in_use',
            'a SUBSCRIBE with the identifier of a message',
            [hello(4), publish(4, { qos: 2, id: 5 }), subscribe(4, [['a', 0]], { id: 5 })],
            { strict: true },
          ),
          good(4, used, 'a message again with DUP', [
            hello(4),
            publish(4, { qos: 2, id: 5 }),
            publish(4, { qos: 2, id: 5, dup: true }),
          ]),
        ]
      : [good(5, used, 'an identifier again, whose message the broker may have refused', twice(2))]),
  ]
})
