import { Watch } from '../../../packages/learn/src/robust/telemetry/index.ts'
import { type Contender, LEVEL } from './model-telemetry-detectors.ts'
import { columnOf, LabProcess } from './model-telemetry-plant.ts'
import { plantSeed } from './model-telemetry-seeds.ts'

/** A fault that nobody meant: what becomes of a reading so many seconds after it began. */
export interface Fault {
  readonly name: string
  readonly column: number
  readonly spoil: (reading: number, second: number, first: number) => number
}

const PRESSURE = columnOf('pressure-1')

export const FAULTS: readonly Fault[] = [
  { name: 'level stuck', column: LEVEL, spoil: (_, __, first) => first },
  { name: 'level jumps by 10 cm', column: LEVEL, spoil: reading => reading + 0.1 },
  { name: 'level drifts by 1 mm/s', column: LEVEL, spoil: (reading, second) => reading + 0.001 * second },
  { name: 'pressure-1 stuck', column: PRESSURE, spoil: (_, __, first) => first },
  { name: 'pressure-1 jumps by 15 kPa', column: PRESSURE, spoil: reading => reading + 15 },
  { name: 'pressure-1 drifts by 0.1 kPa/s', column: PRESSURE, spoil: (reading, second) => reading + 0.1 * second },
]

/** Seconds after which a fault counts as missed. */
export const MISSED = 900
const WATCHED = 900

/** Seconds until each of so many faults alarms; `MISSED` where it does not. */
export function delays({ armed }: Contender, { column, spoil }: Fault, seed: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const process = new LabProcess(plantSeed('fault', seed, i))
    const watch = Watch.of(armed)
    for (let second = 0; second < WATCHED; second++) watch.push(process.advance(() => {}))
    let first = Number.NaN
    for (let second = 1; second < MISSED; second++) {
      const row = process.advance(values => {
        if (second === 1) first = values[column]!
        values[column] = spoil(values[column]!, second, first)
      })
      if (watch.push(row) > 1) return second
    }
    return MISSED
  })
}
