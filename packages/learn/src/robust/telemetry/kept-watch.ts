import { LearnError } from '../../base/error.ts'
import type { Fields, Kept } from '../../base/fields.ts'
import { MOST_SENSORS } from '../../series/chosen.ts'
import { MOST_ROWS } from '../../series/scorer.ts'
import {
  checkProcess,
  MOST_LAGS,
  MOST_WATCHED,
  type ProcessDescription,
  residualsOf,
  type WatchedSensor,
} from './description.ts'
import { linearName, linearResidual } from './linear-residual.ts'
import type { MemoryOptions } from './long-memory.ts'
import { ResidualScorer } from './residual-score.ts'
import { TelemetryWatch, type WatchPart } from './telemetry-watch.ts'
import type { LinearResidualOptions } from './witnesses.ts'

/** A watch as plain data. Which residual a part is of follows from the description: it is not said twice. */
export function keptWatch({ process, parts, scored }: TelemetryWatch): Kept {
  return {
    scored,
    columns: process.columns,
    lags: Int32Array.from(process.lags),
    sensors: process.sensors.map(({ flows, redundant, together, ...limits }) => ({
      ...limits,
      flows: Int32Array.from(flows),
      redundant: Int32Array.from(redundant),
      together: Int32Array.from(together),
    })),
    memory: { slacks: Float64Array.from(memoryOf(parts).slacks), means: Float64Array.from(memoryOf(parts).means) },
    parts: parts.map(({ scorer, threshold }) => {
      const { model, mean, deviation, limits } = scorer.parts.watched[0]
      const { mean: middles, weights } = model.learned
      return { threshold, mean, deviation, limits, middles, weights }
    }),
  }
}

const memoryOf = (parts: readonly WatchPart[]): MemoryOptions => parts[0].scorer.parts.memory

/** Least deviation, limit and threshold: what divides must not be nothing. */
const TINY = 1e-300
const MOST_MEANS = 8
const MOST_SCORED = 1_000_000

/** Makes the watch that was kept; all that it says is checked. Error: `model_field`. */
export function watchFrom(fields: Fields): TelemetryWatch {
  const process = checked(fields)
  const kept = fields.of('memory')
  const memory = {
    slacks: Array.from(kept.numbers('slacks', Float64Array, { least: 0, most: MOST_MEANS }, { least: 0, most: 1e6 })),
    means: Array.from(kept.numbers('means', Float64Array, { least: 1, most: MOST_MEANS }, { least: 1, most: 1e6 })),
  }
  const all = residualsOf(process)
  const parts = fields.items('parts', { least: all.length, most: all.length }, (list, place) =>
    partFrom(list.of(place), all[Number(place)], process.columns, memory),
  )
  return new TelemetryWatch(process, parts, fields.whole('scored', { least: 1, most: MOST_SCORED }))
}

function checked(fields: Fields): ProcessDescription {
  const process = processFrom(fields)
  try {
    checkProcess(process)
  } catch (error) {
    if (error instanceof LearnError) throw fields.wrong('sensors', `describe no process: ${error.message}`)
    throw error
  }
  return process
}

function processFrom(fields: Fields): ProcessDescription {
  const columns = fields.whole('columns', { least: 2, most: MOST_SENSORS })
  const within = { least: 0, most: columns - 1 }
  return {
    columns,
    lags: Array.from(fields.numbers('lags', Int32Array, { least: 0, most: MOST_LAGS }, { least: 1, most: MOST_ROWS })),
    sensors: fields.list('sensors', { least: 1, most: MOST_WATCHED }).map((each): WatchedSensor => {
      const list = (name: string) => Array.from(each.numbers(name, Int32Array, { least: 0, most: columns }, within))
      return {
        column: each.whole('column', within),
        low: each.number('low'),
        high: each.number('high'),
        resolution: each.number('resolution', { least: TINY }),
        rate: each.number('rate', { least: TINY }),
        flows: list('flows'),
        redundant: list('redundant'),
        together: list('together'),
      }
    }),
  }
}

function partFrom(fields: Fields, options: LinearResidualOptions, columns: number, memory: MemoryOptions): WatchPart {
  const count = options.witnesses.length
  const model = linearResidual({
    options,
    mean: fields.numbers('middles', Float64Array, count + 1),
    weights: fields.numbers('weights', Float64Array, count),
  })
  const watched = {
    model,
    mean: fields.number('mean'),
    deviation: fields.number('deviation', { least: TINY }),
    limits: fields.numbers('limits', Float64Array, memory.slacks.length + memory.means.length, {
      least: Number.MIN_VALUE,
    }),
  }
  const scorer = new ResidualScorer({ name: linearName(options.lag), sensors: columns, watched: [watched], memory })
  const threshold = fields.number('threshold', { least: TINY })
  return { scorer: scorer.heldAt(threshold), threshold }
}
