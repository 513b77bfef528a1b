import { expect, test } from 'vitest'
import { hex } from '../../test/frames.ts'
import { readConnect } from './connect.ts'
import { isFault } from './fault.ts'

const MQTT4 = '00 04 4d 51 54 54 04'
const MQTT5 = '00 04 4d 51 54 54 05'

test.each([
  ['MQTT 3.1', '00 06 4d 51 49 73 64 70 03 02 00 00 00 01 61', 'protocol_version', 'MQTT-3.1.2-2', 0x84],
  ['another version', '00 04 4d 51 54 54 06 02 00 00 00 01 61', 'protocol_version', 'MQTT-3.1.2-2', 0x84],
  ['a bridge of mosquitto', '00 04 4d 51 54 54 84 02 00 00 00 01 61', 'protocol_version', 'MQTT-3.1.2-2', 0x84],
  ['another protocol', '00 04 48 54 54 50 04 02 00 00 00 01 61', 'protocol_name', 'MQTT-3.1.2-1', 0x81],
  ['no room for the name', '00 09 4d 51', 'truncated', 'MQTT-3.1.2', 0x81],
  ['nothing at all', '', 'truncated', 'MQTT-3.1.2', 0x81],
  ['reserved flag', `${MQTT4} 03 00 00 00 01 61`, 'reserved_flags', 'MQTT-3.1.2-3', 0x81],
  ['will QoS without will', `${MQTT4} 0a 00 00 00 01 61`, 'will_flags', 'MQTT-3.1.2-13', 0x81],
  ['will retain without will', `${MQTT4} 22 00 00 00 01 61`, 'will_flags', 'MQTT-3.1.2-15', 0x81],
  ['will QoS 3', `${MQTT4} 1e 00 00 00 01 61 00 01 74 00 00`, 'will_flags', 'MQTT-3.1.2-14', 0x81],
  ['v5 will QoS without will', `${MQTT5} 0a 00 00 00 00 01 61`, 'will_flags', 'MQTT-3.1.2-11', 0x81],
  ['v5 will retain without will', `${MQTT5} 22 00 00 00 00 01 61`, 'will_flags', 'MQTT-3.1.2-13', 0x81],
  ['v5 will QoS 3', `${MQTT5} 1e 00 00 00 00 01 61 00 00 01 74 00 00`, 'will_flags', 'MQTT-3.1.2-12', 0x81],
  ['password alone', `${MQTT4} 42 00 00 00 01 61 00 01 70`, 'password_alone', 'MQTT-3.1.2-22', 0x81],
  ['empty id, session kept', `${MQTT4} 00 00 00 00 00`, 'client_id_empty', 'MQTT-3.1.3-7', 0x85],
  ['client id not UTF-8', `${MQTT4} 02 00 00 00 01 ff`, 'text_malformed', 'MQTT-3.1.3-4', 0x81],
  ['client id with U+0000', `${MQTT4} 02 00 00 00 01 00`, 'text_null', 'MQTT-1.5.3-2', 0x81],
  ['user name not UTF-8', `${MQTT4} 82 00 00 00 01 61 00 01 ff`, 'text_malformed', 'MQTT-3.1.3-11', 0x81],
  ['v5 user name not UTF-8', `${MQTT5} 82 00 00 00 00 01 61 00 01 ff`, 'text_malformed', 'MQTT-3.1.3-12', 0x81],
  ['will topic with wildcard', `${MQTT4} 06 00 00 00 01 61 00 01 23 00 00`, 'will_topic', 'MQTT-4.7.1-1', 0x90],
  [
    'v5 will topic with wildcard',
    `${MQTT5} 06 00 00 00 00 01 61 00 00 01 23 00 00`,
    'will_topic',
    'MQTT-4.7.0-1',
    0x90,
  ],
  ['empty will topic', `${MQTT4} 06 00 00 00 01 61 00 00 00 00`, 'will_topic', 'MQTT-4.7.3-1', 0x90],
  ['will missing', `${MQTT4} 06 00 00 00 01 61`, 'truncated', 'MQTT-3.1.2-9', 0x81],
  ['user name missing', `${MQTT4} 82 00 00 00 01 61`, 'truncated', 'MQTT-3.1.2-19', 0x81],
  ['bytes after the end', `${MQTT4} 02 00 00 00 01 61 00`, 'trailing_bytes', 'MQTT-3.1.3-1', 0x81],
  ['v5 receive maximum 0', `${MQTT5} 02 00 00 03 21 00 00 00 01 61`, 'property_value', 'MQTT-2.2.2.2', 0x82],
  [
    'v5 will property of PUBLISH',
    `${MQTT5} 06 00 00 00 00 01 61 03 23 00 01 00 01 74 00 00`,
    'property_not_allowed',
    'MQTT-2.2.2.2',
    0x81,
  ],
] as const)('%s is refused', (_, bytes, code, clause, reason) => {
  const packet = hex(bytes)
  expect(readConnect(packet, 0, packet.length)).toMatchObject({ code, clause, reason, fatal: false })
})

test('a password without a user name is legal in MQTT 5.0, an empty id in both versions', () => {
  const password = hex(`${MQTT5} 42 00 3c 00 00 00 00 02 70 71`)
  const read = readConnect(password, 0, password.length)
  if (isFault(read)) throw new Error(read.why)
  expect(read.username).toBeUndefined()
  expect([...(read.password ?? [])]).toEqual([0x70, 0x71])
  expect([read.clientId, read.keepAlive, read.receiveMaximum, read.maximumPacketSize]).toEqual([
    '',
    60,
    65535,
    268_435_460,
  ])
  const empty = hex(`${MQTT4} 02 00 00 00 00`)
  expect(isFault(readConnect(empty, 0, empty.length))).toBe(false)
})

test('what lies behind the end is not read', () => {
  const packet = hex(`${MQTT4} 02 00 00 00 05 61 62 63 64 65`)
  expect(readConnect(packet, 0, packet.length - 1)).toMatchObject({ code: 'truncated' })
})
