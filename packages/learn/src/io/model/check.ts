import { LearnError } from '../../base/error.ts'
import type { ModelKind } from './any.ts'
import { leastNumbers } from './size.ts'

type Test = (value: unknown) => boolean

/** A test of an object, which knows those of its fields, so that the one that is wrong can be named. */
type Shape = Test & { readonly fields: Readonly<Record<string, Test>> }

const isText: Test = value => typeof value === 'string'
const isNumber: Test = value => typeof value === 'number' && Number.isFinite(value)
const isCount: Test = value => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST
const isShare: Test = value => isNumber(value) && Number(value) > 0 && Number(value) <= 1
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf =
  (test: Test): Test =>
  value =>
    Array.isArray(value) && value.every(test)
const maybe =
  (test: Test): Test =>
  value =>
    value === undefined || test(value)
const oneOf =
  (...words: readonly string[]): Test =>
  value =>
    words.includes(value as string)
const shaped = (fields: Readonly<Record<string, Test>>): Shape =>
  Object.assign(
    (value: unknown) => isObject(value) && Object.entries(fields).every(([name, test]) => test(value[name])),
    { fields },
  )

/** The path of the innermost field that a test refuses; empty where that is the whole. */
function wrongField(test: Test, value: unknown): string {
  if (!('fields' in test) || !isObject(value)) return ''
  const wrong = Object.entries((test as Shape).fields).find(([name, its]) => !its(value[name]))
  if (wrong === undefined) return ''
  const [name, its] = wrong
  const inner = wrongField(its, value[name])
  return inner === '' ? name : `${name}.${inner}`
}

/** How many rows there were, which nothing is made as large as. */
const isRows: Test = value => Number.isSafeInteger(value) && Number(value) >= 0

/** No width, number of steps or of classes is larger. */
const MOST = 1_000_000

const number = shaped({
  from: isText,
  kind: oneOf('number'),
  mean: isNumber,
  scale: value => isNumber(value) && value !== 0,
  missing: value => value === null || isNumber(value),
})
const oneWord = shaped({ from: isText, kind: oneOf('one-of'), words: listOf(isText) })
const frequencyFields = shaped({
  from: isText,
  kind: oneOf('frequency'),
  words: listOf(isText),
  shares: listOf(isNumber),
})
const frequency: Test = value => {
  if (!frequencyFields(value)) return false
  const { words, shares } = value as { readonly words: readonly string[]; readonly shares: readonly number[] }
  return words.length === shares.length
}

/** More windows than anybody looks through would take memory for nothing. */
const fewCounts: Test = value => listOf(isCount)(value) && (value as unknown[]).length <= 64

const calibration = shaped({
  threshold: isNumber,
  falseAlarms: isNumber,
  method: maybe(isText),
  channels: maybe(listOf(shaped({ name: isText, threshold: isNumber, scores: isRows }))),
})

const BODY = shaped({
  kind: isText,
  options: isObject,
  tensors: listOf(shaped({ name: isText, type: isText, shape: listOf(isNumber), data: isText })),
  schema: listOf(
    shaped({
      name: isText,
      kind: oneOf('number', 'time', 'category'),
      role: oneOf('feature', 'label', 'time', 'ignored'),
      missing: isRows,
      least: maybe(isNumber),
      most: maybe(isNumber),
      categories: maybe(listOf(isText)),
    }),
  ),
  preprocessing: shaped({
    steps: listOf(step => number(step) || oneWord(step) || frequency(step)),
    rhythm: maybe(shaped({ windows: fewCounts, alone: value => typeof value === 'boolean' })),
  }),
  classes: listOf(isText),
  calibration: maybe(calibration),
  training: shaped({
    rows: isRows,
    seed: isNumber,
    options: value => value !== undefined,
    data: isText,
    date: isText,
    figures: maybe(value => isObject(value) && Object.values(value).every(isNumber)),
    classRows: maybe(listOf(isRows)),
  }),
})

/** Makes sure that a file's body has what belongs in it. Error: `model_malformed`. */
export function checkBody(body: unknown): void {
  if (!BODY(body))
    throw new LearnError('model_malformed', `no model file: its '${wrongField(BODY, body)}' is not what it should be`)
}

const activation = maybe(oneOf('none', 'relu', 'tanh', 'sigmoid'))
const dense = { inputs: isCount, hidden: listOf(isCount), activation, norm: maybe(value => typeof value === 'boolean') }
const count = maybe(isCount)
const windows = {
  kind: oneOf('gru', 'lstm', 'transformer'),
  steps: isCount,
  features: isCount,
  units: count,
  layers: count,
  heads: count,
  feedForward: count,
}

const OPTIONS: Readonly<Partial<Record<ModelKind, Shape>>> = {
  autoencoder: shaped(dense),
  'mlp-classifier': shaped({ ...dense, classes: isCount, classWeights: maybe(listOf(isNumber)) }),
  'mlp-regressor': shaped({ ...dense, outputs: isCount, loss: maybe(isObject) }),
  forecaster: shaped({ ...windows, horizon: count }),
  reconstructor: shaped({ ...windows, code: isCount }),
  'boosted-trees': shaped({
    columns: isCount,
    outputs: isCount,
    objective: isText,
    baseScore: isNumber,
    names: maybe(listOf(isText)),
  }),
  'random-forest': shaped({
    columns: isCount,
    classes: isCount,
    importances: listOf(isNumber),
    outOfBag: maybe(shaped({ score: isNumber, rows: isCount })),
  }),
  'isolation-forest': shaped({ columns: isCount, sample: isCount }),
  ensemble: shaped({
    columns: isCount,
    classes: isCount,
    members: listOf(shaped({ kind: oneOf('random-forest', 'boosted-trees', 'mlp-classifier'), options: isObject })),
    pool: oneOf('vote', 'stack'),
    isolation: isObject,
    counts: shaped({ isolation: isCount, neighbors: isCount, entropy: isCount, disagreement: isCount, joint: isCount }),
    shares: shaped({ ambiguous: isShare, disagreement: isShare, novel: isShare }),
  }),
  'attack-detector': shaped({
    columns: isCount,
    classes: isCount,
    normal: isCount,
    signs: listOf(oneOf('odds', 'distance', 'contrast')),
    ensemble: isObject,
    contrast: isObject,
    counts: shaped({ odds: isCount, distance: isCount, contrast: isCount, joint: isCount }),
  }),
}

/**
 * Makes sure that options make a model of the kind, and one that is no larger than the numbers that there are for it: what a file says must not take memory that it does not fill.
 * Errors: `model_kind`, `model_options`.
 */
export function checkModelOptions(kind: ModelKind, options: object, numbers: number): void {
  const test = Object.hasOwn(OPTIONS, kind) ? OPTIONS[kind] : undefined
  if (test === undefined)
    throw new LearnError('model_kind', `a model of kind ${String(kind)}: expected ${Object.keys(OPTIONS).join(', ')}`)
  if (!test(options))
    throw new LearnError(
      'model_options',
      `'options.${wrongField(test, options)}' of a ${kind} is not there, or not what it should be`,
    )
  if (leastNumbers(options) > numbers)
    throw new LearnError('model_options', `a ${kind} of this size has more weights than the ${numbers} that there are`)
}
