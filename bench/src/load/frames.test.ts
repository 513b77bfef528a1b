import { generate, parser } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import {
  connectFrame,
  Frames,
  PAYLOAD_BYTES,
  publishFrame,
  reading,
  STAMP_AT,
  STAMP_DIGITS,
  subscribeFrame,
} from './frames.ts'

describe('frames, beside mqtt-packet', () => {
  test('CONNECT', () => {
    const expected = generate({
      cmd: 'connect',
      clientId: 'd00001',
      clean: true,
      keepalive: 600,
      protocolVersion: 4,
      protocolId: 'MQTT',
    })
    expect(connectFrame('d00001')).toEqual(expected)
  })

  test('PUBLISH at QoS 0 and 1, and SUBSCRIBE', () => {
    const payload = reading(42)
    const publish = { cmd: 'publish', topic: 'plant/a/b', payload, dup: false, retain: false } as const
    expect(publishFrame('plant/a/b', payload)).toEqual(generate({ ...publish, qos: 0 }))
    expect(publishFrame('plant/a/b', payload, 513)).toEqual(generate({ ...publish, qos: 1, messageId: 513 }))
    const subscriptions = [{ topic: 'plant/#', qos: 0 as const }]
    expect(subscribeFrame('plant/#')).toEqual(generate({ cmd: 'subscribe', messageId: 1, subscriptions }))
  })

  test('a reading is 135 bytes of JSON whatever the time, and its stamp stands where it is looked for', () => {
    for (const stamp of [0, 7, 123456789012345]) {
      const payload = reading(stamp)
      expect(payload).toHaveLength(PAYLOAD_BYTES)
      expect(() => JSON.parse(payload.toString())).not.toThrow()
    }
    const payload = reading(123456789012345)
    expect(payload.toString('latin1', STAMP_AT, STAMP_AT + STAMP_DIGITS)).toBe('123456789012345')
  })
})

describe('Frames', () => {
  const stream = Buffer.concat([
    publishFrame('a', Buffer.alloc(300, 1)),
    Buffer.from([0xd0, 0]),
    publishFrame('b', reading(1)),
  ])

  test.each([1, 2, 3, 7, 128, 1000])('the same frames in pieces of %i bytes', size => {
    const seen: [number, number][] = []
    const frames = new Frames((first, _bytes, start, end) => seen.push([first, end - start]))
    for (let at = 0; at < stream.length; at += size) frames.feed(stream.subarray(at, at + size))
    expect(seen).toEqual([
      [0x30, 303],
      [0xd0, 0],
      [0x30, 3 + PAYLOAD_BYTES],
    ])
  })

  test('what mqtt-packet reads is what was sent', () => {
    const topics: string[] = []
    const reader = parser()
    reader.on('packet', packet => packet.cmd === 'publish' && topics.push(packet.topic))
    reader.parse(stream)
    expect(topics).toEqual(['a', 'b'])
  })
})
