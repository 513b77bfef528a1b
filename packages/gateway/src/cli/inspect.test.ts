import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { vectors } from '../../conformance/vectors/index.ts'
import { inspectVerb } from './inspect.ts'
import { HexReader } from './inspect-input.ts'
import { Inspection, inspectStream } from './inspect-stream.ts'
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

/** The lines of a text as bytes, read in pieces of some size. */
function hexLines(text: string, size = 1_000): { line: number; hex: string; why: string }[] {
  const lines: { line: number; hex: string; why: string }[] = []
  let hex = ''
  const reader = new HexReader({
    bytes: chunk => {
      hex += Buffer.from(chunk).toString('hex')
    },
    line: (line, why) => {
      lines.push({ line, hex, why })
      hex = ''
    },
  })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
  reader.end()
  return lines
}

test.each([1, 2, 1_000])('hex may have separators, prefixes, capitals and a byte order mark, in pieces of %i', size => {
  const text = '\ufeffC0:00\r\n  c0\t00 # why\n\n# nothing\n0xC0, 0X00\nc0-00-0x10'
  const c000 = { hex: 'c000', why: '' }
  expect(hexLines(text, size)).toEqual([
    { line: 1, ...c000 },
    { line: 2, ...c000 },
    { line: 5, ...c000 },
    { line: 6, hex: 'c00010', why: '' },
  ])
})

test('what is no hex is told with its place', () => {
  const why = (text: string) => hexLines(text).map(line => line.why)
  expect(why('c0\u00e9\nc0000\n1 0x\nx10\n"c0"\n')).toEqual([
    'the byte 0xc3 is no hex digit (after 2 digits of the line)',
    '5 hex digits, a byte has two',
    '"x" is no hex digit (after 2 digits of the line)',
    '"x" is no hex digit (after 0 digits of the line)',
    '"\\"" is no hex digit (after 0 digits of the line)',
  ])
})

test('a stream is judged alike however it is cut, without its chunks being kept', () => {
  for (const { hex, options } of vectors.filter((_, index) => index % 7 === 0)) {
    const bytes = Buffer.from(hex, 'hex')
    const inspection = new Inspection(options)
    const chunk = new Uint8Array(3)
    for (let at = 0; at < bytes.length && bytes.length < 2_000; at += 3) {
      chunk.set(bytes.subarray(at, at + 3))
      inspection.feed(chunk.subarray(0, Math.min(3, bytes.length - at)))
      chunk.fill(0xff)
    }
    if (bytes.length < 2_000) expect(inspection.end()).toEqual(inspectStream(bytes, options))
  }
})

test('a stream without bytes is incomplete', () => {
  expect(inspectStream(new Uint8Array(0))).toMatchObject({ code: 'incomplete', packet: 1, offset: 0 })
})
