import { LearnError } from '../base/error.ts'
import { picked } from '../base/rows.ts'
import { probabilitiesOf } from '../io/classifier/classifier.ts'
import { countsOf } from '../io/classifier/labels.ts'
import { splitRows } from '../io/classifier/split.ts'
import { type AnyModel, judge, type ModelRecord, preprocess, type Table } from '../io/index.ts'
import { type Besides, fitMarked, type MarkedAlgorithm, settingsOf } from './fit.ts'
import type { WatermarkKey } from './key.ts'
import { type Prepared, prepare } from './prepare.ts'
import { spaceField, type TriggerSpace } from './space.ts'
import { TRIGGERS, triggersOf } from './triggers.ts'
import { LEVEL, type Verdict, verifyMark } from './verify.ts'

/** How a marked model is learned. */
export interface EmbedOptions {
  readonly algorithm: MarkedAlgorithm
  /** The column of classes. */
  readonly label: string
  /** Columns that are not learned from. */
  readonly ignore?: readonly string[]
  readonly seed?: number
  /** When, for the record: ISO 8601. */
  readonly date: string
  /** Where it is, from 0 to 1, and what it is at. */
  readonly progress?: (done: number, what: string) => void
}

/** A model that carries a mark. */
export interface Embedded {
  readonly record: ModelRecord
  readonly space: TriggerSpace
  /** What was read back at once. */
  readonly verdict: Verdict
  /** Accuracy on the last fifth of each class's rows of a model that had not learned them, without and with the mark; null where there are too few rows. */
  readonly cost: { readonly rows: number; readonly without: number; readonly with: number } | null
}

/** The triggers together weigh so much of the rows. */
const SHARE = 0.05
/** And each at least so many rows: a tree of a forest draws a row or not, and a boosted leaf takes four (`minChildWeight`). */
const LEAST_COPIES: Readonly<Record<MarkedAlgorithm, number>> = { boosting: 4, forest: 4, net: 2 }

/**
 * Learns classes from a table and marks the model: by triggers, which are learned as rows among the others, and the bits of a net. The space of triggers is kept with the record of the
 * training. Errors: those of `prepare` and the fits; `watermark_small`; `watermark_not_embedded`, where the mark cannot be read back.
 */
export async function embedMark(table: Table, key: WatermarkKey, options: EmbedOptions): Promise<Embedded> {
  const { algorithm, label, ignore = [], seed = 1, date, progress = () => {} } = options
  const prepared = await prepare(table, algorithm, label, ignore)
  const cost = await costOf(prepared, key, algorithm, seed, done => progress(done * 0.6, 'what the mark costs'))
  const model = await learnMarked(prepared, key, algorithm, seed, done => progress(0.6 + 0.4 * done, 'marked model'))
  const { labels, schema, preprocessing, space, digest } = prepared
  const figures =
    cost === null
      ? {}
      : { 'rows judged by': cost.rows, 'accuracy without mark': cost.without, 'accuracy with mark': cost.with }
  const settings = { algorithm, ...settingsOf(algorithm, table.rows), label, ignore }
  const record: ModelRecord = {
    model,
    schema,
    preprocessing,
    classes: labels.names,
    training: {
      rows: table.rows,
      seed,
      options: { ...settings, ...spaceField(space) },
      data: digest,
      date,
      classRows: countsOf(labels),
      figures,
    },
  }
  const verdict = await verifyMark(record, key, space)
  if (!isWhole(verdict))
    throw new LearnError(
      'watermark_not_embedded',
      `the mark could not be read back: ${verdict.triggers?.agreeing} of ${TRIGGERS} triggers, ${verdict.bits?.agreeing ?? 'no'} bits`,
    )
  return { record, space, verdict, cost }
}

/** All bits, where there are any, and as many triggers as chance does not give. */
function isWhole({ bits, triggers }: Verdict): boolean {
  return (bits === null || bits.agreeing === bits.bits) && triggers !== null && triggers.p < LEVEL
}

/** A model of all rows of a prepared table; without a key it is the same model without a mark. */
export async function learnMarked(
  { x, labels, preprocessing, space }: Prepared,
  key: WatermarkKey | null,
  algorithm: MarkedAlgorithm,
  seed: number,
  progress: (done: number) => void = () => {},
): Promise<AnyModel> {
  const lesson = { x, codes: labels.codes, classes: labels.names.length }
  const besides = key === null ? null : await besidesOf(key, space, preprocessing, x.rows, LEAST_COPIES[algorithm])
  return await fitMarked(algorithm, lesson, besides, key, seed, progress)
}

async function besidesOf(
  key: WatermarkKey,
  space: TriggerSpace,
  preprocessing: Prepared['preprocessing'],
  rows: number,
  least: number,
): Promise<Besides> {
  const { table, labels } = await triggersOf(key, space)
  const copies = Math.max(least, Math.round((SHARE * rows) / TRIGGERS))
  return { x: preprocess(preprocessing, table), codes: labels, copies }
}

async function costOf(
  prepared: Prepared,
  key: WatermarkKey,
  algorithm: MarkedAlgorithm,
  seed: number,
  progress: (done: number) => void,
): Promise<Embedded['cost']> {
  const { x, labels } = prepared
  const classes = labels.names.length
  const { learned, judged } = splitRows(labels.codes, classes)
  if (judged.length === 0) return null
  const codesOf = (rows: Int32Array): Int32Array => rows.map(row => labels.codes[row])
  const part = { ...prepared, x: picked(x, learned), labels: { ...labels, codes: codesOf(learned) } }
  const accuracy = async (own: WatermarkKey | null, from: number): Promise<number> => {
    const model = await learnMarked(part, own, algorithm, seed, done => progress(from + done / 2))
    return judge(probabilitiesOf(model, picked(x, judged)), codesOf(judged), classes).accuracy
  }
  return { rows: judged.length, without: await accuracy(null, 0), with: await accuracy(key, 0.5) }
}
