import { expect, test } from 'vitest'
import {
  found,
  inFahrenheit,
  ROWS,
  shareTaken,
  shareTakenBehind,
  spiked,
  stuckIsTold,
  taken,
  timesThousand,
} from './testing/faults.ts'
import { SENSORS } from './testing/sensors.ts'

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

function meanOver(of: (seed: number) => number): number {
  return SEEDS.reduce((sum, seed) => sum + of(seed), 0) / SEEDS.length
}

/** The least shares that are found: of a stretch in thousandths where it is learned from, of one in Fahrenheit where the first half is learned from, of stuck runs of 200 rows. */
const RATES: Readonly<Record<string, readonly [thousand: number, fahrenheit: number, stuck: number]>> = {
  'a valve of eleven positions': [0.95, 0.1, 0],
  'a valve that moves a step at a time': [0.95, 0.4, 0],
  'a valve that ramps, then stands': [0.85, 0.1, 0],
  'a setpoint of three levels': [0.95, 0.95, 0],
  'a switch that is on half of the time': [0.95, 0.95, 0],
  'a switch that is on 1 % of the time': [0.95, 0.9, 0],
  'a bit that is set for single rows': [0.95, 0.95, 0],
  'noise of a tenth, told in tenths': [0.95, 0.95, 1],
  'a slow temperature, told in halves': [0.85, 0.95, 1],
  'a constant whose last digit flickers': [0.1, 0.95, 0],
  'a constant with noise': [0.95, 0.95, 1],
  'two ways of working': [0.95, 0.95, 1],
  'a pump that is off for a third of the time': [0.9, 0.9, 1],
  'a pump that is off for hours and runs up in rows': [0.9, 0.9, 1],
  'a pump that is on for bursts': [0.9, 0, 0],
  'a flow between two readings, mostly at one': [0.9, 0.9, 1],
  'a load in bursts': [0.9, 0.9, 1],
  'a pump that is off for a few rows at a time': [0, 0, 1],
}

for (const [name, make] of Object.entries(SENSORS)) {
  test(`${name}: next to nothing of what is good is taken out`, () => {
    expect(meanOver(seed => shareTaken(make(ROWS, seed)))).toBeLessThan(0.005)
    expect(meanOver(seed => shareTakenBehind(make(2 * ROWS, seed), ROWS))).toBeLessThan(0.005)
  })

  test(`${name}: faults are found`, () => {
    const [thousand, fahrenheit, stuck] = RATES[name]!
    const values = (seed: number): number[] => make(ROWS, seed)
    const half = (seed: number): number[] => values(seed).slice(0, ROWS / 2)
    expect(meanOver(seed => found(values(seed), spiked(values(seed), seed)))).toBe(1)
    expect(meanOver(seed => found(values(seed), timesThousand(values(seed))))).toBeGreaterThanOrEqual(thousand)
    expect(meanOver(seed => found(values(seed), timesThousand(values(seed)), half(seed)))).toBeGreaterThanOrEqual(0.99)
    expect(meanOver(seed => found(values(seed), inFahrenheit(values(seed)), half(seed)))).toBeGreaterThanOrEqual(
      fahrenheit,
    )
    expect(meanOver(seed => Number(stuckIsTold(values(seed))))).toBeGreaterThanOrEqual(stuck)
  })
}

test('a fault number that a switch tells now and then is none of its states', () => {
  const values = SENSORS['a switch that is on half of the time']!(ROWS, 1)
  const wrong = values.map((value, row) => (row % 500 === 250 ? -999 : value))
  expect(found(values, wrong)).toBe(1)
})

test.each([0.15, 0.3, 0.45])('a sensor that stands for %f of the rows is stuck, and costs no good value', share => {
  for (const seed of SEEDS) {
    const good = SENSORS['a constant with noise']!(ROWS, seed)
    const to = 1_000 + share * ROWS
    const gone = taken(good.map((value, row) => (row >= 1_000 && row < to ? 4.0012 : value)))
    expect(gone.filter((isGone, row) => isGone && (row < 1_000 || row >= to))).toEqual([])
    expect(gone.slice(1_000, to).filter(isGone => !isGone).length).toBeLessThan(20)
  }
})
