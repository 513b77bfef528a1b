import {
  found,
  inFahrenheit,
  longStuck,
  ROWS,
  shareTaken,
  shareTakenBehind,
  spiked,
  stuckIsTold,
  timesThousand,
} from '../../../packages/learn/src/sanitize/testing/faults.ts'
import { type MakeSensor, SENSORS } from '../../../packages/learn/src/sanitize/testing/sensors.ts'
import { alone, type Line, progress } from '../base/report.ts'
import type { Setting } from './bench.ts'

/** Kinds of sensors that share a line: its value is their median, its range that of the kinds. */
const GROUPS: Readonly<Record<string, RegExp>> = {
  'noise, two ways of working': /constant with noise|two ways/,
  'noise in coarse digits': /^noise/,
  'slow temperature in halves': /temperature/,
  'two readings, load in bursts': /two readings|load/,
  'pumps that are off for long': /off for a third|off for hours/,
  'pump that is off for a few rows at a time': /few rows/,
  'pump on for bursts': /pump that is on/,
  'switches, setpoints, bits': /switch|setpoint|bit/,
  'valves of many positions': /valve/,
  'constant whose last digit flickers': /flickers/,
}

/** What is measured of a sensor's values: a share. */
const METRICS: Readonly<Record<string, (make: MakeSensor, seed: number) => number>> = {
  'good values taken': (make, seed) => shareTaken(make(ROWS, seed)),
  'good values taken behind those learned from': (make, seed) => shareTakenBehind(make(2 * ROWS, seed), ROWS),
  'spikes found': (make, seed) => found(make(ROWS, seed), spiked(make(ROWS, seed), seed)),
  'times 1,000 found': (make, seed) => found(make(ROWS, seed), timesThousand(make(ROWS, seed))),
  'times 1,000 found, learned before it': (make, seed) => {
    const values = make(ROWS, seed)
    return found(values, timesThousand(values), values.slice(0, ROWS / 2))
  },
  'Fahrenheit found, learned before it': (make, seed) => {
    const values = make(ROWS, seed)
    return found(values, inFahrenheit(values), values.slice(0, ROWS / 2))
  },
  'stuck found': (make, seed) => Number(stuckIsTold(make(ROWS, seed))),
  'of 400 stuck rows': (make, seed) => longStuck(make(ROWS, seed)),
}

/** What cleaning takes of good values and of faults, for eighteen kinds of made sensors: means over seeds, in percent. */
export function* qualitySanitize({ options: { only, quick, seed } }: Setting): Generator<Line> {
  if (only !== undefined && !only.startsWith('sanitize')) return
  const seeds = Array.from({ length: quick ? 2 : 20 }, (_, i) => seed + i)
  for (const [group, kinds] of Object.entries(GROUPS)) {
    progress(`sanitize: ${group}`)
    const makes = Object.entries(SENSORS).flatMap(([name, make]) => (kinds.test(name) ? [make] : []))
    for (const [metric, share] of Object.entries(METRICS)) {
      const means = makes.map(make => seeds.reduce((sum, each) => sum + (100 * share(make, each)) / seeds.length, 0))
      yield alone({ bench: 'quality', case: `sanitize, ${group}`, metric, unit: '%' }, means)
    }
  }
}
