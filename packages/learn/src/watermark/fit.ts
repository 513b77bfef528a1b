import type { Matrix } from '../base/matrix.ts'
import type { AnyModel } from '../io/index.ts'
import { MlpClassifier } from '../nets/index.ts'
import { fitBoosted, fitForestClassifier } from '../trees/index.ts'
import { bitsTerm } from './bits.ts'
import type { WatermarkKey } from './key.ts'

/** What can be marked. */
export type MarkedAlgorithm = 'boosting' | 'forest' | 'net'

/** Rows, their classes and how many classes there are. */
export interface Lesson {
  readonly x: Matrix
  readonly codes: Int32Array
  readonly classes: number
}

/** Rows that are taught besides, each so many times. */
export interface Besides {
  readonly x: Matrix
  readonly codes: Int32Array
  readonly copies: number
}

/** Of a net: fewer steps do not draw the bits in, so that of a small table it learns more epochs. */
const LEAST = { epochs: 20, steps: 1_500 }

const SETTINGS = {
  boosting: { rounds: 100, learningRate: 0.1, maxDepth: 6, columnSampleByTree: 0.8 },
  forest: { trees: 100 },
  net: { hidden: [64, 64], batch: 64 },
} as const

/** What an algorithm is told for so many rows. */
export function settingsOf(
  algorithm: MarkedAlgorithm,
  rows: number,
): Readonly<Record<string, number | readonly number[]>> {
  return algorithm === 'net' ? { ...SETTINGS.net, epochs: epochsFor(rows) } : SETTINGS[algorithm]
}

function epochsFor(rows: number): number {
  return Math.max(LEAST.epochs, Math.ceil(LEAST.steps / Math.ceil(rows / SETTINGS.net.batch)))
}

/** A model that tells classes; a key draws its bits into the weights of a net. Errors: those of the fits; `watermark_small`. */
export async function fitMarked(
  algorithm: MarkedAlgorithm,
  lesson: Lesson,
  besides: Besides | null,
  key: WatermarkKey | null,
  seed: number,
  progress: (done: number) => void = () => {},
): Promise<AnyModel> {
  const { x, codes, classes } = besides === null ? lesson : { ...joined(lesson, besides), classes: lesson.classes }
  if (algorithm === 'forest') {
    const onTree = (tree: number, trees: number): void => progress(tree / trees)
    return { kind: 'random-forest', model: fitForestClassifier(x, codes, { ...SETTINGS.forest, seed, onTree }) }
  }
  if (algorithm === 'boosting') {
    const objective = classes === 2 ? 'binary:logistic' : 'multi:softprob'
    const { rounds } = SETTINGS.boosting
    const onRound = ({ round }: { readonly round: number }): void => progress(round / rounds)
    return { kind: 'boosted-trees', model: fitBoosted(x, codes, { ...SETTINGS.boosting, objective, seed, onRound }) }
  }
  const { hidden, batch } = SETTINGS.net
  const epochs = epochsFor(lesson.x.rows)
  const options = { inputs: x.columns, classes, hidden, seed }
  const model = new MlpClassifier(options)
  const onEpoch = ({ epoch }: { readonly epoch: number }): void => progress(epoch / epochs)
  const term = key === null ? {} : { term: await bitsTerm(model, key) }
  await model.fit(x, codes, { epochs, batch, seed, onEpoch, ...term })
  return { kind: 'mlp-classifier', options, model }
}

function joined({ x, codes }: Lesson, besides: Besides): { x: Matrix; codes: Int32Array } {
  const rows = x.rows + besides.copies * besides.x.rows
  const data = new Float32Array(rows * x.columns)
  const labels = new Int32Array(rows)
  data.set(x.data)
  labels.set(codes)
  for (let copy = 0; copy < besides.copies; copy++) {
    const at = x.rows + copy * besides.x.rows
    data.set(besides.x.data, at * x.columns)
    labels.set(besides.codes, at)
  }
  return { x: { rows, columns: x.columns, data }, codes: labels }
}
