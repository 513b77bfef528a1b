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
  publish,
  subscribe,
  told,
  u16,
  unsubscribe,
  type Version,
} from '../build.ts'
import { BOTH, bad, by, good, type Vector } from '../vector.ts'

const AUTH = { authMethods: ['SCRAM'] }
const hello = (version: Version): Bytes => connect(version)

/** Packets of a client with the flags that they must have, and the clause that says so. */
const FLAGGED: readonly {
  readonly name: string
  readonly flags: number
  readonly clause: (version: Version) => string
  readonly make: (version: Version) => Bytes
}[] = [
  { name: 'PUBACK', flags: 0, clause: v => by(v, 'MQTT-2.2.2-2', 'MQTT-2.1.3-1'), make: () => ack(PUBACK, 7) },
  { name: 'PUBREC', flags: 0, clause: v => by(v, 'MQTT-2.2.2-2', 'MQTT-2.1.3-1'), make: () => ack(PUBREC, 7) },
  { name: 'PUBREL', flags: 2, clause: () => 'MQTT-3.6.1-1', make: () => ack(PUBREL, 7) },
  { name: 'PUBCOMP', flags: 0, clause: v => by(v, 'MQTT-2.2.2-2', 'MQTT-2.1.3-1'), make: () => ack(PUBCOMP, 7) },
  { name: 'SUBSCRIBE', flags: 2, clause: () => 'MQTT-3.8.1-1', make: v => subscribe(v, [['plant/#', 1]]) },
  { name: 'UNSUBSCRIBE', flags: 2, clause: () => 'MQTT-3.10.1-1', make: v => unsubscribe(v, ['plant/#']) },
  { name: 'PINGREQ', flags: 0, clause: v => by(v, 'MQTT-2.2.2-2', 'MQTT-2.1.3-1'), make: () => PINGREQ },
  { name: 'DISCONNECT', flags: 0, clause: () => 'MQTT-3.14.1-1', make: () => DISCONNECT },
]

const flags: Vector[] = BOTH.flatMap(version => [
  ...FLAGGED.flatMap(({ name, flags: right, clause, make }) =>
    Array.from({ length: 16 }, (_, value) => {
      const bytes = make(version)
      const stream = [hello(version), [(bytes[0] & 0xf0) | value, ...bytes.slice(1)]]
      const what = `${name} with flags ${value}`
      return value === right
        ? good(version, clause(version), what, stream)
        : bad(version, clause(version), 'reserved_flags', what, stream)
    }),
  ),
  ...Array.from({ length: 16 }, (_, value) => {
    const stream = [connect(version, { first: 0x10 | value })]
    const clause = by(version, 'MQTT-2.2.2-2', 'MQTT-2.1.3-1')
    const what = `CONNECT with flags ${value}`
    return value === 0 ? good(version, clause, what, stream) : bad(version, clause, 'reserved_flags', what, stream)
  }),
])

const methodProps = [prop.method('SCRAM')]
const authFlags: Vector[] = Array.from({ length: 16 }, (_, value) => {
  const stream = [connect(5, { properties: methodProps }), told(0xf0 | value, 0x18, methodProps)]
  const what = `AUTH with flags ${value}`
  return value === 0
    ? good(5, 'MQTT-3.15.1-1', what, stream, AUTH)
    : bad(5, 'MQTT-3.15.1-1', 'reserved_flags', what, stream, { options: AUTH })
})

/** What only a server sends, and what nobody does. */
const direction: Vector[] = BOTH.flatMap(version => {
  const clause = by(version, 'MQTT-2.2.1', 'MQTT-2.1.2')
  const reason: Bytes = version === 5 ? [0] : []
  const servers: readonly (readonly [string, Bytes])[] = [
    ['CONNACK', packet(0x20, [0, 0], reason)],
    ['SUBACK', packet(0x90, u16(9), reason, [0])],
    ['UNSUBACK', packet(0xb0, u16(9), reason, reason)],
    ['PINGRESP', packet(0xd0)],
    ...(version === 4
      ? [['AUTH', packet(0xf0)] as const, ['AUTH with a body', told(0xf0, 0x18, methodProps)] as const]
      : []),
  ]
  return [
    ...servers.flatMap(([name, bytes]) => [
      bad(version, clause, 'wrong_direction', `${name} from a client`, [hello(version), bytes]),
      bad(version, clause, 'wrong_direction', `${name} between messages`, [
        hello(version),
        publish(version),
        bytes,
        publish(version),
      ]),
      bad(version, 'MQTT-3.1.0-1', 'connect_expected', `${name} in place of CONNECT`, [bytes, connect(version)]),
    ]),
    bad(version, clause, 'reserved_type', 'packet type 0', [hello(version), [0, 0]]),
    bad(version, clause, 'reserved_type', 'packet type 0 with flags', [hello(version), [0x0f, 2, 0, 1]]),
    good(version, clause, 'PINGREQ, which only a client sends', [hello(version), PINGREQ, PINGREQ]),
  ]
})

export const flagVectors: readonly Vector[] = [...flags, ...authFlags, ...direction]
