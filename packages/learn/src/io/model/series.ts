import { LearnError } from '../../base/error.ts'
import { Fields } from '../../base/fields.ts'
import { changeFrom } from '../../change/index.ts'
import { detectorFrom, keptDetector, LEAST_ROWS } from '../../series/index.ts'
import type { SeriesModel } from './any.ts'
import { canonical, type Json } from './canonical.ts'
import type { ModelCalibration, ModelRecord } from './record.ts'
import { pack, unpack } from './series-pack.ts'
import type { NamedArray } from './tensors.ts'

/** Takes a series model apart. Errors: `scorer_unkept`, `model_field`. */
export function seriesParts({ detector, change }: SeriesModel): { options: object; arrays: readonly NamedArray[] } {
  const { json, arrays } = pack({ detector: keptDetector(detector), change: change === null ? null : { ...change } })
  return { options: json as object, arrays }
}

/** Puts a series model together; all that it says is checked, and nothing else is there. Errors: `model_field`, `model_tensor`, `model_tree`, `shape_wrong`. */
export function seriesOf(options: object, arrays: readonly NamedArray[]): SeriesModel {
  const fields = new Fields(unpack({ json: options as Json, arrays }))
  const detector = detectorFrom(fields.of('detector'))
  const change = fields.has('change') ? changeFrom(fields.of('change')) : null
  if (change !== null && change.columns !== detector.sensors)
    throw fields.wrong('change.columns', `is ${change.columns}, and there are ${detector.sensors} sensors`)
  fields.end()
  return { detector, change }
}

/** How often a series model alarms where nothing is wrong, and by what that is known. */
export function seriesCalibration({ detector }: SeriesModel): ModelCalibration {
  const { channels, falseAlarms } = detector.learned
  return {
    threshold: 1,
    falseAlarms,
    method: detector.sensors === 1 ? RECORDS : HELD_OUT,
    channels: channels.map(({ name, threshold, calibration }) => ({ name, threshold, scores: calibration.count })),
  }
}

const HELD_OUT =
  'scores of training rows, each stretch held out and scored by what was learned of the others; a generalized Pareto tail beyond the highest'
const RECORDS = 'of exchangeable rows, the next one breaks a record no more often than this'

/** What is told of a series model in few words. */
export function seriesSummary({ detector, change }: SeriesModel): Json {
  const { unfit, off } = detector.learned
  return {
    sensors: detector.sensors,
    alarmEndsAt: off,
    unfit: Array.from(unfit, ([sensor, why]) => `${sensor}: ${why}`),
    changes: change === null ? null : { reference: change.reference, windows: change.windows },
  }
}

const FIELDS = {
  record: ['schema', 'preprocessing', 'classes', 'calibration', 'training'],
  training: ['rows', 'seed', 'options', 'data', 'date', 'figures'],
  preprocessing: ['steps'],
  step: ['from', 'kind', 'mean', 'scale', 'missing'],
  column: ['name', 'kind', 'role', 'least', 'most', 'missing'],
} as const

/** Makes sure that what a record says beside its series model is of that model, and that it says nothing else. Error: `model_field`. */
export function checkSeriesRecord(model: SeriesModel, record: Omit<ModelRecord, 'model'>): void {
  const { calibration, preprocessing, schema, classes, training } = record
  const { sensors } = model.detector
  const { steps } = preprocessing
  requireKnown('', record, FIELDS.record)
  requireKnown('training.', training, FIELDS.training)
  requireKnown('preprocessing.', preprocessing, FIELDS.preprocessing)
  for (const [i, step] of steps.entries()) requireKnown(`preprocessing.steps[${i}].`, step, FIELDS.step)
  for (const [i, column] of schema.entries()) requireKnown(`schema[${i}].`, column, FIELDS.column)
  if (classes.length > 0) throw wrong('classes', `names ${classes.length}, and a series has none`)
  if (training.rows < LEAST_ROWS)
    throw wrong('training.rows', `is ${training.rows}, and no series is learned from fewer than ${LEAST_ROWS}`)
  if (steps.length !== sensors || steps.some(({ kind }) => kind !== 'number'))
    throw wrong('preprocessing.steps', `are not one number for each of ${sensors} sensors`)
  const plain = steps.findIndex(
    step => step.kind === 'number' && (step.mean !== 0 || step.scale !== 1 || step.missing !== null),
  )
  if (plain >= 0) throw wrong(`preprocessing.steps[${plain}]`, 'changes its values: a detector scales them itself')
  const features = schema.filter(({ role }) => role === 'feature').map(({ name }) => name)
  const names = steps.map(({ from }) => from)
  if (canonical(features) !== canonical(names)) throw wrong('schema', 'names other sensors than preprocessing.steps')
  if (canonical({ ...calibration }) !== canonical({ ...seriesCalibration(model) }))
    throw wrong('calibration', 'is not that of the model')
}

const wrong = (field: string, what: string) => new LearnError('model_field', `'${field}' ${what}`)

function requireKnown(path: string, held: object, known: readonly string[]): void {
  const surplus = Object.keys(held).find(name => !known.includes(name))
  if (surplus !== undefined) throw wrong(`${path}${surplus}`, 'is a field that no series model has')
}
