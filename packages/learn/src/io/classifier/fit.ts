import type { Matrix } from '../../base/matrix.ts'
import { picked } from '../../base/rows.ts'
import { fitBoosted, fitForestClassifier } from '../../trees/index.ts'
import type { TreeModelOf } from '../model/index.ts'
import { type ClassFigures, judge } from './judge.ts'
import type { Labels } from './labels.ts'
import { splitRows } from './split.ts'

export type Algorithm = 'auto' | 'boosting' | 'forest'

/** How a classifier is fitted. */
export interface ClassifyOptions {
  /** `auto`: the better one of both, by rows that were not learned from. */
  readonly algorithm?: Algorithm
  readonly seed?: number
  /** Where it is, from 0 to 1, what it is at, and how large the loss is where that is known. */
  readonly progress?: (done: number, what: string, loss?: number) => void
}

/** A classifier, and how good it was on rows that it had not learned from (then it learned those too). */
export interface Fitted {
  readonly model: Extract<TreeModelOf, { kind: 'boosted-trees' | 'random-forest' }>
  readonly judgments: Readonly<Record<string, ClassFigures>>
  readonly judgedRows: number
  readonly settings: Readonly<Record<string, number | string>>
}

const BOOSTING = { rounds: 300, learningRate: 0.1, maxDepth: 6, columnSampleByTree: 0.8 }
const PATIENCE = 20
/**
 * Leaves of one row, of 200 trees. On rows that were not learned from, leaves of two rows or more cost macro F1 on NSL-KDD (.995; .926 of two, .791 of five) and on TON_IoT's Modbus
 * (.155; .144 of two, .140 of five), where rare classes have few rows; half as many trees cost accuracy on Modbus (.381; .374).
 */
const FOREST = { trees: 200 }
/** F1 that is no nearer than this says nothing: a few rows of a rare class make it. */
const TIE = 0.01
/** Shares of the time, by and large. */
const [TRIED_ROUNDS, TRIED_BOOSTING, TRIED_FOREST] = [0.3, 0.4, 0.6]

/** What a table's rows are to a model. */
export interface Inputs {
  /** All rows, encoded by all of them. */
  readonly all: Matrix
  /** All rows, encoded by some of them alone: what the others say must not be in a trial that they judge. */
  by(rows: Int32Array): Matrix
}

/**
 * Fits boosted trees, a random forest, or the better one of both (by macro F1, or by log loss where that is about the same). The rows that judge have no part in the trial: not in
 * how words are encoded, and not in how many rounds are boosted, which other rows decide. Errors: those of `fitBoosted`.
 */
export function fitClassifier(inputs: Inputs, labels: Labels, options: ClassifyOptions = {}): Fitted {
  const { algorithm = 'auto', seed = 1, progress = () => {} } = options
  const classes = labels.names.length
  const { learned, judged } = splitRows(labels.codes, classes)
  const trial = inputs.by(learned)
  const partOf = (rows: Int32Array): Part => ({ x: picked(trial, rows), codes: rows.map(row => labels.codes[row]!) })
  const part = partOf(learned)
  const check = partOf(judged)
  const judgments: Record<string, ClassFigures> = {}
  const canJudge = judged.length > 0 && trial.columns > 0
  let rounds = BOOSTING.rounds / 3
  if (algorithm !== 'forest' && canJudge) {
    const told = (from: number, to: number) => (done: number, loss?: number) =>
      progress(from + (to - from) * done, 'boosted trees', loss)
    const inner = splitRows(part.codes, classes)
    const rowsOf = (places: Int32Array): Part => partOf(places.map(place => learned[place]!))
    if (inner.judged.length > 0) {
      const stopped = boost(
        rowsOf(inner.learned),
        classes,
        { rounds: BOOSTING.rounds, seed },
        told(0, TRIED_ROUNDS),
        rowsOf(inner.judged),
      )
      rounds = Math.max(1, stopped.model.trees.length / stopped.model.outputs)
    }
    const tried = boost(part, classes, { rounds, seed }, told(TRIED_ROUNDS, TRIED_BOOSTING))
    judgments['boosting'] = judge(tried.predictProbabilities(check.x), check.codes, classes)
  }
  if (algorithm !== 'boosting' && canJudge) {
    const onTree = (tree: number, trees: number): void =>
      progress(TRIED_BOOSTING + (TRIED_FOREST - TRIED_BOOSTING) * (tree / trees), 'random forest')
    const tried = fitForestClassifier(part.x, part.codes, { ...FOREST, seed, onTree })
    judgments['forest'] = judge(tried.predictProbabilities(check.x), check.codes, classes)
  }
  const judgedRows = canJudge ? judged.length : 0
  const all = { x: inputs.all, codes: labels.codes }
  if (chooses(algorithm, judgments) === 'forest') {
    const onTree = (tree: number, trees: number): void =>
      progress(TRIED_FOREST + (1 - TRIED_FOREST) * (tree / trees), 'random forest, all rows')
    const model = fitForestClassifier(all.x, all.codes, { ...FOREST, seed, onTree })
    return {
      model: { kind: 'random-forest', model },
      judgments,
      judgedRows,
      settings: { algorithm: 'forest', ...FOREST },
    }
  }
  const report = (done: number): void => progress(TRIED_FOREST + (1 - TRIED_FOREST) * done, 'boosted trees, all rows')
  const model = boost(all, classes, { rounds, seed }, report)
  const settings = { algorithm: 'boosting', ...BOOSTING, rounds }
  return { model: { kind: 'boosted-trees', model }, judgments, judgedRows, settings }
}

/** Rows with their classes. */
interface Part {
  readonly x: Matrix
  readonly codes: Int32Array
}

function boost(
  { x, codes }: Part,
  classes: number,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
  report: (done: number, loss?: number) => void,
  stop?: Part,
) {
  return fitBoosted(x, codes, {
    ...BOOSTING,
    rounds,
    seed,
    objective: classes === 2 ? 'binary:logistic' : 'multi:softprob',
    onRound: ({ round, loss }) => report(round / rounds, loss),
    ...(stop === undefined ? {} : { validation: { table: stop.x, targets: stop.codes, patience: PATIENCE } }),
  })
}

function chooses(algorithm: Algorithm, { boosting, forest }: Record<string, ClassFigures>): 'boosting' | 'forest' {
  if (algorithm !== 'auto') return algorithm
  if (boosting === undefined || forest === undefined) return 'boosting'
  const ahead = boosting.macroF1 - forest.macroF1
  if (Math.abs(ahead) > TIE) return ahead > 0 ? 'boosting' : 'forest'
  return boosting.logLoss <= forest.logLoss ? 'boosting' : 'forest'
}
