import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  calibrationError,
  coverageCurve,
  fitEnsemble,
  type MemberOptions,
  macroF1,
} from '../../../packages/learn/src/ensemble/index.ts'
import type { Matrix } from '../../../packages/learn/src/index.ts'
import { alone, type Line } from '../base/report.ts'
import type { Python } from '../peers/python.ts'
import type { Classed } from './model-ensemble-data.ts'

export const PEERS = [
  { name: 'scikit-learn forest', model: 'forest' },
  { name: 'xgboost', model: 'xgboost' },
] as const

/** Rows to learn and to judge. */
export interface Part {
  readonly train: Classed
  readonly test: Classed
}

/** How a part of the bench is run. */
export interface Run {
  readonly seeds: readonly number[]
  /** What members are fitted with; a smoke run's are small. */
  readonly sizes: Omit<MemberOptions, 'seed' | 'progress'>
  /** The probability of each class of the rows to judge, by a peer that learned the others. */
  peer(part: Part, model: string, seed: number): Promise<Matrix>
}

const COVERAGES = [1, 0.95, 0.9, 0.8]

/** What is measured of an ensemble on rows that it has not learned. */
export interface Figures {
  readonly f1: number
  readonly byMass: number
  readonly byWidth: number
  readonly accuracy: readonly number[]
}

/** Fits an ensemble to one part and judges the other. */
export async function figuresOf(
  { train, test }: Part,
  seed: number,
  stream: boolean,
  sizes: Run['sizes'],
): Promise<Figures> {
  const classes = train.names.length
  const { ensemble } = await fitEnsemble(train.x, train.codes, classes, { ...sizes, seed, stream })
  const { probabilities, predicted, doubt } = ensemble.judge(test.x)
  const right = Array.from(predicted, (code, row) => code === test.codes[row])
  return {
    f1: macroF1(predicted, test.codes, classes),
    byMass: calibrationError(probabilities, test.codes, 'mass'),
    byWidth: calibrationError(probabilities, test.codes, 'width'),
    accuracy: coverageCurve(doubt, right, COVERAGES).map(({ accuracy }) => accuracy),
  }
}

/** Calibration, and accuracy at each coverage. */
export function* told(name: string, figures: readonly Figures[]): Generator<Line> {
  const line = (metric: string, values: readonly number[]): Line =>
    alone({ bench: 'model', case: name, metric, unit: '' }, values)
  yield line(
    'calibration error, 15 bins of equal mass',
    figures.map(({ byMass }) => byMass),
  )
  yield line(
    'calibration error, 15 bins of equal width',
    figures.map(({ byWidth }) => byWidth),
  )
  for (const [i, coverage] of COVERAGES.entries())
    yield line(
      `accuracy at coverage ${coverage}`,
      figures.map(({ accuracy }) => accuracy[i]!),
    )
}

/** Asks a peer. It reads what this side writes to the folder. */
export async function askPeer(
  python: Python,
  folder: string,
  { train, test }: Part,
  model: string,
  seed: number,
): Promise<Matrix> {
  const save = (name: string, values: Float32Array): void => writeFileSync(join(folder, name), values)
  save('train.f32', train.x.data)
  save('test.f32', test.x.data)
  save('labels.f32', Float32Array.from(train.codes))
  const request = { folder, train: 'train.f32', test: 'test.f32', labels: 'labels.f32', out: 'said.f32' }
  const { classes } = await python.ask<{ classes: number }>({ ...request, columns: train.x.columns, model, seed })
  const bytes = readFileSync(join(folder, 'said.f32'))
  const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  return { rows: test.x.rows, columns: classes, data }
}
