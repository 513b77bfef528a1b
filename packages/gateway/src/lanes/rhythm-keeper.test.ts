import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import { Habit } from '../guards/rhythm.testkit.ts'
import { FolderStore } from '../store/folder-store.ts'
import { RhythmKeeper } from './rhythm-keeper.ts'
import { applyTask } from './rhythm-tasks.ts'
import { LaneTable } from './table.ts'

const MODES = ['idle', 'normal', 'purge']
let base: string
let table: LaneTable

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'ringwall-keeper-'))
  table = new LaneTable(2)
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

function keeper(modes = MODES): RhythmKeeper {
  return new RhythmKeeper(table, new FolderStore(base, 'rhythm'), modes, silentLog)
}

/** A device that speaks on a lane, whose topics' names the keeper is told. */
function habit(kept: RhythmKeeper, lane = 0): Habit {
  const named = (index: number, key: number, topic: string): void => kept.name([{ lane: index, key, topic }])
  return new Habit({ named }, table.open(lane, table.advance(lane)))
}

const FAST = { topic: 'plant/pump-1/fast' }

/** A keeper whose pump-1 has been learned: its state every two seconds. */
function learned(): { kept: RhythmKeeper; pump: Habit } {
  const kept = keeper()
  kept.assigned('pump-1', 0)
  const pump = habit(kept)
  pump.here.mode = 1
  pump.run(80, index => 1_950 + (index % 3) * 50)
  return { kept, pump }
}

/** The gateway begins anew: other memory, the same folder. */
async function restarted(modes = MODES): Promise<{ kept: RhythmKeeper; pump: Habit }> {
  table = new LaneTable(2)
  const kept = keeper(modes)
  await kept.load()
  kept.assigned('valve-1', 0)
  kept.assigned('pump-1', 1)
  const pump = habit(kept, 1)
  pump.here.mode = 1
  return { kept, pump }
}

describe('a restart', () => {
  test('keeps the baseline, in whatever lane the device is then', async () => {
    const { kept } = learned()
    const before = kept.view('pump-1')
    await kept.save()
    const after = await restarted()
    expect(after.kept.view('pump-1')).toEqual(before)
    expect(after.pump.say(0, { topic: 'other' })).toBe('rhythm_topic')
    expect(after.pump.run(200, () => 2_000)).toEqual([])
    expect(after.pump.run(40, () => 200)[0]).toMatch(/rhythm_early/)
  })

  test('loses what was learned since it was saved last, and nothing else', async () => {
    const { kept, pump } = learned()
    await kept.save()
    const saved = kept.view('pump-1')
    pump.here.mode = 2
    pump.run(100, () => 300)
    expect((await restarted()).kept.view('pump-1')).toEqual(saved)
  })

  test.each([
    ['is damaged', (text: string) => text.slice(0, -3)],
    ['is of another device', (text: string) => text],
  ])('after which a file %s: it is set aside, and the device is learned anew', async (what, damage) => {
    const { kept } = learned()
    await kept.save()
    const text = readFileSync(join(base, 'pump-1.rhythm'), 'utf8')
    const name = what === 'is damaged' ? 'pump-1' : 'valve-1'
    writeFileSync(join(base, `${name}.rhythm`), damage(text))
    const after = await restarted()
    expect(readdirSync(base)).toContain(`${name}.rhythm.broken`)
    if (name === 'pump-1') expect(after.pump.run(50, () => 100, FAST)).toEqual([])
    else expect(after.pump.say(0, FAST)).toBe('rhythm_topic')
  })

  test('with other operating modes: what was learned of them means nothing', async () => {
    const { kept } = learned()
    await kept.save()
    const after = await restarted(['normal', 'idle'])
    expect(after.pump.say(0, FAST)).toBe('-')
  })

  test('only what has changed is written', async () => {
    const { kept } = learned()
    await kept.save()
    rmSync(join(base, 'pump-1.rhythm'))
    await kept.save()
    expect(readdirSync(base)).toEqual([])
  })
})

test('a lane that is given away takes its device’s baseline with it, and gives it back', () => {
  const { kept, pump } = learned()
  const before = kept.view('pump-1')
  kept.evicted('pump-1', 0)
  table.clear(0)
  kept.assigned('other', 0)
  expect(kept.view('pump-1')).toEqual(before)
  kept.assigned('pump-1', 1)
  const again = habit(kept, 1)
  again.here.mode = 1
  expect(again.say(2_000)).toBe('-')
  expect(again.say(0, FAST)).toBe('rhythm_topic')
  expect(pump.lane.rhythm.every(word => word === 0)).toBe(true)
})

describe('what a person decides', () => {
  test('accept a device: it is learned anew, and its topics stay', () => {
    const { kept, pump } = learned()
    expect(pump.run(40, () => 300).length).toBeGreaterThan(0)
    applyTask(pump.lane.rhythm, kept.task('accept', 'pump-1', null))
    expect(pump.run(400, () => 300)).toEqual([])
    expect(pump.run(40, () => 30)[0]).toMatch(/rhythm_early/)
  })

  test('accept a topic: a new one is known from then on, one that was known is learned anew', () => {
    const { kept, pump } = learned()
    expect(pump.say(0, FAST)).toBe('rhythm_topic')
    applyTask(pump.lane.rhythm, kept.task('accept', 'pump-1', FAST.topic))
    expect(pump.run(50, () => 1_000, FAST)).toEqual([])
    expect(pump.say(0, { topic: 'a third' })).toBe('rhythm_topic')
    expect(kept.view('pump-1').topics.map(({ topic }) => topic)).toEqual(['plant/pump-1/state', FAST.topic])
    expect(pump.run(40, () => 100, FAST)[0]).toMatch(/rhythm_early/)
    applyTask(pump.lane.rhythm, kept.task('accept', 'pump-1', FAST.topic))
    expect(pump.run(100, () => 100, FAST)).toEqual([])
  })

  test('forget a topic, or all', () => {
    const { kept, pump } = learned()
    applyTask(pump.lane.rhythm, kept.task('forget', 'pump-1', 'plant/pump-1/state'))
    expect(pump.say(2_000)).toBe('rhythm_topic')
    applyTask(pump.lane.rhythm, kept.task('forget', 'pump-1', null))
    expect(kept.view('pump-1').topics).toEqual([])
    expect(pump.run(50, () => 100, FAST)).toEqual([])
  })

  test('while the device has no lane', async () => {
    const { kept } = learned()
    kept.evicted('pump-1', 0)
    kept.apply('pump-1', kept.task('accept', 'pump-1', FAST.topic))
    expect(kept.view('pump-1').topics.map(({ topic }) => topic)).toContain(FAST.topic)
    await kept.save()
    expect((await restarted()).pump.say(0, FAST)).toBe('-')
  })

  test('of a device that nobody knows is refused', () => {
    expect(() => keeper().task('accept', 'nobody', null)).toThrow('rhythm_unknown')
  })
})

test('a disk that takes nothing is told and stops nothing', async () => {
  const told: string[] = []
  const log = { ...silentLog, error: (_: unknown, text: string) => told.push(text) } as unknown as typeof silentLog
  writeFileSync(join(base, 'file'), '')
  const store = new FolderStore(join(base, 'file', 'folder'), 'rhythm')
  const kept = new RhythmKeeper(table, store, MODES, log)
  kept.assigned('pump-1', 0)
  habit(kept).run(5, () => 100)
  await kept.save()
  await kept.save()
  expect(told).toEqual(['baselines cannot be saved'])
})

test('a file that cannot be written keeps no other device from being saved', async () => {
  const told: object[] = []
  const log = { ...silentLog, error: (what: object) => told.push(what) } as unknown as typeof silentLog
  // More devices than are written at once.
  table = new LaneTable(20)
  const kept = new RhythmKeeper(table, new FolderStore(base, 'rhythm'), MODES, log)
  mkdirSync(join(base, 'pump-0.rhythm'))
  for (let lane = 0; lane < 20; lane++) {
    kept.assigned(`pump-${lane}`, lane)
    habit(kept, lane).run(5, () => 100)
  }
  await kept.save()
  expect(readdirSync(base).filter(name => name.endsWith('.rhythm')).length).toBe(20)
  expect(told).toMatchObject([{ code: 'baseline_unsaved', devices: 1, device: 'pump-0' }])
})
