import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPlantSite, type PlantSite } from '../demo/plant-site.ts'
import { rehearseFleet } from './demo-rehearsal.ts'

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
