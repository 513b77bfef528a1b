import { describe, expect, test } from 'vitest'
import { AT_REST, Posture, Tier } from '../contract/index.ts'
import { SharedSeries } from '../lanes/series.ts'
import { Standing } from '../lanes/standing.ts'
import { LaneTable } from '../lanes/table.ts'
import type { ConnectionScene } from './connection.ts'
import { Surroundings } from './surroundings.ts'

const lane = new LaneTable(2).open(1, 1)
const scene = (series = new SharedSeries(1)): ConnectionScene => ({
  ...AT_REST,
  now: 0,
  wall: 0,
  neighbors: series,
  memo: [],
})

test('a look sets time, tier, posture and maintenance of the lane', () => {
  const standing = new Standing(2)
  const surroundings = new Surroundings(standing)
  standing.setPosture(1, Posture.restricted, 90_000)
  standing.setMaintenance(1, 60_000)
  surroundings.tier = Tier.strained
  const here = scene()
  surroundings.look(here, lane, 50_000, 1_700_000_000_000)
  expect(here).toMatchObject({ now: 50_000, wall: 1_700_000_000_000, tier: 2, posture: 2, maintenance: true, mode: -1 })
  surroundings.look(here, lane, 60_000, 1_700_000_010_000)
  expect(here).toMatchObject({ posture: 2, maintenance: false })
  surroundings.look(here, lane, 90_000, 1_700_000_040_000)
  expect(here.posture).toBe(Posture.trusted)
})

describe('the mode', () => {
  test('is the last value of its series, for as long as it is not stale', () => {
    const surroundings = new Surroundings()
    surroundings.mode = { kind: 'series', series: 0, stale: 60_000 }
    const series = new SharedSeries(1)
    const here = scene(series)
    surroundings.look(here, null, 1, 1_000_000)
    expect(here.mode).toBe(-1)
    series.write(0, 3, 1_000_000)
    surroundings.look(here, null, 2, 1_060_000)
    expect(here.mode).toBe(3)
    surroundings.look(here, null, 3, 1_060_001)
    expect(here.mode).toBe(-1)
  })

  test('is what the trusted topic has told', () => {
    const standing = new Standing(1)
    const surroundings = new Surroundings(standing)
    surroundings.mode = { kind: 'topic', stale: 60_000 }
    standing.tellMode(1, 5_000)
    const here = scene()
    surroundings.look(here, null, 20_000, 0)
    expect(here.mode).toBe(1)
  })
})
