import { LearnError } from '../../base/error.ts'
import type { Fields, Kept } from '../../base/fields.ts'
import { MOST_SENSORS } from '../../series/chosen.ts'
import { MOST_ROWS } from '../../series/scorer.ts'
import {
  checkProcess,
  MOST_LAGS,
  MOST_WATCHED,
  netLawsOf,
  type ProcessDescription,
  residualsOf,
  type WatchedSensor,
} from './description.ts'
import { type LinearResidual, linearResidual } from './linear-residual.ts'
import { keptNetLaw, netLawFrom } from './net-law.ts'
import type { NetResidual } from './net-residual.ts'
import { ResidualScorer } from './residual-score.ts'
import { TelemetryWatch, TINY, type WatchPart } from './telemetry-watch.ts'
import type { LinearResidualOptions } from './witnesses.ts'

/** A watch as plain data. Which residual a part is of follows from the description: it is not said twice. */
export function keptWatch({ process, parts, scored }: TelemetryWatch): Kept {
  return {
    scored,
    columns: process.columns,
    lags: Int32Array.from(process.lags),
    sensors: process.sensors.map(({ flows, redundant, together, net, ...limits }) => ({
      ...limits,
      flows: Int32Array.from(flows),
      redundant: Int32Array.from(redundant),
      together: Int32Array.from(together),
      net: Int32Array.from(net),
    })),
    parts: parts.map(({ scorer, threshold }) => {
      const { model, mean, deviation, limits } = scorer.parts.watched[0]
      const [slacks, means] = [scorer.parts.memory.slacks, scorer.parts.memory.means].map(each =>
        Float64Array.from(each),
      )
      const sums = { threshold, mean, deviation, slacks, means, limits }
      if ('scaled' in model) return { ...sums, ...keptNetLaw(model) }
      const { mean: middles, weights } = model.learned
      return { ...sums, middles, weights }
    }),
  }
}

const MOST_SUMS = 8
const MOST_SCORED = 2 ** 31 - 1

/** Makes the watch that was kept; all that it says is checked. Error: `model_field`. */
export function watchFrom(fields: Fields): TelemetryWatch {
  const process = checked(fields)
  const [linear, nets] = [residualsOf(process), netLawsOf(process)]
  const count = linear.length + nets.length
  const parts = fields.items('parts', { least: count, most: count }, (list, at) => {
    const each = list.of(at)
    const place = Number(at)
    const model =
      place < linear.length ? linearFrom(each, linear[place]) : netLawFrom(each, nets[place - linear.length])
    return partFrom(each, model, process.columns)
  })
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
        net: list('net'),
      }
    }),
  }
}

function linearFrom(fields: Fields, options: LinearResidualOptions): LinearResidual {
  const count = options.witnesses.length
  return linearResidual({
    options,
    mean: fields.numbers('middles', Float64Array, count + 1),
    weights: fields.numbers('weights', Float64Array, count),
  })
}

function partFrom(fields: Fields, model: LinearResidual | NetResidual, columns: number): WatchPart {
  const memory = {
    slacks: Array.from(fields.numbers('slacks', Float64Array, { least: 0, most: MOST_SUMS }, { least: 0, most: 1e6 })),
    means: Array.from(fields.numbers('means', Float64Array, { least: 1, most: MOST_SUMS }, { least: 1, most: 1e6 })),
  }
  const watched = {
    model,
    mean: fields.number('mean'),
    deviation: fields.number('deviation', { least: TINY }),
    limits: fields.numbers('limits', Float64Array, memory.slacks.length + memory.means.length, {
      least: Number.MIN_VALUE,
    }),
  }
  const scorer = new ResidualScorer({ name: model.name, sensors: columns, watched: [watched], memory })
  const threshold = fields.number('threshold', { least: TINY })
  return { scorer: scorer.heldAt(threshold), threshold }
}
