import { type Bytes, connect, PINGREQ, publish, subscribe, unsubscribe } from '../build.ts'
import { client, connack, open, PINGRESP, server, suback, talk, unsuback } from '../say.ts'
import type { Talk } from '../talk.ts'
import { BOTH, by } from '../vector.ts'

const beginnings: Talk[] = BOTH.flatMap(version => {
  const hello = client(connect(version))
  const flags = by(version, 'MQTT-3.2.2.1', 'MQTT-3.2.2-1')
  const codes = by(version, 'MQTT-3.2.2.3', 'MQTT-3.2.2-8')
  const refused = by(version, 'MQTT-3.2.2-4', 'MQTT-3.2.2-6')
  const clean = by(version, 'MQTT-3.2.2-1', 'MQTT-3.2.2-2')
  const no = by(version, '5', '135')
  return [
    ...[PINGRESP, publish(version), suback(version, 1, 0)].map((bytes, index) =>
      talk(version, 'MQTT-3.2.0-1', 'connack_first', `packet ${index} before CONNACK`, hello, server(bytes)),
    ),
    talk(version, 'MQTT-3.2.0-1', 'accept', 'CONNACK first', hello, server(connack(version), PINGRESP)),
    talk(
      version,
      by(version, 'MQTT-3.2.0-1', 'MQTT-3.2.0-2'),
      'second_connack',
      'a second CONNACK',
      open(version),
      server(connack(version)),
    ),
    talk(
      version,
      by(version, 'MQTT-3.2.0-1', 'MQTT-3.2.0-2'),
      'accept',
      'one CONNACK',
      open(version),
      server(PINGRESP),
    ),
    ...[2, 3, 128].map(value =>
      talk(version, flags, 'reserved_flags', `CONNACK with flags ${value}`, hello, server(connack(version, 0, value))),
    ),
    talk(
      version,
      flags,
      'accept',
      'CONNACK with session present',
      client(connect(version, { clean: false })),
      server(connack(version, 0, 1)),
    ),
    ...(version === 4 ? [6, 255] : [1, 5, 0x92]).map(code =>
      talk(version, codes, 'reason_illegal', `CONNACK with code ${code}`, hello, server(connack(version, code))),
    ),
    ...(version === 4 ? [1, 5] : [0x80, 0x8a]).map(code =>
      talk(version, codes, 'accept', `CONNACK with code ${code}`, hello, server(connack(version, code))),
    ),
    talk(
      version,
      refused,
      'session_present',
      'a refusal with session present',
      client(connect(version, { clean: false })),
      server(connack(version, Number(no), 1)),
    ),
    talk(
      version,
      refused,
      'accept',
      'a refusal',
      client(connect(version, { clean: false })),
      server(connack(version, Number(no))),
    ),
    talk(
      version,
      clean,
      'session_present',
      'a session though a clean one was asked for',
      hello,
      server(connack(version, 0, 1)),
    ),
    talk(version, clean, 'accept', 'a clean session', hello, server(connack(version))),
  ]
})

const directions: Talk[] = BOTH.flatMap(version => {
  const clause = by(version, 'MQTT-2.2.1', 'MQTT-2.1.2')
  const wrong: readonly (readonly [string, Bytes])[] = [
    ['CONNECT', connect(version)],
    ['SUBSCRIBE', subscribe(version, [['a', 0]])],
    ['UNSUBSCRIBE', unsubscribe(version, ['a'])],
    ['PINGREQ', PINGREQ],
    ...(version === 4 ? [['DISCONNECT', [0xe0, 0]] as const] : []),
  ]
  return [
    ...wrong.map(([name, bytes]) =>
      talk(version, clause, 'wrong_direction', `${name} of a server`, open(version), server(bytes)),
    ),
    talk(version, clause, 'accept', 'PINGRESP of a server', open(version), client(PINGREQ), server(PINGRESP)),
  ]
})

const answers: Talk[] = BOTH.flatMap(version => {
  const ids = by(version, 'MQTT-2.3.1-7', 'MQTT-2.2.1-6')
  const count = by(version, 'MQTT-3.8.4-5', 'MQTT-3.8.4-6')
  const asked = [
    ...open(version),
    ...client(
      subscribe(
        version,
        [
          ['a', 0],
          ['b', 1],
        ],
        { id: 4 },
      ),
    ),
  ]
  const left = [...open(version), ...client(unsubscribe(version, ['a', 'b'], { id: 5 }))]
  return [
    talk(version, ids, 'answer_unasked', 'SUBACK that nobody asked for', open(version), server(suback(version, 4, 0))),
    talk(version, ids, 'answer_unasked', 'SUBACK with another identifier', asked, server(suback(version, 5, 0, 1))),
    talk(
      version,
      ids,
      'answer_unasked',
      'SUBACK twice',
      asked,
      server(suback(version, 4, 0, 1), suback(version, 4, 0, 1)),
    ),
    talk(version, ids, 'answer_unasked', 'UNSUBACK for a SUBSCRIBE', asked, server(unsuback(version, 4, 0, 0))),
    talk(version, ids, 'packet_id_zero', 'SUBACK with identifier 0', asked, server(suback(version, 0, 0, 1))),
    talk(
      version,
      ids,
      'accept',
      'SUBACK and UNSUBACK',
      asked,
      server(suback(version, 4, 0, 1)),
      left.slice(2),
      server(unsuback(version, 5, 0, 0x11)),
    ),
    talk(version, count, 'reason_count', 'SUBACK with a code too few', asked, server(suback(version, 4, 0))),
    talk(version, count, 'reason_count', 'SUBACK with a code too many', asked, server(suback(version, 4, 0, 1, 1))),
    talk(version, count, 'accept', 'SUBACK with a code for each filter', asked, server(suback(version, 4, 0x80, 1))),
    ...(version === 4 ? [3, 0x87] : [3, 0x90]).map(code =>
      talk(
        version,
        'MQTT-3.9.3-2',
        'reason_illegal',
        `SUBACK with code ${code}`,
        asked,
        server(suback(version, 4, 0, code)),
      ),
    ),
    talk(version, 'MQTT-3.9.3-2', 'accept', 'SUBACK with code 2', asked, server(suback(version, 4, 2, 2))),
    ...(version === 5
      ? [
          talk(5, 'MQTT-3.11.3-1', 'reason_count', 'UNSUBACK with a code too few', left, server(unsuback(5, 5, 0))),
          talk(
            5,
            'MQTT-3.11.3-1',
            'accept',
            'UNSUBACK with a code for each filter',
            left,
            server(unsuback(5, 5, 0, 0x11)),
          ),
          talk(5, 'MQTT-3.11.3-2', 'reason_illegal', 'UNSUBACK with code 1', left, server(unsuback(5, 5, 0, 1))),
          talk(5, 'MQTT-3.11.3-2', 'accept', 'UNSUBACK with code 0', left, server(unsuback(5, 5, 0, 0))),
        ]
      : []),
  ]
})

/** What a server may not say when a session begins, or in answer to a client. */
export const serverTalks: readonly Talk[] = [...beginnings, ...directions, ...answers]
