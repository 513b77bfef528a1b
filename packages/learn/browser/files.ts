import type { Matrix } from '../src/index.ts'
import {
  type AnyModel,
  judgeRows,
  type LoadedModel,
  learnSeries,
  type ModelRecord,
  readModel,
  writeModel,
} from '../src/io/index.ts'
import { MlpClassifier } from '../src/nets/index.ts'
import { fitForestClassifier } from '../src/trees/index.ts'

const DATE = '2026-01-02T03:04:05Z'
const CLASSES = ['bad', 'good']

/** What models say of rows once they were written to a file and read again, by name; and each file's digest, as text. */
export interface FromFiles {
  readonly numbers: Readonly<Record<string, Float32Array | Float64Array>>
  readonly digests: Readonly<Record<string, string>>
}

/**
 * A forest, a net and a detector of a series, each learned, written, read and asked.
 * @param labels 0 or 1, a row each
 */
export async function fromFiles(rows: Matrix, labels: Int32Array): Promise<FromFiles> {
  const forest = await again(
    classifier(rows, { kind: 'random-forest', model: fitForestClassifier(rows, labels, { trees: 9 }) }),
  )
  const options = { inputs: rows.columns, hidden: [13, 7], classes: 2 }
  const net = await again(classifier(rows, { kind: 'mlp-classifier', options, model: new MlpClassifier(options) }))
  const trainRows = Math.floor(rows.rows / 2)
  const series = await again(await learnSeries({ names: namesOf(rows), matrix: rows }, { trainRows, date: DATE }))
  if (forest.model.kind !== 'random-forest' || net.model.kind !== 'mlp-classifier')
    throw new Error(`read ${forest.model.kind} and ${net.model.kind}`)
  const judged = await judgeRows(series, rows)
  return {
    numbers: {
      'forest, from its file': forest.model.model.predictProbabilities(rows),
      'MLP, from its file': net.model.model.probabilities(rows).data,
      'detector of a series, from its file': Float64Array.from(judged.rows, ({ score }) => score),
    },
    digests: { 'file of a forest': forest.digest, 'file of an MLP': net.digest, 'file of a detector': series.digest },
  }
}

const again = async (record: ModelRecord): Promise<LoadedModel> => readModel(await writeModel(record))

const namesOf = ({ columns }: Matrix): string[] => Array.from({ length: columns }, (_, i) => `x${i}`)

function classifier(rows: Matrix, model: AnyModel): ModelRecord {
  const names = namesOf(rows)
  return {
    model,
    schema: names.map(name => ({ name, kind: 'number', role: 'feature', missing: 0 })),
    preprocessing: { steps: names.map(from => ({ from, kind: 'number', mean: 0, scale: 1, missing: null })) },
    classes: CLASSES,
    training: { rows: rows.rows, seed: 1, options: {}, data: '', date: DATE },
  }
}
