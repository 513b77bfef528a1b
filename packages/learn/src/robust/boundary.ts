import { type Matrix, rowOf } from '../base/matrix.ts'
import { type Random, randomOf } from '../base/random.ts'
import type { Feasible } from './feasible.ts'
import type { Reach } from './rules.ts'
import { lengthOf } from './steps.ts'
import { type Attacked, accuracyOf, type Decider, marginsOf } from './target.ts'
import { checkAttack } from './worst.ts'

export interface BoundaryOptions extends Reach {
  readonly feasible: Feasible
  /** 12. */
  readonly iterations?: number
  /** Questions for the first estimate of a slope; they grow with the square root of the iterations. 40. */
  readonly probes?: number
  readonly seed?: number
}

const DEFAULTS = { iterations: 12, probes: 40, seed: 1 }
/** Draws until one is told wrongly, and halvings of the way to it. */
const DRAWS = 60
const HALVINGS = 10

/**
 * HopSkipJump (Chen, Jordan and Wainwright, S&P 2020): only the class that the target names is seen. From a row that is told wrongly it goes back to the boundary, asks about it which way wrong is,
 * and goes that way, closer and closer to the row that is attacked. Here nothing is asked about outside the reach, and of a row all that is wanted is to be told wrongly within it; the
 * closest is kept. Queries are counted. Errors: `attack_invalid`.
 */
export function boundaryAttack(target: Decider, rows: Matrix, labels: Int32Array, options: BoundaryOptions): Attacked {
  checkAttack(rows, labels, options, options.feasible)
  const oracle = new Oracle(target)
  const random = randomOf(options.seed ?? DEFAULTS.seed)
  const out = rows.data.slice()
  for (let row = 0; row < rows.rows; row++) {
    const from = rowOf(rows, row)
    const found = attackRow(oracle, from, labels[row], options, random)
    if (found !== null) out.set(found, row * rows.columns)
  }
  const attacked = { ...rows, data: out }
  return { rows: attacked, accuracy: accuracyOf(target, attacked, labels), queries: oracle.queries }
}

/** Says whether rows are told as another class, and nothing more. */
class Oracle {
  readonly #target: Decider
  queries = 0

  constructor(target: Decider) {
    this.#target = target
  }

  wrong(rows: readonly Float32Array[], label: number): boolean[] {
    this.queries += rows.length
    const columns = rows[0].length
    const data = new Float32Array(rows.length * columns)
    for (const [i, row] of rows.entries()) data.set(row, i * columns)
    const labels = new Int32Array(rows.length).fill(label)
    return Array.from(marginsOf(this.#target, { rows: rows.length, columns, data }, labels), margin => margin > 0)
  }
}

function attackRow(
  oracle: Oracle,
  from: Float32Array,
  label: number,
  options: BoundaryOptions,
  random: Random,
): Float32Array | null {
  const { iterations, probes } = { ...DEFAULTS, ...options }
  if (oracle.wrong([from], label)[0]) return null
  let now = firstWrong(oracle, from, label, options, random)
  if (now === null) return null
  now = toBoundary(oracle, from, now, label, options)
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const distance = distanceOf(now, from, options)
    if (distance === 0) break
    const size = distance / Math.sqrt(from.length) / iteration
    const slope = slopeAt(oracle, now, from, label, Math.round(probes * Math.sqrt(iteration)), size, options, random)
    let step = distance / Math.sqrt(iteration)
    for (let halving = 0; halving < HALVINGS; halving++, step /= 2) {
      const candidate = now.map((value, c) => value + step * slope[c] * (options.scale?.[c] ?? 1))
      options.feasible.project(candidate, from, options)
      if (!oracle.wrong([candidate], label)[0]) continue
      const back = toBoundary(oracle, from, candidate, label, options)
      if (distanceOf(back, from, options) < distance) now = back
      break
    }
  }
  return now
}

/** A row within reach that is told wrongly: drawn, at the ends of what can be reached as often as within. */
function firstWrong(
  oracle: Oracle,
  from: Float32Array,
  label: number,
  options: BoundaryOptions,
  random: Random,
): Float32Array | null {
  const { feasible } = options
  const drawn = Array.from({ length: DRAWS }, (_, i) => {
    const candidate = from.slice()
    for (const c of feasible.free) {
      const [low, high] = feasible.range(c, from[c], options)
      candidate[c] = i % 2 === 0 ? (random.next() < 0.5 ? low : high) : low + random.next() * (high - low)
    }
    feasible.project(candidate, from, options)
    return candidate
  })
  const place = oracle.wrong(drawn, label).indexOf(true)
  return place < 0 ? null : drawn[place]
}

/** Of the straight way to a row that is told wrongly, the nearest that still is. */
function toBoundary(
  oracle: Oracle,
  from: Float32Array,
  wrong: Float32Array,
  label: number,
  options: BoundaryOptions,
): Float32Array {
  let [near, far] = [0, 1]
  let best = wrong
  for (let i = 0; i < HALVINGS; i++) {
    const share = (near + far) / 2
    const candidate = wrong.map((value, c) => from[c] + share * (value - from[c]))
    options.feasible.project(candidate, from, options)
    if (oracle.wrong([candidate], label)[0]) {
      far = share
      best = candidate
    } else near = share
  }
  return best
}

/** Which way wrong is: the mean of draws about a row, those that are told rightly turned about; each column in its unit, of length 1 by the norm. */
function slopeAt(
  oracle: Oracle,
  now: Float32Array,
  from: Float32Array,
  label: number,
  probes: number,
  size: number,
  options: BoundaryOptions,
  random: Random,
): Float64Array {
  const { scale, feasible, norm } = options
  const candidates = Array.from({ length: probes }, () => {
    const candidate = now.map((value, c) => value + size * random.normal() * (scale?.[c] ?? 1))
    feasible.project(candidate, from, options)
    return candidate
  })
  const wrong = oracle.wrong(candidates, label)
  const mean = wrong.filter(Boolean).length / probes
  const slope = new Float64Array(now.length)
  for (const [i, candidate] of candidates.entries()) {
    // Less their mean, so that many of one kind do not drown the few that say which way.
    const weight = Number(wrong[i]) - (mean === 0 || mean === 1 ? 0.5 : mean)
    for (let c = 0; c < slope.length; c++)
      if (!Number.isNaN(from[c])) slope[c] += (weight * (candidate[c] - now[c])) / (scale?.[c] ?? 1)
  }
  if (norm === 'linf') return slope.map(Math.sign)
  const length = Math.hypot(...slope) || 1
  return slope.map(each => each / length)
}

function distanceOf(row: Float32Array, from: Float32Array, reach: Reach): number {
  if (reach.norm === 'l2') return lengthOf(row, from, reach)
  let most = 0
  for (let c = 0; c < row.length; c++)
    if (!Number.isNaN(from[c])) most = Math.max(most, Math.abs(row[c] - from[c]) / (reach.scale?.[c] ?? 1))
  return most
}
