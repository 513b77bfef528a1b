import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AlarmMemory } from '../desk/alarms.ts'
import { Control } from '../desk/control.ts'
import { VerdictMemory } from '../desk/memory.ts'
import { TallyBook } from '../desk/tally.ts'
import { blockVerbs } from './block.ts'
import { bypassVerb } from './bypass.ts'
import { postureVerbs } from './posture.ts'
import { printedBy } from './verb.testkit.ts'

const UNTIL = Date.UTC(2026, 4, 4, 11, 20, 31)
const BLOCK = { target: 'pump-1', kind: 'device', since: 0, until: UNTIL, by: 'anna', reason: 'x', forced: false }

let folder: string
let socket: string
let control: Control
let asked: string[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-order-'))
  socket = join(folder, 'c.sock')
  asked = []
  control = new Control(new VerdictMemory(), new TallyBook(), new AlarmMemory())
  await control.listen(socket)
})
afterEach(() => {
  control.close()
  rmSync(folder, { recursive: true })
})

/** Lets the gateway answer an order, and keeps what it was asked but for who asked. */
function answers(route: string, body: object): void {
  control.routes.set(route, query => {
    query.delete('by')
    asked.push(`${route} ${query}`)
    return body
  })
}

const say = (...args: string[]) => printedBy([blockVerbs, bypassVerb, postureVerbs], [...args, '--socket', socket])

test('an order that is longer than the gateway reads is refused', async () => {
  answers('POST /block', { block: BLOCK, displaced: null, saved: true })
  const { status, err } = await say('block', 'pump-1', '--for', '1h', '--reason', 'a'.repeat(100_000))
  expect([status, err]).toEqual([2, expect.stringContaining('order_too_long')])
  expect(asked).toEqual([])
})

test('a device that nobody has met is told', async () => {
  answers('POST /block', { block: BLOCK, displaced: null, saved: true, known: false })
  answers('POST /posture', { saved: true, known: false })
  const hint = expect.stringContaining('No device of this id has connected')
  expect((await say('block', 'pumq-1', '--for', '1h', '--reason', 'x')).out).toEqual(hint)
  expect((await say('posture', 'set', 'pumq-1', 'watched', '--for', '1h', '--reason', 'x')).out).toEqual(hint)
})

test('a block is ordered with all that was said, and told with what it displaced and that it is not kept', async () => {
  answers('POST /block', { block: BLOCK, displaced: { ...BLOCK, target: '192.0.2.7' }, saved: false })
  const { status, out } = await say('block', 'pump-1', '--for', '1h', '--reason', 'a & b', '--device', '--force')
  expect(status).toBe(0)
  expect(asked).toEqual(['POST /block target=pump-1&for=1h&reason=a+%26+b&device=&force='])
  expect(out).toBe(
    'Blocked: device pump-1 until 2026-05-04T11:20:31Z.\n' +
      'All places are taken: the block on 192.0.2.7 ended for it.\n' +
      'It is not kept over a restart: store is off, or the log says why.\n',
  )
})

test('blocks are a table, and JSON where that is asked for', async () => {
  answers('GET /blocks', [BLOCK, { ...BLOCK, reason: '\u001b[2J', forced: true }])
  const { out } = await say('blocks')
  expect(out.split('\n').slice(0, 2)).toEqual([
    'kind    target  until                 by    reason',
    'device  pump-1  2026-05-04T11:20:31Z  anna  x',
  ])
  expect(out).not.toContain('\u001b')
  expect(JSON.parse((await say('blocks', '--json')).out)[0]).toEqual(BLOCK)
})

test.each([
  [['block', 'pump-1', '--reason', 'x'], /--for/],
  [['block', 'pump-1', '--for', '1h'], /--reason/],
  [['unblock'], /error usage/],
  [['unblock', 'pump-1', '--all'], /error usage/],
  [['bypass', 'on', '--for', '1h'], /error usage/],
  [['bypass', 'maybe'], /on or off/],
  [['posture', 'set', 'pump-1', '--for', '1h', '--reason', 'x'], /posture/],
  [['disconnect', 'pump-1'], /--reason/],
])('%j is wrong usage and asks the gateway nothing', async (args, told) => {
  for (const route of ['POST /block', 'POST /unblock', 'POST /bypass/on', 'POST /posture', 'POST /disconnect']) {
    answers(route, {})
  }
  const { status, err } = await say(...args)
  expect([status, asked]).toEqual([2, []])
  expect(err).toMatch(told)
})

test('what the gateway refuses is told with its code, and a fault of its own ends nothing', async () => {
  control.routes.set('GET /bypass', () => {
    throw new TypeError('oops')
  })
  const { status, err } = await say('bypass')
  expect(status).toBe(2)
  expect(err).toContain('oops')
  answers('GET /bypass', { bypass: null })
  expect((await say('bypass')).out).toBe('No bypass.\n')
})
