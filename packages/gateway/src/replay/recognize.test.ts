import { expect, test } from 'vitest'
import { connect, hex, publish } from './capture.testkit.ts'
import { recognize } from './recognize.ts'

const anywhere = { known: false, midstream: false }
const atPort = { known: true, midstream: false }
const inTheMidst = { known: false, midstream: true }
const said = (bytes: Uint8Array, where: Parameters<typeof recognize>[3]) => recognize(bytes, 0, bytes.length, where)
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

const TLS = hex('16 03 01 00 c8 01 00 00 c4 03 03')
const HTTP = text('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
const RESPONSE = text('HTTP/1.1 200 OK\r\n\r\n')
const SSH = text('SSH-2.0-OpenSSH_9.2\r\n')

test('a CONNECT is known on any port, as soon as its name is there', () => {
  const bytes = connect('a')
  expect(said(bytes, anywhere)).toBe('yes')
  expect(said(bytes.subarray(0, 8), anywhere)).toBe('yes')
  for (const length of [1, 2, 3, 7]) expect(said(bytes.subarray(0, length), anywhere)).toBe('more')
})

test('MQTT 3.1 is known as well', () => {
  expect(said(hex('10 0e 0006 4d5149736470 03 02 003c 0000'), anywhere)).toBe('yes')
})

test('other protocols are not, wherever they are', () => {
  for (const bytes of [TLS, HTTP, RESPONSE, SSH]) {
    expect(said(bytes, anywhere)).toBe('no')
    expect(said(bytes, inTheMidst)).toBe('no')
  }
  expect(said(TLS, atPort)).toBe('no')
})

test('in the midst of a connection whole packets with a topic are', () => {
  expect(said(publish('plant/a', 'x'), inTheMidst)).toBe('yes')
  expect(said(Buffer.concat([hex('c000'), publish('plant/a', 'x')]), inTheMidst)).toBe('yes')
  expect(said(hex('c000'), inTheMidst)).toBe('no')
  expect(said(publish('plant/a', 'x').subarray(0, 6), inTheMidst)).toBe('no')
  expect(said(publish('plant/+', 'x'), inTheMidst)).toBe('no')
})

test('on a well-known port any possible packet is', () => {
  expect(said(hex('20020000'), atPort)).toBe('yes')
  expect(said(hex('20'), atPort)).toBe('more')
  expect(said(hex('0002'), atPort)).toBe('no')
  expect(said(hex('3602'), atPort)).toBe('no')
})
