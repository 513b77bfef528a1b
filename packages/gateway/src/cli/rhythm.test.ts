import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ManualClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { AlarmMemory } from '../desk/alarms.ts'
import { Control } from '../desk/control.ts'
import { maintenanceRoutes } from '../desk/maintenance-routes.ts'
import { VerdictMemory } from '../desk/memory.ts'
import { rhythmRoutes } from '../desk/rhythm-routes.ts'
import { TallyBook } from '../desk/tally.ts'
import { Habit } from '../guards/rhythm.testkit.ts'
import { Maintenance } from '../lanes/maintenance.ts'
import { RhythmKeeper } from '../lanes/rhythm-keeper.ts'
import { Standing } from '../lanes/standing.ts'
import { LaneTable } from '../lanes/table.ts'
import { maintenanceVerbs } from './maintenance.ts'
import { rhythmVerbs } from './rhythm.ts'
import { printedBy } from './verb.testkit.ts'

const MODES = ['idle', 'normal', 'purge']
let folder: string
let socket: string
let control: Control
let keeper: RhythmKeeper
let pump: Habit
let standing: Standing
let logged: { text: string; by?: string; owner?: string }[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-rhythm-'))
  socket = join(folder, 'c.sock')
  control = new Control(new VerdictMemory(), new TallyBook(), new AlarmMemory())
  const table = new LaneTable(1)
  keeper = new RhythmKeeper(table, null, MODES, silentLog)
  keeper.assigned('pump-1', 0)
  const named = (lane: number, key: number, topic: string): void => keeper.name([{ lane, key, topic }])
  pump = new Habit({ named }, table.open(0, table.advance(0)))
  pump.here.mode = 1
  pump.run(80, index => 1_950 + (index % 3) * 50, { size: 120 })
  logged = []
  const info = (fields: object, text: string): number => logged.push({ ...fields, text })
  const log = { ...silentLog, info } as unknown as typeof silentLog
  standing = new Standing(1)
  const clock = new ManualClock(Date.UTC(2026, 4, 4, 10))
  const maintenance = new Maintenance(standing, clock, () => [['pump-1', 0]])
  const routes = [
    ...rhythmRoutes(keeper, (device, task) => keeper.apply(device, task), log),
    ...maintenanceRoutes(maintenance, log),
  ]
  for (const [path, route] of routes) control.routes.set(path, route)
  await control.listen(socket)
})
afterEach(() => {
  control.close()
  rmSync(folder, { recursive: true })
})

const say = async (...args: string[]): Promise<string> => {
  const { status, out, err } = await printedBy([rhythmVerbs, maintenanceVerbs], [...args, '--socket', socket])
  return `${status} ${out}${err}`
}

test('list and show say what was learned', async () => {
  expect(await say('rhythm', 'list')).toBe(
    ['0 device  topics  learned  still learning', 'pump-1  1       normal   -', ''].join('\n'),
  )
  const shown = await say('rhythm', 'show', 'pump-1')
  expect(shown).toMatch(/\nnormal {2}1 min +31 +30 +\d{4}-/)
  expect(shown).toMatch(
    /\nplant\/pump-1\/state {2}up +normal +1\.9\d* to 2\.\d+ +120 to 120 +QoS 0, never retained +form, timing\n/,
  )
  expect(JSON.parse((await say('rhythm', 'show', 'pump-1', '--json')).slice(2))).toEqual(keeper.view('pump-1'))
})

test('accept and forget are done and logged with who said so', async () => {
  expect(pump.say(0, { topic: 'x' })).toBe('rhythm_topic')
  expect(await say('rhythm', 'accept', 'pump-1', 'x')).toBe('0 x of pump-1 is learned anew.\n')
  expect(pump.say(0, { topic: 'x' })).toBe('-')
  expect(await say('rhythm', 'forget', 'pump-1')).toBe('0 pump-1 is forgotten.\n')
  expect(keeper.view('pump-1').topics).toEqual([])
  expect(logged.map(({ text }) => text)).toEqual(['rhythm: accept', 'rhythm: forget'])
  expect(logged.every(({ by }) => typeof by === 'string' && by !== '')).toBe(true)
})

test('who is not known, and what is no device id, is refused', async () => {
  expect(await say('rhythm', 'show', 'nobody')).toMatch(/^2 error rhythm_unknown/)
  expect(await say('rhythm', 'accept', 'a/b')).toMatch(/^2 error order_invalid/)
})

test('maintenance is opened, listed and closed, each with its reason', async () => {
  expect(await say('maintenance', 'list')).toBe('0 No window is open.\n')
  const open = ['maintenance', 'open', '--for', '2h', '--devices', 'pump-*,valve-1', '--reason', 'new bearings']
  expect(await say(...open)).toBe('0 Open: m1 for pump-*,valve-1 until 2026-05-04T12:00:00Z.\n')
  expect(standing.maintenanceOf(0, 2_000)).toBe(true)
  expect(await say('maintenance')).toMatch(/\nm1 {2}pump-\*,valve-1 {2}2026-05-04T12:00:00Z {2}\S+ +new bearings\n$/)
  expect(await say('maintenance', 'close', 'm1')).toBe('0 Closed: m1.\n')
  expect(standing.maintenanceOf(0, 2_000)).toBe(false)
  expect(logged.map(({ text }) => text)).toEqual(['maintenance begins', 'maintenance is closed'])
})

test.each([
  [['open', '--devices', '*', '--for', '8d', '--reason', 'x'], 'order_invalid'],
  [['open', '--devices', '*', '--for', 'soon', '--reason', 'x'], 'order_invalid'],
  [['open', '--for', '1h', '--reason', 'x', '--devices', 'a b'], 'order_invalid'],
  [['open', '--for', '1h', '--reason', 'x', '--devices', 'a,,b'], 'order_invalid'],
  [['open', '--devices', '*', '--for', '1h', '--reason', ''], 'order_invalid'],
  [['close', 'm7'], 'maintenance_unknown'],
])('maintenance %j is refused', async (args, code) => {
  expect(await say('maintenance', ...args)).toMatch(new RegExp(`^2 error ${code}`))
})
