import { connect, subscribe, unsubscribe } from '../build.ts'
import { BOTH, bad, by, good, type Vector } from '../vector.ts'

const FILTERS: readonly (readonly [filter: string, why: string])[] = [
  ['#/a', 'multi'],
  ['a/#/b', 'multi'],
  ['a#', 'multi'],
  ['/a#', 'multi'],
  ['##', 'multi'],
  ['a+', 'single'],
  ['+a', 'single'],
  ['a/+b/c', 'single'],
  ['++', 'single'],
  ['+a/#', 'single'],
]
const GOOD_FILTERS = ['#', '+', '/', '+/+', 'a/#', '/#', '+/a/#', 'a//+', '$SYS/#', ' ', '$shared/x']

const filters: Vector[] = BOTH.flatMap(version => {
  const multi = by(version, 'MQTT-4.7.1-2', 'MQTT-4.7.1-1')
  const single = by(version, 'MQTT-4.7.1-3', 'MQTT-4.7.1-2')
  return [
    ...FILTERS.flatMap(([filter, why]) => {
      const clause = why === 'multi' ? multi : single
      return [
        bad(version, clause, 'filter_wildcard', `filter ${filter}`, [
          connect(version),
          subscribe(version, [[filter, 0]]),
        ]),
        bad(version, clause, 'filter_wildcard', `filter ${filter}, the second`, [
          connect(version),
          subscribe(version, [
            ['ok/#', 2],
            [filter, 1],
          ]),
        ]),
        bad(version, clause, 'filter_wildcard', `UNSUBSCRIBE ${filter}`, [
          connect(version),
          unsubscribe(version, ['ok/#', filter]),
        ]),
      ]
    }),
    ...GOOD_FILTERS.flatMap(filter => [
      good(version, filter.includes('#') ? multi : single, `filter ${filter}`, [
        connect(version),
        subscribe(version, [[filter, 1]]),
      ]),
      good(version, filter.includes('#') ? multi : single, `UNSUBSCRIBE ${filter}`, [
        connect(version),
        unsubscribe(version, [filter]),
      ]),
    ]),
    bad(version, 'MQTT-4.7.3-1', 'filter_empty', 'an empty filter', [connect(version), subscribe(version, [['', 0]])]),
    bad(version, 'MQTT-4.7.3-1', 'filter_empty', 'an empty filter after others', [
      connect(version),
      subscribe(version, [
        ['a', 0],
        ['b', 1],
        ['', 2],
      ]),
    ]),
    bad(version, 'MQTT-4.7.3-1', 'filter_empty', 'UNSUBSCRIBE with an empty filter', [
      connect(version),
      unsubscribe(version, ['a', '']),
    ]),
    bad(version, by(version, 'MQTT-3.8.3-3', 'MQTT-3.8.3-2'), 'no_filters', 'a SUBSCRIBE without filters', [
      connect(version),
      subscribe(version, []),
    ]),
    bad(version, 'MQTT-3.10.3-2', 'no_filters', 'an UNSUBSCRIBE without filters', [
      connect(version),
      unsubscribe(version, []),
    ]),
    good(version, by(version, 'MQTT-3.8.3-3', 'MQTT-3.8.3-2'), 'a SUBSCRIBE with one filter', [
      connect(version),
      subscribe(version, [['one', 2]]),
    ]),
    good(version, 'MQTT-3.10.3-2', 'an UNSUBSCRIBE with one filter', [connect(version), unsubscribe(version, ['one'])]),
    bad(
      version,
      'MQTT-3.8.3',
      'too_many_filters',
      'a SUBSCRIBE of 1025 filters',
      [
        connect(version),
        subscribe(
          version,
          Array.from({ length: 1_025 }, (_, i) => [`f/${i}`, 0] as const),
        ),
      ],
      { strict: true },
    ),
    good(version, 'MQTT-3.8.3', 'a SUBSCRIBE of 1024 filters', [
      connect(version),
      subscribe(
        version,
        Array.from({ length: 1_024 }, (_, i) => [`f/${i}`, 0] as const),
      ),
    ]),
    bad(
      version,
      'MQTT-3.10.3',
      'too_many_filters',
      'an UNSUBSCRIBE of 1025 filters',
      [
        connect(version),
        unsubscribe(
          version,
          Array.from({ length: 1_025 }, (_, i) => `f/${i}`),
        ),
      ],
      { strict: true },
    ),
    good(version, 'MQTT-3.10.3', 'an UNSUBSCRIBE of 1024 filters', [
      connect(version),
      unsubscribe(
        version,
        Array.from({ length: 1_024 }, (_, i) => `f/${i}`),
      ),
    ]),
  ]
})

const options: Vector[] = [
  ...[4, 8, 16, 32, 64, 128, 0xfc, 0x2c].map(byte =>
    bad(4, 'MQTT-3.8.3-4', 'subscription_options', `options ${byte}`, [connect(4), subscribe(4, [['a', byte]])]),
  ),
  bad(4, 'MQTT-3.8.3-4', 'qos_3', 'QoS 3 asked', [connect(4), subscribe(4, [['a', 3]])]),
  bad(4, 'MQTT-3.8.3-4', 'qos_3', 'QoS 3 asked of the second filter', [
    connect(4),
    subscribe(4, [
      ['a', 0],
      ['b', 3],
    ]),
  ]),
  ...[0, 1, 2].map(qos => good(4, 'MQTT-3.8.3-4', `QoS ${qos} asked`, [connect(4), subscribe(4, [['a', qos]])])),
  ...[0x40, 0x80, 0xc0, 0x41].map(byte =>
    bad(5, 'MQTT-3.8.3-5', 'subscription_options', `options ${byte}`, [connect(5), subscribe(5, [['a', byte]])]),
  ),
  ...[3, 7, 0x0b].map(byte =>
    bad(5, 'MQTT-3.8.3.1', 'qos_3', `options ${byte}, QoS 3`, [connect(5), subscribe(5, [['a', byte]])]),
  ),
  ...[0x30, 0x31, 0x3e].map(byte =>
    bad(5, 'MQTT-3.8.3.1', 'retain_handling', `options ${byte}, retain handling 3`, [
      connect(5),
      subscribe(5, [['a', byte]]),
    ]),
  ),
  ...[0, 1, 2, 4, 8, 0x0e, 0x10, 0x20, 0x2e].map(byte =>
    good(5, 'MQTT-3.8.3.1', `options ${byte}`, [connect(5), subscribe(5, [['a', byte]])]),
  ),
  good(5, 'MQTT-3.8.3-5', 'all options that there are', [
    connect(5),
    subscribe(5, [
      ['a', 0x2e],
      ['b', 0x1d],
    ]),
  ]),
]

const shares: Vector[] = [
  ...['$share//a', '$share//#'].map(filter =>
    bad(5, 'MQTT-4.8.2-1', 'share_malformed', `filter ${filter}`, [connect(5), subscribe(5, [[filter, 0]])], {
      strict: true,
    }),
  ),
  ...['$share/g', '$share/', '$share//', '$share/g/', '$share/g+/a', '$share/+/a', '$share/g#/a', '$share/#/a'].map(
    filter =>
      bad(5, 'MQTT-4.8.2-2', 'share_malformed', `filter ${filter}`, [connect(5), subscribe(5, [[filter, 1]])], {
        strict: true,
      }),
  ),
  ...['$share/g/a', '$share/g/#', '$share/line 4/+/x', '$share/g//', '$share/g/$SYS/x'].map(filter =>
    good(5, 'MQTT-4.8.2-2', `filter ${filter}`, [connect(5), subscribe(5, [[filter, 1]])]),
  ),
  good(5, 'MQTT-4.8.2-1', 'a share name of one character', [connect(5), subscribe(5, [['$share/g/one', 2]])]),
  bad(5, 'MQTT-4.7.1-1', 'filter_wildcard', 'a shared filter with # within', [
    connect(5),
    subscribe(5, [['$share/g/#/a', 0]]),
  ]),
  ...[4, 5, 0x0c, 0x26].map(byte =>
    bad(5, 'MQTT-3.8.3-4', 'shared_no_local', `no local on a share, options ${byte}`, [
      connect(5),
      subscribe(5, [['$share/g/a', byte]]),
    ]),
  ),
  ...[0, 8, 0x22].map(byte =>
    good(5, 'MQTT-3.8.3-4', `a share with options ${byte}`, [connect(5), subscribe(5, [['$share/g/b', byte]])]),
  ),
  ...['$share', '$share/g/a', '$share//a', '$share/g'].map(filter =>
    good(4, null, `filter ${filter}, no share in 3.1.1`, [connect(4), subscribe(4, [[filter, 0]])]),
  ),
]

export const filterVectors: readonly Vector[] = [...filters, ...options, ...shares]
