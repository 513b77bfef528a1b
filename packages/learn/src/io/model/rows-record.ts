import { LearnError } from '../../base/error.ts'
import { canonical } from './canonical.ts'
import type { ModelCalibration, ModelRecord } from './record.ts'

const FIELDS = {
  record: ['schema', 'preprocessing', 'classes', 'calibration', 'training'],
  training: ['rows', 'seed', 'options', 'data', 'date', 'figures'],
  preprocessing: ['steps'],
  step: ['from', 'kind', 'mean', 'scale', 'missing'],
  column: ['name', 'kind', 'role', 'least', 'most', 'missing'],
} as const

/** What a model that judges rows of a series knows of its record. */
export interface RowsModel {
  /** What the model is of, in a word. */
  readonly what: string
  readonly columns: number
  /** Rows that it is learned from at least. */
  readonly leastRows: number
  readonly calibration: ModelCalibration
}

/** Makes sure that what a record says beside its model of rows is of that model, and that it says nothing else. Error: `model_field`. */
export function checkRowsRecord(record: Omit<ModelRecord, 'model'>, model: RowsModel): void {
  const { calibration, preprocessing, schema, classes, training } = record
  const { what, columns, leastRows } = model
  const { steps } = preprocessing
  const requireKnown = (path: string, held: object, known: readonly string[]): void => {
    const surplus = Object.keys(held).find(name => !known.includes(name))
    if (surplus !== undefined) throw wrong(`${path}${surplus}`, `is a field that no ${what} model has`)
  }
  requireKnown('', record, FIELDS.record)
  requireKnown('training.', training, FIELDS.training)
  requireKnown('preprocessing.', preprocessing, FIELDS.preprocessing)
  for (const [i, step] of steps.entries()) requireKnown(`preprocessing.steps[${i}].`, step, FIELDS.step)
  for (const [i, column] of schema.entries()) requireKnown(`schema[${i}].`, column, FIELDS.column)
  if (classes.length > 0) throw wrong('classes', `names ${classes.length}, and a ${what} has none`)
  if (training.rows < leastRows)
    throw wrong('training.rows', `is ${training.rows}, and no ${what} is learned from fewer than ${leastRows}`)
  if (steps.length !== columns || steps.some(({ kind }) => kind !== 'number'))
    throw wrong('preprocessing.steps', `are not one number for each of ${columns} sensors`)
  const plain = steps.findIndex(
    step => step.kind === 'number' && (step.mean !== 0 || step.scale !== 1 || step.missing !== null),
  )
  if (plain >= 0) throw wrong(`preprocessing.steps[${plain}]`, 'changes its values: the model scales them itself')
  const features = schema.filter(({ role }) => role === 'feature').map(({ name }) => name)
  const names = steps.map(({ from }) => from)
  if (canonical(features) !== canonical(names)) throw wrong('schema', 'names other sensors than preprocessing.steps')
  if (canonical({ ...calibration }) !== canonical({ ...model.calibration }))
    throw wrong('calibration', 'is not that of the model')
}

const wrong = (field: string, what: string) => new LearnError('model_field', `'${field}' ${what}`)
