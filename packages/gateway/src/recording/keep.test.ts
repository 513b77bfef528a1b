import { createHash } from 'node:crypto'
import { generate } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import type { Act } from '../contract/index.ts'
import { act, lane, scene } from '../guards/guards.testkit.ts'
import { decodeAct, packetOf } from './decode.ts'
import { encodeAct } from './encode.ts'
import { kept } from './keep.ts'
import type { Payloads } from './layout.ts'
import { outcomeBytes } from './outcome.ts'
import { SharedRing } from './ring.ts'

function written(said: Act, payloads: Payloads): Buffer {
  const ring = new SharedRing(16 * 1024)
  const judged = {
    outcome: outcomeBytes(0, [], 0),
    reads: Float64Array.of(1.5),
    readCount: 1,
    same: false,
    isGlance: false,
  }
  encodeAct(ring, said, lane(), scene(), judged)
  return kept(ring.next() ?? Buffer.alloc(0), payloads)
}

const publish = (payload: string): Act => {
  const bytes = generate({ cmd: 'publish', topic: 'a/b', payload, qos: 0, retain: false, dup: false })
  return act({
    bytes,
    start: 0,
    end: bytes.length,
    payloadStart: bytes.length - payload.length,
    payloadEnd: bytes.length,
  })
}

describe('of a payload', () => {
  const said = publish('the level is 2.5 m')

  test('all is kept', () => {
    expect(written(said, 'full').includes('the level')).toBe(true)
  })

  test.each(['digest', 'none'] as const)('%s is kept, and its length', payloads => {
    const record = written(said, payloads)
    expect(record.includes('the level')).toBe(false)
    const recorded = decodeAct(record)
    const left = recorded.packet.subarray(recorded.payloadStart)
    const digest = createHash('sha256').update('the level is 2.5 m').digest()
    expect(left).toEqual(payloads === 'digest' ? digest : Buffer.alloc(0))
    expect([recorded.payloadLength, recorded.reads[0], recorded.outcome.length]).toEqual([18, 1.5, 1])
    expect(packetOf(recorded, Buffer.alloc(0)).length).toBe(said.end)
  })
})

describe('of a CONNECT', () => {
  const will = { topic: 'w', payload: Buffer.from('last words'), qos: 0 as const, retain: false }
  const head = { cmd: 'connect', protocolId: 'MQTT', clientId: 'pump-1', clean: true } as const
  const password = Buffer.from('open sesame')

  function connect(bytes: Buffer): Act {
    return act({
      action: 'connect',
      topic: '',
      bytes,
      start: 0,
      end: bytes.length,
      payloadStart: bytes.length,
      payloadEnd: bytes.length,
    })
  }

  test('the password is not, whatever is', () => {
    const bytes = generate({ ...head, protocolVersion: 4, username: 'u', password, will })
    for (const payloads of ['full', 'digest', 'none'] as const) {
      const record = written(connect(bytes), payloads)
      expect(record.includes('sesame')).toBe(false)
      expect(record.includes('last words')).toBe(payloads === 'full')
      expect(decodeAct(record).packet.length).toBe(bytes.length)
    }
  })

  test('what proves an identity in its properties is not', () => {
    const properties = { authenticationMethod: 'SCRAM', authenticationData: Buffer.from('proof of it') }
    const record = written(connect(generate({ ...head, protocolVersion: 5, properties })), 'full')
    expect(record.includes('proof')).toBe(false)
    expect(record.includes('pump-1')).toBe(true)
  })

  test('nothing is that cannot be read', () => {
    const bytes = generate({ ...head, protocolVersion: 4, username: 'u', password })
    const record = written(connect(bytes.subarray(0, bytes.length - 3)), 'full')
    expect(record.includes('open')).toBe(false)
  })
})

test('of an AUTH nothing is but its reason', () => {
  const bytes = Buffer.concat([Buffer.of(0xf0, 14, 0x18, 12, 0x16), Buffer.from('proof of it')])
  const said = act({
    action: 'control',
    topic: '',
    bytes,
    start: 0,
    end: bytes.length,
    payloadStart: bytes.length,
    payloadEnd: bytes.length,
  })
  expect(written(said, 'full').includes('proof')).toBe(false)
})
