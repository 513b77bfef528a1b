import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPlantSite, type PlantSite } from '../demo/plant-site.ts'
import { rehearseDrifts, rehearseFleet } from './demo-rehearsal.ts'

let site: PlantSite
beforeAll(async () => {
  site = await buildPlantSite({ port: 1, password: 'none' }, 0, 'observe')
})
afterAll(() => site.remove())

test.each([1, 2, 3, 4])(
  'the profiles flag none of ten honest minutes in all modes, with connections and power lost (seed %i)',
  { timeout: 60_000 },
  seed => {
    const { messages, connects, flagged, modes, first } = rehearseFleet(site.config, seed, () => {})
    expect({ flagged, first }).toEqual({ flagged: 0, first: [] })
    expect(messages).toBeGreaterThan(50_000)
    expect(connects).toBeGreaterThan(60)
    expect([...modes].sort()).toEqual(['normal', 'shutdown', 'start-up', 'stopping'])
  },
)

test.each([1, 2, 3])('nor does the rhythm that the fleet was learned to have (seed %i)', { timeout: 120_000 }, seed => {
  const config = { ...site.config, rhythm: { learning: 60_000, messages: 20 } }
  const { messages, flagged, first } = rehearseFleet(config, seed, () => {}, 0, 20)
  expect({ flagged, first }).toEqual({ flagged: 0, first: [] })
  expect(messages).toBeGreaterThan(50_000)
})

test('a drift near the limit of the laws is named before it is twice what they allow over a minute', {
  timeout: 60_000,
}, () => {
  expect(site.levelDrift).toBe(0.025)
  for (const { rate, named, by } of rehearseDrifts(site.config, 7, site.levelDrift)) {
    expect(by).toBe('invariant invariant_drift')
    expect(named?.deviation, `${rate} mm/s`).toBeGreaterThan(0.5 * site.levelDrift)
    expect(named?.deviation, `${rate} mm/s`).toBeLessThan(2 * site.levelDrift)
  }
})

test('half of what the laws allow over a minute stays unseen, as the documentation says', { timeout: 60_000 }, () => {
  const [drift] = rehearseDrifts(site.config, 7, site.levelDrift, [0.2])
  expect(drift.named).toBeNull()
  expect(drift.seconds).toBeGreaterThan(100)
})
