import { describe, expect, test } from 'vitest'
import { hex, scanner } from '../../test/frames.ts'

type Row = readonly [what: string, bytes: string, code: string, clause: string, reason: number]
type Side = 'client' | 'server'

// 00 03 61 2f 62 is the topic a/b; 10 00 and the like begin a packet with its type and length.
const client4: readonly Row[] = [
  ['both QoS bits', '36 07 00 03 61 2f 62 00 07', 'qos_3', 'MQTT-3.3.1-4', 0x81],
  ['DUP with QoS 0', '38 05 00 03 61 2f 62', 'dup_qos_0', 'MQTT-3.3.1-2', 0x81],
  ['packet identifier 0', '32 07 00 03 61 2f 62 00 00', 'packet_id_zero', 'MQTT-2.3.1-1', 0x82],
  ['empty topic', '30 02 00 00', 'topic_empty', 'MQTT-4.7.3-1', 0x90],
  ['wildcard #', '30 05 00 03 61 2f 23', 'topic_wildcard', 'MQTT-3.3.2-2', 0x90],
  ['wildcard +', '30 05 00 03 2b 2f 61', 'topic_wildcard', 'MQTT-3.3.2-2', 0x90],
  ['U+0000', '30 05 00 03 61 00 62', 'text_null', 'MQTT-1.5.3-2', 0x81],
  ['surrogate', '30 05 00 03 ed a0 80', 'text_malformed', 'MQTT-1.5.3-1', 0x81],
  ['overlong slash', '30 04 00 02 c0 af', 'text_malformed', 'MQTT-1.5.3-1', 0x81],
  ['cut sequence', '30 03 00 01 c3', 'text_malformed', 'MQTT-1.5.3-1', 0x81],
  ['topic beyond the packet', '30 03 00 09 61', 'truncated', 'MQTT-3.3.2', 0x81],
  ['no room for the identifier', '32 06 00 03 61 2f 62 00', 'truncated', 'MQTT-3.3.2', 0x81],
  ['PUBREL flags', '60 02 00 07', 'reserved_flags', 'MQTT-3.6.1-1', 0x81],
  ['SUBSCRIBE flags', '80 06 00 07 00 01 61 00', 'reserved_flags', 'MQTT-3.8.1-1', 0x81],
  ['UNSUBSCRIBE flags', 'a0 05 00 07 00 01 61', 'reserved_flags', 'MQTT-3.10.1-1', 0x81],
  ['DISCONNECT flags', 'e1 00', 'reserved_flags', 'MQTT-3.14.1-1', 0x81],
  ['PUBACK flags', '41 02 00 07', 'reserved_flags', 'MQTT-2.2.2-2', 0x81],
  ['PUBACK identifier 0', '40 02 00 00', 'packet_id_zero', 'MQTT-2.3.1-6', 0x82],
  ['PUBACK with a reason', '40 03 00 07 00', 'trailing_bytes', 'MQTT-3.4.2', 0x81],
  ['PUBACK without identifier', '40 01 00', 'truncated', 'MQTT-3.4.2', 0x81],
  ['PINGREQ with a body', 'c0 01 00', 'trailing_bytes', 'MQTT-3.12.2', 0x81],
  ['DISCONNECT with a body', 'e0 01 00', 'trailing_bytes', 'MQTT-3.14.2', 0x81],
  ['AUTH', 'f0 00', 'wrong_direction', 'MQTT-2.2.1', 0x82],
  ['CONNACK', '20 02 00 00', 'wrong_direction', 'MQTT-2.2.1', 0x82],
  ['SUBSCRIBE identifier 0', '82 06 00 00 00 01 61 00', 'packet_id_zero', 'MQTT-2.3.1-1', 0x82],
  ['empty SUBSCRIBE', '82 02 00 07', 'no_filters', 'MQTT-3.8.3-3', 0x82],
  ['reserved options', '82 06 00 07 00 01 61 04', 'subscription_options', 'MQTT-3.8.3-4', 0x81],
  ['QoS 3 asked', '82 06 00 07 00 01 61 03', 'qos_3', 'MQTT-3.8.3-4', 0x81],
  ['empty filter', '82 05 00 07 00 00 00', 'filter_empty', 'MQTT-4.7.3-1', 0x8f],
  ['# not last', '82 08 00 07 00 03 23 2f 61 00', 'filter_wildcard', 'MQTT-4.7.1-2', 0x8f],
  ['+ not alone', '82 07 00 07 00 02 61 2b 00', 'filter_wildcard', 'MQTT-4.7.1-3', 0x8f],
  ['filter without options', '82 05 00 07 00 01 61', 'truncated', 'MQTT-2.2.3', 0x81],
  ['empty UNSUBSCRIBE', 'a2 02 00 07', 'no_filters', 'MQTT-3.10.3-2', 0x82],
]

const client5: readonly Row[] = [
  ['length not shortest', '30 86 00 00 03 61 2f 62 00', 'length_not_shortest', 'MQTT-1.5.5-1', 0x81],
  ['packet identifier 0', '32 08 00 03 61 2f 62 00 00 00', 'packet_id_zero', 'MQTT-2.2.1-3', 0x82],
  ['empty topic, no alias', '30 03 00 00 00', 'topic_empty', 'MQTT-4.7.3-1', 0x82],
  ['U+0000', '30 06 00 03 61 00 62 00', 'text_null', 'MQTT-1.5.4-2', 0x81],
  ['overlong', '30 06 00 03 e0 80 af 00', 'text_malformed', 'MQTT-1.5.4-1', 0x81],
  ['no property length', '30 03 00 01 61', 'property_length', 'MQTT-2.2.2-1', 0x81],
  ['property length not shortest', '30 05 00 01 61 80 00', 'property_length_not_shortest', 'MQTT-1.5.5-1', 0x81],
  ['properties beyond the packet', '30 05 00 01 61 09 01', 'property_length', 'MQTT-2.2.2.1', 0x81],
  ['alias 0', '30 07 00 01 61 03 23 00 00', 'alias_zero', 'MQTT-3.3.2-8', 0x94],
  ['alias above the maximum', '30 07 00 01 61 03 23 00 0b', 'alias_too_large', 'MQTT-3.3.2-9', 0x94],
  ['payload format 2', '30 06 00 01 61 02 01 02', 'property_value', 'MQTT-2.2.2.2', 0x82],
  ['payload format twice', '30 08 00 01 61 04 01 01 01 01', 'property_twice', 'MQTT-2.2.2.2', 0x82],
  ['unknown property', '30 06 00 01 61 02 7f 01', 'property_unknown', 'MQTT-2.2.2.2', 0x81],
  ['misplaced property', '30 07 00 01 61 03 21 00 05', 'property_not_allowed', 'MQTT-2.2.2.2', 0x81],
  ['property cut off', '30 06 00 01 61 02 23 00', 'property_truncated', 'MQTT-2.2.2.2', 0x81],
  ['identifier from a client', '30 06 00 01 61 02 0b 05', 'subscription_identifier_from_client', 'MQTT-3.3.4-6', 0x82],
  ['response topic wildcard', '30 08 00 01 61 04 08 00 01 2b', 'response_topic_wildcard', 'MQTT-3.3.2-14', 0x82],
  ['response topic empty', '30 07 00 01 61 03 08 00 00', 'response_topic_empty', 'MQTT-4.7.3-1', 0x82],
  ['content type not UTF-8', '30 08 00 01 61 04 03 00 01 ff', 'text_malformed', 'MQTT-1.5.4-1', 0x81],
  ['user property null', '30 0a 00 01 61 06 26 00 01 00 00 00', 'text_null', 'MQTT-1.5.7-1', 0x81],
  ['PUBACK flags', '41 02 00 07', 'reserved_flags', 'MQTT-2.1.3-1', 0x81],
  ['PUBACK identifier 0', '40 02 00 00', 'packet_id_zero', 'MQTT-2.2.1-5', 0x82],
  ['PUBACK reason', '40 03 00 07 92', 'reason_illegal', 'MQTT-3.4.2-1', 0x82],
  ['PUBREC reason', '50 03 00 07 01', 'reason_illegal', 'MQTT-3.5.2-1', 0x82],
  ['PUBREL reason', '62 03 00 07 10', 'reason_illegal', 'MQTT-3.6.2-1', 0x82],
  ['PUBCOMP reason', '70 03 00 07 80', 'reason_illegal', 'MQTT-3.7.2-1', 0x82],
  ['PUBACK trailing', '40 05 00 07 00 00 00', 'trailing_bytes', 'MQTT-3.4.2', 0x81],
  ['DISCONNECT reason of servers', 'e0 01 8b', 'reason_illegal', 'MQTT-3.14.2-1', 0x82],
  ['AUTH flags', 'f2 00', 'reserved_flags', 'MQTT-3.15.1-1', 0x81],
  ['AUTH success from a client', 'f0 06 00 04 15 00 01 61', 'reason_illegal', 'MQTT-3.15.2-1', 0x82],
  ['AUTH without method', 'f0 02 18 00', 'authentication_method_missing', 'MQTT-3.15.2.2.2', 0x82],
  ['AUTH data alone', 'f0 06 18 04 16 00 01 61', 'authentication_data_alone', 'MQTT-3.1.2.11.10', 0x82],
  ['empty SUBSCRIBE', '82 03 00 07 00', 'no_filters', 'MQTT-3.8.3-2', 0x82],
  ['reserved options', '82 07 00 07 00 00 01 61 40', 'subscription_options', 'MQTT-3.8.3-5', 0x81],
  ['retain handling 3', '82 07 00 07 00 00 01 61 30', 'retain_handling', 'MQTT-3.8.3.1', 0x82],
  ['QoS 3 asked', '82 07 00 07 00 00 01 61 03', 'qos_3', 'MQTT-3.8.3.1', 0x81],
  ['identifier 0', '82 09 00 07 02 0b 00 00 01 61 00', 'property_value', 'MQTT-2.2.2.2', 0x82],
  ['identifier twice', '82 0b 00 07 04 0b 01 0b 02 00 01 61 00', 'property_twice', 'MQTT-2.2.2.2', 0x82],
  // $share/g/a with no local, then an empty name and a missing filter.
  [
    'shared and no local',
    '82 10 00 07 00 00 0a 24 73 68 61 72 65 2f 67 2f 61 04',
    'shared_no_local',
    'MQTT-3.8.3-4',
    0x82,
  ],
  ['empty share name', '82 0f 00 07 00 00 09 24 73 68 61 72 65 2f 2f 61 00', 'share_malformed', 'MQTT-4.8.2-1', 0x8f],
  ['share without filter', '82 0e 00 07 00 00 08 24 73 68 61 72 65 2f 67 00', 'share_malformed', 'MQTT-4.8.2-2', 0x8f],
  ['# not last', '82 09 00 07 00 00 03 23 2f 61 00', 'filter_wildcard', 'MQTT-4.7.1-1', 0x8f],
  ['+ not alone', '82 08 00 07 00 00 02 61 2b 00', 'filter_wildcard', 'MQTT-4.7.1-2', 0x8f],
  ['SUBACK', '90 04 00 07 00 00', 'wrong_direction', 'MQTT-2.1.2', 0x82],
]

const server4: readonly Row[] = [
  ['DISCONNECT', 'e0 00', 'wrong_direction', 'MQTT-2.2.1', 0x82],
  ['CONNECT', '10 0d 00 04 4d 51 54 54 04 02 00 00 00 01 61', 'wrong_direction', 'MQTT-2.2.1', 0x82],
  ['CONNACK flags', '20 02 02 00', 'reserved_flags', 'MQTT-3.2.2.1', 0x81],
  ['CONNACK code', '20 02 00 06', 'reason_illegal', 'MQTT-3.2.2.3', 0x82],
  ['refused, present', '20 02 01 05', 'session_present', 'MQTT-3.2.2-4', 0x82],
  ['SUBACK code', '90 03 00 07 03', 'reason_illegal', 'MQTT-3.9.3-2', 0x82],
  ['SUBACK identifier 0', '90 03 00 00 00', 'packet_id_zero', 'MQTT-2.3.1-7', 0x82],
  ['SUBACK without codes', '90 02 00 07', 'no_reasons', 'MQTT-3.9.3', 0x82],
  ['UNSUBACK with codes', 'b0 03 00 07 00', 'trailing_bytes', 'MQTT-3.11.3', 0x81],
  ['CONNACK too long', '20 03 00 00 00', 'trailing_bytes', 'MQTT-3.2.3', 0x81],
]

const server5: readonly Row[] = [
  ['packet identifier 0', '32 06 00 01 61 00 00 00', 'packet_id_zero', 'MQTT-2.2.1-4', 0x82],
  ['alias above the maximum', '30 07 00 01 61 03 23 00 0b', 'alias_too_large', 'MQTT-3.3.2-11', 0x94],
  ['CONNACK flags', '20 03 02 00 00', 'reserved_flags', 'MQTT-3.2.2-1', 0x81],
  ['CONNACK reason', '20 03 00 01 00', 'reason_illegal', 'MQTT-3.2.2-8', 0x82],
  ['refused, present', '20 03 01 80 00', 'session_present', 'MQTT-3.2.2-6', 0x82],
  ['receive maximum 0', '20 06 00 00 03 21 00 00', 'property_value', 'MQTT-2.2.2.2', 0x82],
  ['SUBACK reason', '90 04 00 07 00 04', 'reason_illegal', 'MQTT-3.9.3-2', 0x82],
  ['UNSUBACK reason', 'b0 04 00 07 00 01', 'reason_illegal', 'MQTT-3.11.3-2', 0x82],
  ['UNSUBACK without reasons', 'b0 03 00 07 00', 'no_reasons', 'MQTT-3.11.3', 0x82],
  ['SUBACK identifier 0', '90 04 00 00 00 00', 'packet_id_zero', 'MQTT-2.2.1-6', 0x82],
  ['DISCONNECT reason of clients', 'e0 01 04', 'reason_illegal', 'MQTT-3.14.2-1', 0x82],
  ['session expiry', 'e0 07 8b 05 11 00 00 00 05', 'session_expiry_from_server', 'MQTT-3.14.2-2', 0x82],
  ['AUTH reason of clients', 'f0 06 19 04 15 00 01 61', 'reason_illegal', 'MQTT-3.15.2-1', 0x82],
  ['PINGREQ', 'c0 00', 'wrong_direction', 'MQTT-2.1.2', 0x82],
]

const tables: readonly (readonly [Side, 4 | 5, readonly Row[]])[] = [
  ['client', 4, client4],
  ['client', 5, client5],
  ['server', 4, server4],
  ['server', 5, server5],
]

for (const [side, version, rows] of tables) {
  describe(`version ${version}, from a ${side}`, () => {
    test.each(rows)('%s', (_, bytes, code, clause, reason) => {
      const scan = scanner(side, version)
      scan.aliasMaximum = 10
      scan.strict = true
      const good = hex(side === 'client' ? 'c0 00' : 'd0 00')
      scan.feed(hex(bytes))
      expect(scan.next()).toBe(true)
      expect(scan.fault).toMatchObject({ code, clause, reason, fatal: false })
      expect(scan.next()).toBe(false)
      // The framing holds: what follows is read.
      scan.feed(good)
      expect(scan.next()).toBe(true)
      expect(scan.fault).toBeNull()
    })
  })
}

test('a PUBLISH with a wildcard still tells its packet identifier, so that it can be refused', () => {
  const scan = scanner('client', 5)
  scan.feed(hex('32 09 00 03 61 2f 23 00 07 00 78'))
  expect(scan.next()).toBe(true)
  expect(scan.fault?.code).toBe('topic_wildcard')
  expect([scan.packetId, scan.payloadEnd - scan.payloadStart]).toEqual([7, 1])
})

test('every matching subscription of a server may be named', () => {
  const scan = scanner('server', 5)
  scan.feed(hex('30 08 00 01 61 04 0b 01 0b 02'))
  expect(scan.next()).toBe(true)
  expect(scan.fault).toBeNull()
})

test('an empty topic with an alias is legal in version 5', () => {
  const scan = scanner('client', 5)
  scan.feed(hex('30 06 00 00 03 23 00 05'))
  expect(scan.next()).toBe(true)
  expect(scan.fault).toBeNull()
  expect(scan.alias).toBe(5)
})
