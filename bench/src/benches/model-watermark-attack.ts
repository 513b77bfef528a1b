import { type Matrix, randomOf } from '../../../packages/learn/src/index.ts'
import { probabilitiesOf } from '../../../packages/learn/src/io/classifier/classifier.ts'
import { type AnyModel, columnOf, inputTypes, preprocess, type Table } from '../../../packages/learn/src/io/index.ts'
import { accuracyOf, coordinateSearch, cutsOf, Feasible } from '../../../packages/learn/src/robust/index.ts'
import type { Prepared } from '../../../packages/learn/src/watermark/index.ts'
import { beside, type Line, progress } from '../base/report.ts'
import { drawnRows, LABEL, type Subject, someRows } from './model-watermark-data.ts'
import { BENCH, CASE } from './model-watermark-lines.ts'

const ROWS = 1_000

/**
 * Accuracy on rows that were not learned, as they are and after a search by scores over the cuts of the trees: marked, and the same without a mark.
 * @param epsilon deviations of its column by which the attacker moves any number; words stay
 */
export function* onAttacks(name: string, subjects: readonly Subject[], test: Table, epsilon: number): Generator<Line> {
  const { algorithm, prepared } = subjects[0]!
  progress(`${CASE}: attacks on ${algorithm}, ${name}`)
  const some = someRows(test, drawnRows(test.rows, Math.min(ROWS, test.rows), randomOf(1)))
  const rows = preprocess(prepared.preprocessing, some)
  const labels = labelsOf(prepared, some)
  const fates = subjects.map(({ marked, plain, seed }) =>
    [marked, plain].map(model => fateOf(model, prepared, { rows, labels, seed, epsilon })),
  )
  for (const [metric, at] of [
    ['accuracy, clean', 0],
    [`accuracy, attacked by ${epsilon} deviations`, 1],
  ] as const) {
    const subject = { bench: BENCH, case: `${CASE}, attack, ${name}, ${algorithm}`, metric, unit: '' }
    const of = (which: number) => fates.map(each => each[which]![at])
    yield beside(subject, of(0), 'the same without a mark', of(1))
  }
}

function fateOf(
  model: AnyModel,
  { x, labels: { names }, preprocessing }: Prepared,
  { rows, labels, seed, epsilon }: { rows: Matrix; labels: Int32Array; seed: number; epsilon: number },
): readonly [clean: number, attacked: number] {
  const classes = names.length
  const probabilities = (some: Matrix): Matrix => ({
    rows: some.rows,
    columns: classes,
    data: probabilitiesOf(model, some),
  })
  const decider = { classes, probabilities }
  const rules = inputTypes(preprocessing).map(type => ({ fixed: type === 'indicator' }))
  const feasible = new Feasible({ columns: x.columns, rules })
  const cuts = model.kind === 'boosted-trees' || model.kind === 'random-forest' ? model.model.model.trees : null
  const search = {
    norm: 'linf',
    epsilon,
    scale: deviationsOf(x),
    feasible,
    seed,
    ...(cuts === null ? {} : { cuts: cutsOf(cuts, x.columns) }),
  } as const
  return [accuracyOf(decider, rows, labels), coordinateSearch(decider, rows, labels, search).accuracy]
}

function labelsOf({ labels: { names } }: Prepared, table: Table): Int32Array {
  const label = columnOf(table, LABEL)
  if (label.kind !== 'category') throw new Error('the label is no word')
  return label.values.map(code => names.indexOf(label.categories[code]!))
}

function deviationsOf({ rows, columns, data }: Matrix): Float64Array {
  return Float64Array.from({ length: columns }, (_, column) => {
    let [sum, squares] = [0, 0]
    for (let at = column; at < data.length; at += columns) {
      sum += data[at]!
      squares += data[at]! ** 2
    }
    return Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2)) || 1
  })
}
