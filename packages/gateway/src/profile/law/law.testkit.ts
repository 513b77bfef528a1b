import { LANE_WORDS } from '../../lanes/record.ts'
import { SharedSeries } from '../../lanes/series.ts'
import type { Breach, Current, Law, SeriesTable, SeriesType } from '../types.ts'
import { compileLaw } from './index.ts'

export const SERIES: Readonly<Record<string, SeriesType>> = {
  'level-1/level': { series: 0, unit: 'm', states: [] },
  'flow-1/flow': { series: 1, unit: 'l/s', states: [] },
  'flow-2/flow': { series: 2, unit: 'l/s', states: [] },
  'controller-1/mode': { series: 3, unit: '', states: ['shutdown', 'start-up', 'normal'] },
  'pump-1/running': { series: 4, unit: '', states: ['false', 'true'] },
}

export const table: SeriesTable = { find: name => (Object.hasOwn(SERIES, name) ? SERIES[name] : undefined) }

/** The law of docs/profiles.md. */
export const BALANCE = {
  name: 'mass balance of tank 1',
  on: ['level-1/level'],
  values: { level: 'level-1/level', inflow: 'flow-1/flow', outflow: 'flow-2/flow', mode: 'controller-1/mode' },
  when: "mode != 'shutdown'",
  residual: '0.4 * delta(level) - (integral(inflow) - integral(outflow)) / 1000',
  tolerance: 0.016,
  unit: 'm3',
  stale: '5s',
  drift: { window: '60s', sum: 0.02 },
  say: 'level rose {100 * delta(level)} cm in {dt} s, flows allow {100 * (integral(inflow) - integral(outflow)) / 400} cm',
  severity: 'high',
}

/** A law over level alone, where a test says nothing else. */
export function lawOf(parts: Readonly<Record<string, unknown>> = {}): Law {
  const result = compileLaw({ ...LEVEL, ...parts }, table, { field: '/rw:invariants/0' })
  if (!result.ok) throw new Error(result.problems.map(each => `${each.code} ${each.what}`).join('; '))
  return result.compiled.law
}

const LEVEL = { name: 'test', on: ['level-1/level'], values: { level: 'level-1/level' } }

/** One law where it is judged: the site's series, the words of a lane, and messages as they come. */
export class Place {
  readonly neighbors = new SharedSeries(8)
  words = new Float64Array(LANE_WORDS)
  readonly law: Law
  readonly #at = 64

  constructor(law: Law) {
    this.law = law
  }

  /** A neighbor speaks. */
  tell(series: number, value: number, time: number): void {
    this.neighbors.write(series, value, time)
  }

  /** A message brings values by series; what holds is learned, what does not is refused. */
  say(values: Readonly<Record<number, number>>, time: number): Breach | null {
    const message: Current = { time, value: series => values[series] ?? Number.NaN }
    const breach = this.law.judge(message, this.neighbors, this.words, this.#at)
    if (breach !== null) return breach
    this.law.learn(message, this.neighbors, this.words, this.#at)
    for (const [series, value] of Object.entries(values)) this.neighbors.write(Number(series), value, time)
    return null
  }
}
