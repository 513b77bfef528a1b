import fc from 'fast-check'
import mqtt, { type Packet } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { Dissector } from './packet.ts'

const writing = { silent: false, passwords: true, limit: 0 }

/** What a whole packet says, as EVE has it; null where it ends too early. */
function read(bytes: Uint8Array, version = 4, how = writing): Record<string, Record<string, unknown>> | null {
  let body = 2
  while (bytes[body - 1] >= 0x80) body++
  const dissector = new Dissector(how)
  if (!dissector.read(bytes, 0, body, bytes.length, version)) return null
  return JSON.parse(`{${dissector.text}}`) as Record<string, Record<string, unknown>>
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const made = (packet: Packet, protocolVersion = 4): Buffer => mqtt.generate(packet, { protocolVersion })

test('a CONNECT of MQTT 3.1 with everything', () => {
  const packet = hex('10 26 0006 4d5149736470 03 ee 003c 0003 646576 0001 77 0004 6f666621 0004 75736572 0004 70617373')
  expect(read(packet)).toEqual({
    connect: {
      qos: 0,
      retain: false,
      dup: false,
      protocol_string: 'MQIsdp',
      protocol_version: 3,
      client_id: 'dev',
      flags: { username: true, password: true, will_retain: true, will: true, clean_session: true },
      username: 'user',
      password: 'pass',
      will: { topic: 'w', message: 'off!' },
    },
  })
})

test('passwords are left out where they are not wanted', () => {
  const packet = made({ cmd: 'connect', clientId: 'a', username: 'u', password: Buffer.from('secret') } as Packet)
  expect(JSON.stringify(read(packet, 4, { ...writing, passwords: false }))).not.toContain('secret')
})

test('properties have the names of the standard, user properties their own', () => {
  const packet = made(
    {
      cmd: 'publish',
      topic: 't',
      payload: 'p',
      qos: 1,
      messageId: 7,
      dup: false,
      retain: true,
      properties: {
        topicAlias: 3,
        contentType: 'x',
        correlationData: Buffer.from([1, 0xff]),
        userProperties: { 'a"b': 'c' },
      },
    },
    5,
  )
  const { publish } = read(packet, 5) ?? {}
  expect(publish).toMatchObject({ topic: 't', message_id: 7, message: 'p', retain: true, qos: 1 })
  expect(publish?.['properties']).toEqual({
    topic_alias: 3,
    content_type: 'x',
    correlation_data: '\x01\\xff',
    'a"b': 'c',
  })
})

test('bytes that are no text are written byte by byte', () => {
  expect(read(hex('30 07 0001 74 41 ff d8 00'))?.['publish']?.['message']).toBe('A\\xff\\xd8\x00')
})

test('the reason of a DISCONNECT without properties counts as 0, one with properties is read', () => {
  expect(read(hex('e0 01 04'), 5)?.['disconnect']?.['reason_code']).toBe(0)
  expect(read(hex('e0 02 04 00'), 5)?.['disconnect']?.['reason_code']).toBe(4)
  expect(read(hex('e0 00'), 5)?.['disconnect']?.['reason_code']).toBe(0)
  expect(read(hex('e0 00'), 4)?.['disconnect']).not.toHaveProperty('reason_code')
})

test('what ends too early is malformed', () => {
  expect(read(hex('10 04 0004 4d51'))).toBe(null)
  expect(read(hex('30 03 0005 61'))).toBe(null)
  expect(read(hex('82 02 0001'))).toBe(null)
  // Properties that reach over the packet.
  expect(read(hex('30 06 0001 74 7f 2300'), 5)).toBe(null)
})

test('texts are cut at the limit, all topics of a SUBSCRIBE together', () => {
  const limited = { ...writing, limit: 10 }
  const packet = made({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: ['topicX', 'topicY', 'topicZ'].map(topic => ({ topic, qos: 0 })),
  } as Packet)
  const topics = read(packet, 4, limited)?.['subscribe']?.['topics']
  expect(topics).toEqual([
    { topic: 'topicX', qos: 0 },
    { topic: 'topi[truncated 2 additional bytes]', qos: 0 },
  ])
  const publish = read(hex('30 0f 0001 74 e282ac e282ac e282ac e282ac'), 4, limited)?.['publish']
  expect(publish?.['message']).toBe('€€€[truncated 3 additional bytes]')
})

test('a packet that is too long is told by its fixed header', () => {
  const dissector = new Dissector(writing)
  dissector.skipped(0x3b, 2_000_000)
  const told = { qos: 1, retain: true, dup: true, truncated: true, skipped_length: 2_000_000 }
  expect(JSON.parse(`{${dissector.text}}`)).toEqual({ publish: told })
})

const word = fc.string({ minLength: 1, maxLength: 12 }).filter(text => !/[+#\0]/.test(text))

test('PUBLISH: the same as mqtt-packet reads', () => {
  fc.assert(
    fc.property(
      word,
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(0, 1, 2),
      fc.constantFrom(4, 5),
      (topic, bytes, qos, version) => {
        const packet = made(
          {
            cmd: 'publish',
            topic,
            payload: Buffer.from(bytes),
            qos,
            messageId: 513,
            dup: false,
            retain: false,
          } as Packet,
          version,
        )
        const { publish } = read(packet, version) ?? {}
        expect(publish?.['topic']).toBe(topic)
        expect(publish?.['message_id']).toBe(qos === 0 ? undefined : 513)
        if (bytes.every(byte => byte < 0x80)) expect(publish?.['message']).toBe(Buffer.from(bytes).toString('latin1'))
      },
    ),
  )
})

test('no bytes break it, and reading in silence says the same', () => {
  const silent = { ...writing, silent: true }
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 2, maxLength: 60 }), fc.constantFrom(0, 3, 4, 5), (bytes, version) => {
      bytes[1] = bytes.length - 2
      const loud = new Dissector(writing)
      const quiet = new Dissector(silent)
      const read = loud.read(bytes, 0, 2, bytes.length, version)
      expect(quiet.read(bytes, 0, 2, bytes.length, version)).toBe(read)
      expect(quiet.packetId).toBe(loud.packetId)
      expect(quiet.text).toBe('')
      if (read) JSON.parse(`{${loud.text}}`)
    }),
    { numRuns: 500 },
  )
})
