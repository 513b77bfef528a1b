import { type Matrix, randomOf } from '../../../packages/learn/src/index.ts'
import {
  ewmaScore,
  forestScore,
  netScore,
  type Scorer,
  type ScoreStream,
} from '../../../packages/learn/src/series/index.ts'
import { alone, type Line, progress } from '../base/report.ts'
import type { Setting } from './bench.ts'

const SENSORS = 8
const TRAINING = 4_000
const WEIGHT = 0.2
/** Rows of each device that are scored and timed, behind those that fill its window. */
const SECONDS = 5

/**
 * 10,000 devices of 8 sensors at one row a second, all scored by one model of their type: the share of a core that the scores take (CPU time of this thread and its
 * helpers), and the bytes that the arrays of a device's state hold (objects about them not counted). Devices take turns row by row, as they would
 * come, each from its own place in one long walk.
 */
export async function* qualityFleet({ options }: Setting): AsyncGenerator<Line> {
  const devices = options.quick ? 100 : 10_000
  const name = `fleet of ${devices.toLocaleString('en')} devices, ${SENSORS} sensors at 1 Hz`
  if (options.only !== undefined && !name.includes(options.only)) return
  const training = walk(TRAINING, options.seed)
  const sensors = Array.from({ length: SENSORS }, (_, i) => i)
  const seed = options.seed
  const fit = { epochs: 5 }
  const scorers: readonly (readonly [string, () => Scorer | Promise<Scorer>])[] = [
    ['z-score', () => ewmaScore(sensors, WEIGHT).fit([training])],
    ['isolation forest', () => forestScore(sensors, { seed }).fit([training])],
    ['autoencoder', () => netScore({ kind: 'autoencoder', sensors, units: 16, seed, fit }).fit([training])],
    ['GRU', () => netScore({ kind: 'gru forecaster', sensors, seed, fit }).fit([training])],
  ]
  for (const [model, learn] of scorers) {
    progress(`${name}: ${model}`)
    const scorer = await learn()
    const streams = Array.from({ length: devices }, () => scorer.stream())
    // Each device begins a row later than the one before.
    const rows = walk(devices + scorer.warmUp + 1 + SECONDS, options.seed + 1)
    pass(streams, rows, 0, scorer.warmUp + 1)
    const shares: number[] = []
    for (let second = 0; second < SECONDS; second++) {
      const before = process.cpuUsage()
      pass(streams, rows, scorer.warmUp + 1 + second, 1)
      const { user, system } = process.cpuUsage(before)
      shares.push((100 * (user + system)) / 1e6)
    }
    yield alone({ bench: 'quality', case: name, metric: `share of a core, ${model}`, unit: '%' }, shares)
    const bytes = streams[0]?.bytes ?? Number.NaN
    yield alone({ bench: 'quality', case: name, metric: `arrays held of a device, ${model}`, unit: 'B' }, [bytes])
  }
}

function pass(streams: readonly ScoreStream[], { columns, data }: Matrix, from: number, count: number): void {
  for (let row = from; row < from + count; row++) {
    for (const [device, stream] of streams.entries()) {
      const at = (device + row) * columns
      stream.push(data.subarray(at, at + columns))
    }
  }
}

/** Sensors that wander about a mean. */
function walk(rows: number, seed: number): Matrix {
  const random = randomOf(seed)
  const data = new Float32Array(rows * SENSORS)
  const state = new Float64Array(SENSORS)
  for (let at = 0; at < data.length; at++) {
    const sensor = at % SENSORS
    state[sensor] = 0.95 * state[sensor] + random.normal()
    data[at] = state[sensor]
  }
  return { rows, columns: SENSORS, data }
}
