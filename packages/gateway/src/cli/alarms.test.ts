import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AlarmMemory } from '../desk/alarms.ts'
import { Control } from '../desk/control.ts'
import { alarm } from '../desk/desk.testkit.ts'
import { VerdictMemory } from '../desk/memory.ts'
import { TallyBook } from '../desk/tally.ts'
import { happening } from '../evidence/happening.ts'
import { alarmsVerb } from './alarms.ts'
import { printedBy } from './verb.testkit.ts'

let folder: string
let control: Control
const memory = new AlarmMemory()
const alarms = (...args: string[]) => printedBy([alarmsVerb], ['alarms', ...args, '--socket', join(folder, 'socket')])

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-alarms-'))
  control = new Control(new VerdictMemory(), new TallyBook(), memory)
  await control.listen(join(folder, 'socket'))
})
afterAll(() => {
  control.close()
  rmSync(folder, { recursive: true })
})

test('the latest are listed, newest first', async () => {
  expect((await alarms()).out).toBe('No alarms.\n')
  memory.add(alarm())
  memory.add(alarm({ scenario: 'scan', subject: 'pump-2', why: 'it\u001b[2J scanned' }))
  const { status, out } = await alarms()
  expect(status).toBe(0)
  expect(out.split('\n').map(line => line.split(/ {2,}/))).toEqual([
    ['id', 'time', 'severity', 'scenario', 'about', 'why'],
    ['a1', '2023-11-14T22:13:22.000Z', 'high', 'scan', 'pump-2', 'it\ufffd[2J scanned'],
    ['a0', '2023-11-14T22:13:22.000Z', 'high', 'flood', 'pump-1', 'pump-1 said too much'],
    [''],
  ])
  expect((await alarms('--most', '1')).out).not.toContain('flood')
})

test('one is told whole, with what belongs to it', async () => {
  const time = 1_700_000_001_000
  memory.add(alarm({ happenings: [happening({ kind: 'publish', time, device: 'pump-1', topic: 'plant/x' })] }))
  expect((await alarms('a2')).out.split('\n')).toEqual([
    'alarm     a2, flood (high)',
    'technique T0814',
    'about     pump-1',
    'when      2023-11-14T22:13:20.000Z to 2023-11-14T22:13:22.000Z',
    'why       pump-1 said too much',
    'figures   count 4',
    'event     2023-11-14T22:13:21.000Z publish pump-1 plant/x',
    '',
  ])
})

test('what a model made of it is told with its class and features', async () => {
  const features = [
    { name: 'publishes', value: 100, contribution: 2.1234 },
    { name: 'keep_alive', value: null, contribution: 0.5 },
  ]
  const detection = { model: 'ab12', class: 'flood', score: 0.995, threshold: 0.9, features }
  const { id } = memory.add(
    alarm({ scenario: 'intrusion-flood', figures: { score: 0.995, threshold: 0.9 }, detection }),
  )
  expect((await alarms(id)).out).toContain(`
figures   score 0.995, threshold 0.9
class     flood, of the model ab12
feature   publishes 100, contribution 2.12
feature   keep_alive unknown, contribution 0.5
`)
})

test('one that is not remembered is an error', async () => {
  expect(await alarms('zz')).toMatchObject({ status: 2, out: '', err: expect.stringContaining('error alarm_unknown') })
})
