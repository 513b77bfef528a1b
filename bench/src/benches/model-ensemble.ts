import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AttackDetector,
  calibrationError,
  coverageCurve,
  fitEnsemble,
  foldsOf,
  heldOutProbabilities,
  likeliestOf,
  macroF1,
} from '../../../packages/learn/src/ensemble/index.ts'
import type { Matrix } from '../../../packages/learn/src/index.ts'
import { rhythmOf } from '../../../packages/learn/src/series/index.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import { Python } from '../peers/python.ts'
import type { Setting } from './bench.ts'
import { type Classed, pickedRows, readModbus, readNslKdd, splitStretches } from './model-ensemble-data.ts'
import { folderOf } from './quality-data.ts'

const PEER_SCRIPT = new URL('../peers/model-ensemble.py', import.meta.url).pathname
const SKLEARN = 'scikit-learn forest'
const XGBOOST = 'xgboost'
const PEERS = [
  { name: SKLEARN, model: 'forest' },
  { name: XGBOOST, model: 'xgboost' },
] as const
/** Seeds beyond these cost more than they tell. */
const MOST_SEEDS = 3
const RATE = 0.01
const COVERAGES = [1, 0.95, 0.9, 0.8]

/** Rows to learn and to judge. */
interface Part {
  readonly train: Classed
  readonly test: Classed
}

/** The ensemble beside scikit-learn's forest and XGBoost, each on one thread, on the same rows: classes of a stream, families of attack that nobody learned, and how far probabilities can be believed. */
export async function* modelEnsemble(setting: Setting): AsyncGenerator<Line> {
  const { options, own } = setting
  const python = own(await Python.start(PEER_SCRIPT, ['python3-sklearn', 'python3-xgboost']))
  const seeds = Array.from({ length: Math.min(options.rounds, MOST_SEEDS) }, (_, i) => options.seed + i)
  const wants = (name: string): boolean => options.only === undefined || name.includes(options.only)
  const peer = (part: Part, model: string, seed: number): Promise<Matrix> =>
    askPeer(python, setting.folder, part, model, seed)
  const [ton, nsl] = [folderOf('ton-iot'), folderOf('nsl-kdd')]
  if (ton !== null && wants('TON_IoT Modbus')) yield* modbus(readModbus(ton), seeds, peer)
  if (nsl === null) return
  const kdd = readNslKdd(nsl)
  if (wants('NSL-KDD, unseen family')) yield* unseenFamilies(kdd, seeds, peer)
  if (wants('NSL-KDD, 70/30')) yield* believed(kdd, seeds)
}

type Ask = (part: Part, model: string, seed: number) => Promise<Matrix>

/** Six types of traffic over four registers that say nothing by themselves. */
async function* modbus(all: Classed, seeds: readonly number[], peer: Ask): AsyncGenerator<Line> {
  const name = 'TON_IoT Modbus, contiguous 70/30'
  const rhythm = rhythmOf(all.x)
  const { learned, judged } = splitStretches(all.codes)
  const parts = [all.x, rhythm, sideBySide(all.x, rhythm)].map(x => {
    const whole = { ...all, x }
    return { train: pickedRows(whole, learned), test: pickedRows(whole, judged) }
  })
  const [raw, streamed, both] = parts as [Part, Part, Part]
  const chosen = await betterByHeldOut([streamed, both], seeds[0]!)
  const classes = all.names.length
  const f1 = (said: Matrix, { test }: Part): number => macroF1(likeliestOf(said), test.codes, classes)
  const own: Figures[] = []
  for (const seed of seeds) {
    progress(`${name}: ensemble, seed ${seed}`)
    own.push(await figuresOf(chosen, seed, true))
  }
  const ours = own.map(each => each.f1)
  const which = chosen === both ? 'registers and stream features' : 'stream features'
  for (const { name: peerName, model } of PEERS)
    for (const [part, columns] of [
      [raw, 'registers'],
      [chosen, which],
    ] as const) {
      progress(`${name}: ${peerName} on ${columns}`)
      const theirs: number[] = []
      for (const seed of seeds) theirs.push(f1(await peer(part, model, seed), part))
      yield beside(
        { bench: 'model', case: name, metric: 'macro F1', unit: '', note: `peer on ${columns}` },
        ours,
        peerName,
        theirs,
      )
    }
  yield* told(name, own)
}

/** The part whose training rows a forest tells better when they are held out. */
async function betterByHeldOut(parts: readonly Part[], seed: number): Promise<Part> {
  const scores: number[] = []
  for (const { train } of parts) {
    const classes = train.names.length
    const fold = foldsOf(train.codes, classes, 3, true)
    const held = await heldOutProbabilities('forest', train.x, train.codes, classes, fold, { seed })
    scores.push(macroF1(likeliestOf(held), train.codes, classes))
  }
  return parts[scores.indexOf(Math.max(...scores))]!
}

/** One family of attack at a time is left out of all learning. The threshold is where 1 % of the judged normal rows are, for all contenders alike. */
async function* unseenFamilies(kdd: Classed, seeds: readonly number[], peer: Ask): AsyncGenerator<Line> {
  const normals = rowsOf(kdd, code => code === 0)
  const cut = Math.floor(0.7 * normals.length)
  const names = ['ringwall', SKLEARN, XGBOOST]
  const means = names.map(() => seeds.map(() => 0))
  const binary = { ...kdd, codes: kdd.codes.map(code => Math.min(1, code)), names: ['normal', 'attack'] }
  for (const [family, word] of kdd.names.entries()) {
    if (family === 0) continue
    const known = rowsOf(kdd, code => code !== 0 && code !== family)
    const train = pickedRows(binary, Int32Array.of(...normals.subarray(0, cut), ...known).sort())
    const test = pickedRows(binary, Int32Array.of(...normals.subarray(cut), ...rowsOf(kdd, code => code === family)))
    const found = names.map((): number[] => [])
    const alarmed: number[] = []
    for (const [round, seed] of seeds.entries()) {
      progress(`NSL-KDD, ${word} unseen, seed ${seed}`)
      const fitted = await fitEnsemble(train.x, train.codes, 2, { seed, epochs: 12 })
      const detector = AttackDetector.learn(fitted, train.x, train.codes, 0, seed)
      const scores = detector.scores(test.x)
      found[0]!.push(detection(scores, test.codes))
      const threshold = detector.parts.joint.threshold(RATE)
      const normal = scores.filter((_, row) => test.codes[row] === 0)
      alarmed.push(normal.filter(score => score > threshold).length / normal.length)
      for (const [i, { model }] of PEERS.entries()) {
        const said = await peer({ train, test }, model, seed)
        found[i + 1]!.push(
          detection(
            Float64Array.from(test.codes, (_, row) => said.data[2 * row + 1]!),
            test.codes,
          ),
        )
      }
      for (const [i, list] of found.entries()) means[i]![round]! += list[round]! / (kdd.names.length - 1)
    }
    const subject = { bench: 'model', case: `NSL-KDD, unseen family ${word}`, unit: '' }
    const metric = 'detection at 1 % false alarms'
    for (const [i, list] of found.slice(1).entries())
      yield beside({ ...subject, metric }, found[0]!, names[i + 1]!, list)
    yield alone({ ...subject, metric: 'false alarms at its own threshold for 1 %' }, alarmed)
  }
  const subject = {
    bench: 'model',
    case: 'NSL-KDD, unseen family, mean of four',
    metric: 'detection at 1 % false alarms',
    unit: '',
  }
  for (const [i, list] of means.slice(1).entries()) yield beside(subject, means[0]!, names[i + 1]!, list)
}

/** Calibration and coverage where classes are those that were learned. */
async function* believed(kdd: Classed, seeds: readonly number[]): AsyncGenerator<Line> {
  const cut = Math.floor(0.7 * kdd.codes.length)
  const all = Int32Array.from(kdd.codes.keys())
  const binary = { ...kdd, codes: kdd.codes.map(code => Math.min(1, code)), names: ['normal', 'attack'] }
  for (const [data, word] of [
    [binary, 'binary'],
    [kdd, 'by family'],
  ] as const) {
    const name = `NSL-KDD, 70/30 in file order, ${word}`
    const part = { train: pickedRows(data, all.subarray(0, cut)), test: pickedRows(data, all.subarray(cut)) }
    const own: Figures[] = []
    for (const seed of seeds) {
      progress(`${name}, seed ${seed}`)
      own.push(await figuresOf(part, seed, false, 12))
    }
    yield alone(
      { bench: 'model', case: name, metric: 'macro F1', unit: '' },
      own.map(({ f1 }) => f1),
    )
    yield* told(name, own)
  }
}

/** What is measured of an ensemble on rows that it has not learned. */
interface Figures {
  readonly f1: number
  readonly byMass: number
  readonly byWidth: number
  readonly accuracy: readonly number[]
}

async function figuresOf({ train, test }: Part, seed: number, stream: boolean, epochs = 30): Promise<Figures> {
  const classes = train.names.length
  const { ensemble } = await fitEnsemble(train.x, train.codes, classes, { seed, stream, epochs })
  const { probabilities, predicted, doubt } = ensemble.judge(test.x)
  const right = Array.from(predicted, (code, row) => code === test.codes[row])
  return {
    f1: macroF1(predicted, test.codes, classes),
    byMass: calibrationError(probabilities, test.codes, 'mass'),
    byWidth: calibrationError(probabilities, test.codes, 'width'),
    accuracy: coverageCurve(doubt, right, COVERAGES).map(({ accuracy }) => accuracy),
  }
}

function* told(name: string, figures: readonly Figures[]): Generator<Line> {
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

/** The share of attacks above the score that 1 % of the normal rows are above. */
function detection(scores: Float64Array, codes: Int32Array): number {
  const normal = scores.filter((_, row) => codes[row] === 0).sort()
  const threshold = normal[Math.ceil((1 - RATE) * normal.length) - 1]!
  const attacks = scores.filter((_, row) => codes[row] !== 0)
  return attacks.filter(score => score > threshold).length / attacks.length
}

const rowsOf = ({ codes }: Classed, test: (code: number) => boolean): Int32Array =>
  Int32Array.from(codes.keys()).filter(row => test(codes[row]!))

function sideBySide(a: Matrix, b: Matrix): Matrix {
  const columns = a.columns + b.columns
  const data = new Float32Array(a.rows * columns)
  for (let row = 0; row < a.rows; row++) {
    data.set(a.data.subarray(row * a.columns, (row + 1) * a.columns), row * columns)
    data.set(b.data.subarray(row * b.columns, (row + 1) * b.columns), row * columns + a.columns)
  }
  return { rows: a.rows, columns, data }
}

async function askPeer(
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
