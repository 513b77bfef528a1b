import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inspectVerb } from './inspect.ts'
import { hexLines } from './inspect-input.ts'
import { inspectStream } from './inspect-stream.ts'
import { printedBy } from './verb.testkit.ts'

const CONNECT = '100d00044d5154540402003c000161'
const FIVE = '100e00044d5154540502003c00000161'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-inspect-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function inspect(text: string, ...options: string[]) {
  const file = join(folder, 'streams.hex')
  writeFileSync(file, text)
  const { status, out } = await printedBy([inspectVerb], ['inspect', file, '--json', ...options])
  return {
    status,
    lines: out
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as Record<string, unknown>),
  }
}

test('one object a line, counted with comments and empty lines', async () => {
  const text = `# a capture\n\n${CONNECT} c0 00 # pings\r\n${CONNECT}3602\n`
  const { status, lines } = await inspect(text)
  expect(status).toBe(1)
  expect(lines).toEqual([
    {
      line: 3,
      verdict: 'accept',
      code: null,
      strict: false,
      clause: null,
      why: '2 packets of MQTT 3.1.1, all legal',
      packet: null,
      offset: null,
    },
    {
      line: 4,
      verdict: 'reject',
      code: 'incomplete',
      strict: false,
      clause: 'MQTT-2.2.3',
      why: 'the stream ends within packet 2, 2 bytes into a PUBLISH',
      packet: 2,
      offset: 15,
    },
  ])
})

test('the exit status: all accepted, some rejected, a line that is no hex', async () => {
  expect((await inspect(`${CONNECT}\n${FIVE}`)).status).toBe(0)
  expect((await inspect(`${CONNECT}\n00`)).status).toBe(1)
  const { status, lines } = await inspect(`10 0\nzz\n${CONNECT}`)
  expect(status).toBe(2)
  expect(lines.map(({ code, verdict }) => [code, verdict])).toEqual([
    ['hex_malformed', 'reject'],
    ['hex_malformed', 'reject'],
    [null, 'accept'],
  ])
})

test('a file that cannot be read is an error of its own', async () => {
  const { status, out } = await printedBy([inspectVerb], ['inspect', join(folder, 'none'), '--json'])
  expect([status, JSON.parse(out)]).toEqual([2, { error: expect.objectContaining({ code: 'input_unreadable' }) }])
})

test('as a table for people', async () => {
  const file = join(folder, 'streams.hex')
  writeFileSync(file, `${CONNECT}30050003612f23\n`)
  const { status, out } = await printedBy([inspectVerb], ['inspect', file])
  expect(status).toBe(1)
  expect(out).toMatch(
    /^line {2}verdict {2}code +clause +packet +why\n1 +reject +topic_wildcard +MQTT-3\.3\.2-2 +2 @21 +the topic name holds the wildcard #\n$/,
  )
})

describe('options', () => {
  test.each([
    ['a control character', `${CONNECT}30030001 01`, ['--relaxed'], 'text_control'],
    [
      'a listed method',
      '101600044d5154540502003c081500055343 52414d 000161',
      ['--auth-method', 'X', '--auth-method', 'SCRAM'],
      'authentication_method',
    ],
  ])('%s is accepted with the option alone', async (_, hex, options, code) => {
    expect((await inspect(hex)).lines[0]).toMatchObject({ code, strict: true })
    expect((await inspect(hex, ...options)).lines[0]).toMatchObject({ verdict: 'accept' })
  })

  test.each([
    ['--aliases', '1', `${FIVE}30070001 61 03 230002`, 'alias_too_large'],
    ['--max-packet', '16', `${FIVE}30 0f 0001 61 00 ${'20'.repeat(11)}`, 'packet_too_large'],
    ['--receive-maximum', '1', `${FIVE}34060001610001 00 34060001610002 00`, 'receive_maximum'],
  ])('%s is what the broker granted', async (option, value, hex, code) => {
    expect((await inspect(hex)).lines[0]).toMatchObject({ verdict: 'accept' })
    expect((await inspect(hex, option, value)).lines[0]).toMatchObject({ verdict: 'reject', code })
  })

  test('a number out of its range is wrong usage', async () => {
    expect((await inspect(CONNECT, '--aliases', '65536')).status).toBe(2)
    expect((await inspect(CONNECT, '--max-packet', '0')).status).toBe(2)
  })
})

test('hex may have colons, spaces, capitals and a byte order mark', () => {
  expect(hexLines('\ufeffC0:00\n  c0\t00 \n')).toEqual([
    { line: 1, bytes: Uint8Array.of(0xc0, 0), why: '' },
    { line: 2, bytes: Uint8Array.of(0xc0, 0), why: '' },
  ])
  expect(hexLines('c0é')[0]).toMatchObject({ bytes: null, why: '"é" is no hex digit (digit 3 of the line)' })
  expect(hexLines('c0000')[0]).toMatchObject({ bytes: null, why: '5 hex digits, a byte has two' })
})

test('a stream without bytes is incomplete', () => {
  expect(inspectStream(new Uint8Array(0))).toMatchObject({ code: 'incomplete', packet: 1, offset: 0 })
})
