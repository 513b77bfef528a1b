import { PacketType as T } from '@ringwall/wire/mqtt'
import { expect, test } from 'vitest'
import { MQTT_EVENTS, type MqttEvent } from '../signature/index.ts'
import { type Transaction, Transactions } from './transactions.ts'

const namesOf = ({ events }: Transaction): string[] =>
  (Object.keys(MQTT_EVENTS) as MqttEvent[]).filter(name => (events & MQTT_EVENTS[name]) !== 0)

function connected(): Transactions {
  const transactions = new Transactions()
  transactions.take(T.CONNECT, 0, -1, true)
  transactions.take(T.CONNACK, 0, -1, false)
  return transactions
}

test('a request and its answers are one transaction', () => {
  const transactions = connected()
  const publish = transactions.take(T.PUBLISH, 2, 9, true)
  for (const [type, up] of [
    [T.PUBREC, false],
    [T.PUBREL, true],
  ] as const) {
    expect(transactions.take(type, 0, 9, up)).toBe(publish)
    expect(publish.complete).toBe(false)
  }
  expect(transactions.take(T.PUBCOMP, 0, 9, false)).toBe(publish)
  expect(publish).toMatchObject({ id: 1, up: true, complete: true, events: 0 })
  expect(transactions.open).toEqual([])
})

test.each([
  [T.CONNACK, ['missing_connect']],
  [T.PUBACK, ['missing_publish']],
  [T.PUBREC, ['missing_publish']],
  [T.SUBACK, ['missing_subscribe']],
  [T.UNSUBACK, ['missing_unsubscribe']],
  [0, ['unassigned_msg_type']],
] as const)('an answer of type %i to nothing', (type, names) => {
  expect(namesOf(connected().take(type, 0, 5, false))).toEqual(names)
})

test('before CONNACK all but a CONNECT is unintroduced, and its answer is still known', () => {
  const transactions = new Transactions()
  const publish = transactions.take(T.PUBLISH, 1, 5, true)
  expect(namesOf(publish)).toEqual(['unintroduced_message'])
  expect(transactions.take(T.PUBACK, 0, 5, false)).toBe(publish)
  expect(namesOf(transactions.take(T.PINGREQ, 0, -1, true))).toEqual(['unintroduced_message'])
  expect(namesOf(transactions.take(T.PUBACK, 0, 6, false))).toEqual(['missing_publish', 'unintroduced_message'])
})

test('QoS 3, and a second CONNECT', () => {
  const transactions = connected()
  const odd = transactions.take(T.PUBLISH, 3, 5, true)
  expect(namesOf(odd)).toEqual(['invalid_qos_level'])
  expect(odd.complete).toBe(true)
  expect(namesOf(transactions.take(T.CONNECT, 0, -1, true))).toEqual(['double_connect'])
})

test('with more than a thousand open the oldest is given up', () => {
  const transactions = connected()
  const first = transactions.take(T.PUBLISH, 1, 1, true)
  for (let id = 2; id <= 1_024; id++) transactions.take(T.PUBLISH, 1, id, true)
  expect(transactions.evicted).toBe(null)
  transactions.take(T.PUBLISH, 1, 2_000, true)
  expect(transactions.evicted).toBe(first)
  expect(namesOf(first)).toEqual(['too_many_transactions'])
  expect(transactions.open.length).toBe(1_024)
})
