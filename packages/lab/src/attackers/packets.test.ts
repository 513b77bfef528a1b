import { expect, it } from 'vitest'
import { malformed } from './malformed-bytes.ts'
import { aliased, connect, header, publish, subscribe } from './packets.ts'

it('writes remaining lengths as the standard does (MQTT 3.1.1, table 2.4)', () => {
  expect(header(0x30, 127).toString('hex')).toBe('307f')
  expect(header(0x30, 128).toString('hex')).toBe('308001')
  expect(header(0x30, 268_435_455).toString('hex')).toBe('30ffffff7f')
})

it('writes the packets byte for byte', () => {
  expect(connect({ version: 4, clientId: 'a' }).toString('hex')).toBe('100d00044d5154540402003c000161')
  expect(connect({ version: 5, clientId: 'a' }).toString('hex')).toBe('100e00044d5154540502003c00000161')
  expect(publish(4, { topic: 'a', payload: 'x', qos: 1, retain: true }, 2).toString('hex')).toBe('3306000161000278')
  expect(aliased({ topic: '', payload: 'x' }, 1).toString('hex')).toBe('30070000032300' + '0178')
  expect(subscribe(4, '#').toString('hex')).toBe('82060001000123' + '00')
})

it('writes a will with its topic and payload after the client id', () => {
  const bytes = connect({ version: 4, clientId: 'a', will: { topic: 't', payload: 'w', qos: 1, retain: true } })
  expect(bytes.toString('hex')).toBe('101300044d515454042e003c000161000174000177')
})

it('has distinct illegal strings', () => {
  const list = malformed('intruder-1', 'mill-3/intruder-1/telemetry')
  expect(list.length).toBeGreaterThan(35)
  expect(new Set(list.map(({ name }) => name)).size).toBe(list.length)
  expect(
    new Set(list.map(({ bytes, version, after }) => `${Buffer.from(bytes).toString('hex')} ${version} ${after}`)).size,
  ).toBe(list.length)
})
