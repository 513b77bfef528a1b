import type { Flow } from '@ringwall/wire/capture'
import { expect, test } from 'vitest'
import { flowNames, header, timestamp } from './header.ts'

test('times have microseconds, in UTC', () => {
  expect(timestamp(0)).toBe('1970-01-01T00:00:00.000000+0000')
  expect(timestamp(1_585_066_894_318.018)).toBe('2020-03-24T16:21:34.318018+0000')
  expect(timestamp(999.999_9)).toBe('1970-01-01T00:00:01.000000+0000')
})

const flow = (client: string, server: string): Flow =>
  ({ client: { address: client, port: 1 }, server: { address: server, port: 2 }, began: 5 }) as unknown as Flow

test('IPv6 addresses have all their digits', () => {
  const { up } = flowNames(flow('::1', '2001:db8:0:7::ff'))
  expect(up).toContain('"src_ip":"0000:0000:0000:0000:0000:0000:0000:0001"')
  expect(up).toContain('"dest_ip":"2001:0db8:0000:0007:0000:0000:0000:00ff"')
  expect(flowNames(flow('fe80:1:2:3:4:5:6:7', '::')).up).toContain('fe80:0001:0002:0003:0004:0005:0006:0007')
})

test('flows have numbers of their own, the same each time, that a JSON reader keeps whole', () => {
  const one = flowNames(flow('10.0.0.1', '10.0.0.2'))
  expect(flowNames(flow('10.0.0.1', '10.0.0.2')).id).toBe(one.id)
  expect(flowNames(flow('10.0.0.2', '10.0.0.1')).id).not.toBe(one.id)
  expect(Number.isSafeInteger(one.id)).toBe(true)
})

test('a line has the addresses of its packet', () => {
  const names = flowNames(flow('10.0.0.1', '10.0.0.2'))
  const line = JSON.parse(`${header('mqtt', names, false, 1, 7)}}`) as Record<string, unknown>
  expect(line).toMatchObject({ event_type: 'mqtt', src_ip: '10.0.0.2', src_port: 2, dest_ip: '10.0.0.1', pcap_cnt: 7 })
})
