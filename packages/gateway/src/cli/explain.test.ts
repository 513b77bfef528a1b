import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SAMPLE } from '../config/sample.ts'
import { AlarmMemory } from '../desk/alarms.ts'
import { Control } from '../desk/control.ts'
import { verdict } from '../desk/desk.testkit.ts'
import { VerdictMemory } from '../desk/memory.ts'
import { TallyBook } from '../desk/tally.ts'
import { explainVerb } from './explain.ts'
import { printedBy } from './verb.testkit.ts'

let folder: string
let socket: string
let number = 0
let memory: VerdictMemory
let control: Control

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-explain-'))
})
beforeEach(async () => {
  // Another one each time: the HTTP agent of this process would go on with a connection to the former.
  socket = join(folder, `socket-${number++}`)
  control?.close()
  memory = new VerdictMemory()
  control = new Control(memory, new TallyBook(), new AlarmMemory())
  await control.listen(socket)
})
afterAll(() => {
  control.close()
  rmSync(folder, { recursive: true })
})

const explain = (...args: string[]) => printedBy([explainVerb], ['explain', ...args])

describe('without an id', () => {
  test('the latest verdicts are listed, nobody known by his address', async () => {
    expect((await explain('--socket', socket)).out).toBe('No verdicts.\n')
    memory.add(verdict())
    memory.add(verdict({ id: '0-1', device: '', action: 'handshake', address: '', decision: 'disconnect' }))
    const { status, out } = await explain('--socket', socket)
    expect(status).toBe(0)
    expect(out.split('\n').map(line => line.split(/ {2,}/))).toEqual([
      ['id', 'time', 'decision', 'who', 'act', 'findings'],
      ['0-1', '2023-11-14T22:13:20.000Z', 'disconnect', '192.0.2.1:5000', 'handshake', 'access:publish_denied'],
      ['0-0', '2023-11-14T22:13:20.000Z', 'refuse', 'pump-1', 'publish plant/x', 'access:publish_denied'],
      [''],
    ])
    expect((await explain('--socket', socket, '--most', '1')).out).not.toContain('plant/x')
  })
})

test('a signature is listed by its rule', async () => {
  const finding = { guard: 'signature', severity: 'low', code: 'signature', clause: 'sid:7', why: 'x' } as const
  memory.add(verdict({ findings: [finding] }))
  expect((await explain('--socket', socket)).out).toContain('signature:sid:7\n')
})

describe('with an id', () => {
  test('who, what, why, by which clause, and the bytes', async () => {
    memory.add(verdict({ length: 3_000 }))
    const { status, out } = await explain('0-0', '--socket', socket)
    expect(status).toBe(0)
    expect(out).toBe(
      [
        'verdict   0-0, refuse',
        'when      2023-11-14T22:13:20.000Z',
        'who       pump-1 from 192.0.2.1:5000',
        'act       up publish plant/x',
        'finding   access: publish_denied (high)',
        'clause    roles',
        'why       it may not',
        'bytes     2 of 3000 bytes',
        '  0000  30 ff                                            0.',
        '',
      ].join('\n'),
    )
    expect(JSON.parse((await explain('0-0', '--json', '--socket', socket)).out)).toMatchObject({
      id: '0-0',
      bytes: '30ff',
    })
  })

  test('a topic that holds control characters does not reach the terminal', async () => {
    memory.add(verdict({ address: 'plant/\u001b[2J\u009b' }))
    for (const args of [['0-0'], []]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
      expect((await explain(...args, '--socket', socket)).out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
    }
  })

  test('that is not remembered says so', async () => {
    for (const id of ['9-9', '../state', '%']) {
      expect(await explain(id, '--socket', socket)).toMatchObject({
        status: 2,
        err: expect.stringContaining('verdict_unknown'),
      })
    }
  })
})

describe('without a gateway', () => {
  test('that nobody answers is told with the reason', async () => {
    const gone = join(folder, 'gone')
    expect((await explain('--socket', gone)).err).toMatch(/gateway_unreachable[\s\S]*ENOENT/)
  })

  test('what answers, but is no gateway, is told too', async () => {
    const path = join(folder, 'other')
    const other = createServer(each => void each.end('hello\r\n\r\n')).listen(path)
    await new Promise(resolve => other.once('listening', resolve))
    expect((await explain('--socket', path)).err).toContain('gateway_unreachable')
    other.close()
  })

  test('the socket is the one of the configuration', async () => {
    const file = join(folder, 'ringwall.yaml')
    writeFileSync(file, `${SAMPLE}control: { path: ${socket} }\n`)
    expect((await explain('--config', file)).out).toBe('No verdicts.\n')
    writeFileSync(file, `${SAMPLE}control: off\n`)
    expect((await explain('--config', file)).err).toContain('control_off')
    expect((await explain('--config', join(folder, 'none.yaml'))).err).toContain('config_unreadable')
  })
})
