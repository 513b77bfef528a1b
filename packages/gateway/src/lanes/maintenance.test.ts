import { beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../base/clock.ts'
import { Maintenance } from './maintenance.ts'
import { dueUntil } from './maintenance-plan.ts'
import { Standing } from './standing.ts'

const HOUR = 3_600_000
const who = { owner: 'ada', reason: 'new bearing' }
let clock: ManualClock
let lanes: [string, number][]
let standing: Standing
let maintenance: Maintenance

beforeEach(() => {
  clock = new ManualClock()
  lanes = [
    ['pump-1', 0],
    ['valve-1', 1],
  ]
  standing = new Standing(3)
  maintenance = new Maintenance(standing, clock, () => lanes)
})

const maintained = () => [0, 1, 2].map(lane => standing.maintenanceOf(lane, clock.now()))

test('a window is open for the devices that it names until it ends or is closed', () => {
  const window = maintenance.open({ devices: ['pump-*'], ...who }, 2 * HOUR)
  expect(window).toMatchObject({ id: 'm1', owner: 'ada', reason: 'new bearing', opened: clock.wall() })
  expect(maintained()).toEqual([true, false, false])
  maintenance.open({ devices: ['*'], ...who }, HOUR)
  expect(maintained()).toEqual([true, true, false])
  clock.advance(HOUR)
  expect(maintained()).toEqual([true, false, false])
  expect(maintenance.list().map(({ id }) => id)).toEqual(['m1'])
  maintenance.close('m1')
  expect(maintained()).toEqual([false, false, false])
})

test('a device that comes later is in it as well, until the last of its windows ends', () => {
  maintenance.open({ devices: ['pump-*'], ...who }, HOUR)
  maintenance.open({ devices: ['pump-2'], ...who }, 2 * HOUR)
  maintenance.assigned('pump-2', 2)
  clock.advance(HOUR + 1)
  expect(maintained()).toEqual([false, false, true])
  maintenance.assigned('valve-2', 2)
  expect(maintained()).toEqual([false, false, false])
})

test('what has ended is told once', () => {
  maintenance.open({ devices: ['*'], ...who }, HOUR)
  expect(maintenance.expire()).toEqual([])
  clock.advance(HOUR)
  expect(maintenance.expire().map(({ id }) => id)).toEqual(['m1'])
  expect(maintenance.expire()).toEqual([])
})

test('nothing is open for ever, and nothing that is not open can be closed', () => {
  for (const duration of [0, -1, Number.NaN, 8 * 24 * HOUR, Number.POSITIVE_INFINITY]) {
    expect(() => maintenance.open({ devices: ['*'], ...who }, duration)).toThrow('maintenance_length')
  }
  expect(() => maintenance.close('m9')).toThrow('maintenance_unknown')
  for (let i = 0; i < 1_000; i++) maintenance.open({ devices: ['x'], ...who }, HOUR)
  expect(() => maintenance.open({ devices: ['x'], ...who }, HOUR)).toThrow('maintenance_full')
})

describe('a window that comes again', () => {
  // The clock begins on a Tuesday, 2023-11-14T22:13:20Z.
  const plan = { devices: ['pump-*'], days: [2], minute: 23 * 60, duration: 2 * HOUR, reason: 'every week' }

  test('is open from its minute on its days, over midnight too', () => {
    const at = (text: string) => dueUntil(plan, Date.parse(text))
    const end = Date.parse('2023-11-15T01:00:00Z')
    expect(at('2023-11-14T22:59:59.999Z')).toBe(0)
    expect(at('2023-11-14T23:00:00Z')).toBe(end)
    expect(at('2023-11-15T00:59:59.999Z')).toBe(end)
    expect(at('2023-11-15T01:00:00Z')).toBe(0)
    expect(at('2023-11-15T23:30:00Z')).toBe(0)
    expect(at('2023-11-21T23:30:00Z')).toBe(end + 7 * 24 * HOUR)
  })

  test('begins once, ends by itself, and comes again', () => {
    maintenance.plan([plan])
    expect(maintenance.begin()).toEqual([])
    clock.advance(HOUR)
    expect(maintenance.begin()).toMatchObject([{ owner: 'configuration', reason: 'every week' }])
    expect(maintenance.begin()).toEqual([])
    expect(maintained()).toEqual([true, false, false])
    clock.advance(2 * HOUR)
    expect(maintenance.expire().length).toBe(1)
    expect(maintenance.begin()).toEqual([])
    clock.advance(7 * 24 * HOUR - 2 * HOUR)
    expect(maintenance.begin().length).toBe(1)
  })

  test('is closed with its plan; what people opened stays', () => {
    maintenance.open({ devices: ['valve-1'], ...who }, 24 * HOUR)
    clock.advance(HOUR)
    maintenance.plan([plan])
    maintenance.begin()
    expect(maintained()).toEqual([true, true, false])
    maintenance.plan([])
    expect(maintained()).toEqual([false, true, false])
  })

  test('that a person closed stays closed until it comes again', () => {
    maintenance.plan([plan])
    clock.advance(HOUR)
    const [window] = maintenance.begin()
    maintenance.close(window!.id)
    expect(maintenance.begin()).toEqual([])
    clock.advance(7 * 24 * HOUR)
    expect(maintenance.begin().length).toBe(1)
  })
})
