import {
  ack,
  type Bytes,
  connect,
  PUBACK,
  prop,
  publish,
  raw,
  subscribe,
  told,
  unsubscribe,
  type Version,
} from '../build.ts'
import { BOTH, bad, by, good, type Vector } from '../vector.ts'

/** A place where a UTF-8 string stands: the clause that demands it to be well formed, and the stream with a text in it. */
interface Place {
  readonly name: string
  readonly versions: readonly Version[]
  readonly clause: (version: Version) => string
  /** The clause that forbids U+0000 there, where it is not the general one. */
  readonly nullClause?: string
  readonly with: (version: Version, text: Bytes) => readonly Bytes[]
}

const FIVE: readonly Version[] = [5]
const AUTH = { authMethods: ['SCRAM'] }
const after = (packet: Bytes, version: Version): readonly Bytes[] => [connect(version), packet]
const wellFormed = (version: Version) => by(version, 'MQTT-1.5.3-1', 'MQTT-1.5.4-1')

const PLACES: readonly Place[] = [
  { name: 'client identifier', versions: BOTH, clause: () => 'MQTT-3.1.3-4', with: (v, id) => [connect(v, { id })] },
  {
    name: 'will topic',
    versions: BOTH,
    clause: v => by(v, 'MQTT-3.1.3-10', 'MQTT-3.1.3-11'),
    with: (v, topic) => [connect(v, { will: { topic } })],
  },
  {
    name: 'user name',
    versions: BOTH,
    clause: v => by(v, 'MQTT-3.1.3-11', 'MQTT-3.1.3-12'),
    with: (v, user) => [connect(v, { user })],
  },
  { name: 'topic name', versions: BOTH, clause: wellFormed, with: (v, topic) => after(publish(v, { topic }), v) },
  {
    name: 'topic filter',
    versions: BOTH,
    clause: () => 'MQTT-3.8.3-1',
    with: (v, filter) =>
      after(
        subscribe(v, [
          ['a', 0],
          [filter, 1],
        ]),
        v,
      ),
  },
  {
    name: 'filter to leave',
    versions: BOTH,
    clause: () => 'MQTT-3.10.3-1',
    with: (v, filter) => after(unsubscribe(v, [filter, 'b']), v),
  },
  {
    name: 'content type',
    versions: FIVE,
    clause: () => 'MQTT-1.5.4-1',
    with: (v, type) => after(publish(v, { properties: [prop.contentType(type)] }), v),
  },
  {
    name: 'response topic',
    versions: FIVE,
    clause: () => 'MQTT-1.5.4-1',
    with: (v, topic) => after(publish(v, { properties: [prop.responseTopic(topic)] }), v),
  },
  {
    name: 'user property key',
    versions: FIVE,
    clause: () => 'MQTT-1.5.7-1',
    nullClause: 'MQTT-1.5.7-1',
    with: (v, key) => after(publish(v, { properties: [prop.user(key, 'x')] }), v),
  },
  {
    name: 'user property value',
    versions: FIVE,
    clause: () => 'MQTT-1.5.7-1',
    nullClause: 'MQTT-1.5.7-1',
    with: (v, value) => after(subscribe(v, [['a', 0]], { properties: [prop.user('line', value)] }), v),
  },
  {
    name: 'user property of a will',
    versions: FIVE,
    clause: () => 'MQTT-1.5.7-1',
    nullClause: 'MQTT-1.5.7-1',
    with: (v, value) => [connect(v, { will: { properties: [prop.user('line', value)] } })],
  },
  {
    name: 'content type of a will',
    versions: FIVE,
    clause: () => 'MQTT-1.5.4-1',
    with: (v, type) => [connect(v, { will: { properties: [prop.contentType(type)] } })],
  },
  {
    name: 'response topic of a will',
    versions: FIVE,
    clause: () => 'MQTT-1.5.4-1',
    with: (v, topic) => [connect(v, { will: { properties: [prop.responseTopic(topic)] } })],
  },
  {
    name: 'reason string of PUBACK',
    versions: FIVE,
    clause: () => 'MQTT-1.5.4-1',
    with: (v, reason) => after(ack(PUBACK, 3, 0x80, [prop.reason(reason)]), v),
  },
  {
    name: 'reason string of DISCONNECT',
    versions: FIVE,
    clause: () => 'MQTT-1.5.4-1',
    with: (v, reason) => after(told(0xe0, 0x04, [prop.reason(reason)]), v),
  },
  {
    name: 'reason string of AUTH',
    versions: FIVE,
    clause: () => 'MQTT-1.5.4-1',
    with: (v, reason) => [
      connect(v, { properties: [prop.method('SCRAM')] }),
      told(0xf0, 0x18, [prop.method('SCRAM'), prop.reason(reason)]),
    ],
  },
]

const ILL: readonly (readonly [string, Bytes])[] = [
  ['a high surrogate', [0xed, 0xa0, 0x80]],
  ['a low surrogate', [0xed, 0xbf, 0xbf]],
  ['a pair of surrogates', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong U+0000', [0xc0, 0x80]],
  ['three bytes for U+07FF', [0xe0, 0x9f, 0xbf]],
  ['four bytes for U+FFFF', [0xf0, 0x8f, 0xbf, 0xbf]],
  ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a sequence that is cut off', [0xe2, 0x82]],
  ['a continuation byte alone', [0x80]],
  ['the byte FF', [0xff]],
]

const ODD: readonly number[] = [1, 0x0a, 0x1f, 0x7f, 0x80, 0x9f, 0xfdd0, 0xfdef, 0xfffe, 0xffff, 0x1fffe, 0x10ffff]
const PLAIN: readonly number[] = [
  0x20, 0x7e, 0xa0, 0xfeff, 0xfdcf, 0xfdf0, 0xfffd, 0xd7ff, 0xe000, 0x1fffd, 0x1f600, 0x10fffd,
]

const pointName = (point: number): string => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`

/** Every kind of text with every kind of character in it: in front, within and at the end. */
function vectorsOf(place: Place, version: Version): Vector[] {
  const options = AUTH
  const around = (inner: Bytes, index: number): Bytes => {
    if (index % 3 === 0) return [...inner, ...raw('b')]
    return index % 3 === 1 ? [...raw('a'), ...inner, ...raw('b')] : [...raw('ab'), ...inner]
  }
  const { name } = place
  const general = by(version, 'MQTT-1.5.3', 'MQTT-1.5.4')
  return [
    ...ILL.map(([what, bytes], index) => {
      const stream = place.with(version, around(bytes, index))
      return bad(version, place.clause(version), 'text_malformed', `${name}: ${what}`, stream, { options })
    }),
    bad(
      version,
      place.nullClause ?? by(version, 'MQTT-1.5.3-2', 'MQTT-1.5.4-2'),
      'text_null',
      `${name}: U+0000`,
      place.with(version, raw('a\0b')),
      { options },
    ),
    ...ODD.map((point, index) => {
      const stream = place.with(version, around(raw(String.fromCodePoint(point)), index))
      return bad(version, general, 'text_control', `${name}: ${pointName(point)}`, stream, { strict: true, options })
    }),
    ...PLAIN.map((point, index) => {
      const stream = place.with(version, around(raw(String.fromCodePoint(point)), index))
      return good(version, place.clause(version), `${name}: ${pointName(point)}`, stream, options)
    }),
    ...ODD.slice(0, 3).map((point, index) => {
      const stream = place.with(version, around(raw(String.fromCodePoint(point)), index))
      return good(version, general, `${name}: ${pointName(point)}, relaxed`, stream, { ...options, strict: false })
    }),
  ]
}

/** U+0000 is a character of texts alone. */
const nulls: Vector[] = BOTH.flatMap(version => [
  good(version, by(version, 'MQTT-1.5.3-2', 'MQTT-1.5.4-2'), 'U+0000 in a password', [
    connect(version, { user: 'u', password: [0, 1] }),
  ]),
  good(version, by(version, 'MQTT-1.5.3-2', 'MQTT-1.5.4-2'), 'U+0000 in a payload and a will', [
    connect(version, { will: { payload: [0] } }),
    publish(version, { payload: [0, 0x61, 0] }),
  ]),
])

export const textVectors: readonly Vector[] = [
  ...PLACES.flatMap(place => place.versions.flatMap(version => vectorsOf(place, version))),
  ...nulls,
]
