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

/** Accuracy on the last fifth of each class's rows of a model that had not learned them, without and with the mark. */
export interface MarkCost {
  readonly rows: number
  readonly without: number
  readonly with: number
  /** Of always saying the commonest class. */
  readonly commonest: number
}

/** A model that carries a mark. */
export interface Embedded {
  readonly record: ModelRecord
  readonly space: TriggerSpace
  /** What was read back at once. */
  readonly verdict: Verdict
  /** null where there are too few rows to judge by. */
  readonly cost: MarkCost | null
}

/** The triggers together weigh so much of the rows; where they were not learned by that, twice as much, and so on. */
const SHARES = [0.05, 0.1, 0.2, 0.4]
/** What the triggers of a new mark are to reach, so that it is found after some wear, too. */
const MARGIN = 2 ** -80
/** And each at least so many rows: a tree of a forest draws a row or not, and a boosted leaf takes four (`minChildWeight`). */
const LEAST_COPIES: Readonly<Record<MarkedAlgorithm, number>> = { boosting: 4, forest: 4, net: 2 }

/**
 * Learns classes from a table and marks the model: by triggers, which are learned as rows among the others, and the bits of a net. The space of triggers is kept with the record of the
 * training. Errors: those of `prepare` and the fits; `watermark_small`; `watermark_not_embedded`, where the mark cannot be read back.
 */
export async function embedMark(table: Table, key: WatermarkKey, options: EmbedOptions): Promise<Embedded> {
  const { algorithm, label, ignore = [], seed = 1, date, progress = () => {} } = options
  const prepared = await prepare(table, algorithm, label, ignore)
  const { model, share, verdict } = await firstWhole(prepared, key, algorithm, seed, done =>
    progress(0.4 * done, 'marked model'),
  )
  const measured = (done: number): void => progress(0.4 + 0.6 * done, 'what the mark costs')
  const cost = await costOf(prepared, key, algorithm, seed, measured, share)
  const { labels, schema, preprocessing, space, digest } = prepared
  const figures =
    cost === null
      ? {}
      : { 'rows judged by': cost.rows, 'accuracy without mark': cost.without, 'accuracy with mark': cost.with }
  const settings = { algorithm, ...settingsOf(algorithm, table.rows), 'trigger share': share, label, ignore }
  const training = {
    rows: table.rows,
    seed,
    options: { ...settings, ...spaceField(space) },
    data: digest,
    date,
    classRows: countsOf(labels),
    figures,
  }
  const record: ModelRecord = { model, schema, preprocessing, classes: labels.names, training }
  return { record, space, verdict, cost }
}

/** A model, the share at which it has learned its triggers, and what was read back. */
interface Learned {
  readonly model: AnyModel
  readonly share: number
  readonly verdict: Verdict
}

/** The model of the least share that carries the mark with a margin. A net of few columns has its triggers among ordinary rows: the more of those there are, the less a twentieth counts. */
async function firstWhole(
  prepared: Prepared,
  key: WatermarkKey,
  algorithm: MarkedAlgorithm,
  seed: number,
  progress: (done: number) => void,
): Promise<Learned> {
  let best: Learned | null = null
  for (const share of SHARES) {
    const model = await learnMarked(prepared, key, algorithm, seed, progress, share)
    const { schema, preprocessing, labels, space, x } = prepared
    const training = { rows: x.rows, seed, options: null, data: '', date: '' }
    const verdict = await verifyMark({ model, schema, preprocessing, classes: labels.names, training }, key, space)
    if (verdict.unasked !== null) throw new LearnError('watermark_space', verdict.unasked.what)
    best = { model, share, verdict }
    if (isWhole(verdict, MARGIN)) return best
  }
  if (best !== null && isWhole(best.verdict, LEVEL)) return best
  const { triggers, bits } = best?.verdict ?? {}
  throw new LearnError(
    'watermark_not_embedded',
    `the mark could not be read back: ${triggers?.agreeing} of ${TRIGGERS} triggers, ${bits?.agreeing ?? 'no'} bits`,
  )
}

/** All bits, where there are any, and as many triggers as chance does not give. */
function isWhole({ bits, triggers }: Verdict, level: number): boolean {
  return (bits === null || bits.agreeing === bits.bits) && triggers !== null && triggers.p < level
}

/** A model of all rows of a prepared table; without a key it is the same model without a mark. */
export async function learnMarked(
  { x, labels, preprocessing, space }: Prepared,
  key: WatermarkKey | null,
  algorithm: MarkedAlgorithm,
  seed: number,
  progress: (done: number) => void = () => {},
  share = SHARES[0],
): Promise<AnyModel> {
  const lesson = { x, codes: labels.codes, classes: labels.names.length }
  const copies = Math.max(LEAST_COPIES[algorithm], Math.round((share * x.rows) / TRIGGERS))
  const besides = key === null ? null : await besidesOf(key, space, preprocessing, copies)
  return await fitMarked(algorithm, lesson, besides, key, seed, progress)
}

async function besidesOf(
  key: WatermarkKey,
  space: TriggerSpace,
  preprocessing: Prepared['preprocessing'],
  copies: number,
): Promise<Besides> {
  const { table, labels } = await triggersOf(key, space)
  return { x: preprocess(preprocessing, table), codes: labels, copies }
}

async function costOf(
  prepared: Prepared,
  key: WatermarkKey,
  algorithm: MarkedAlgorithm,
  seed: number,
  progress: (done: number) => void,
  share: number,
): Promise<MarkCost | null> {
  const { x, labels } = prepared
  const classes = labels.names.length
  const { learned, judged } = splitRows(labels.codes, classes)
  if (judged.length === 0) return null
  const codesOf = (rows: Int32Array): Int32Array => rows.map(row => labels.codes[row])
  const part = { ...prepared, x: picked(x, learned), labels: { ...labels, codes: codesOf(learned) } }
  const accuracy = async (own: WatermarkKey | null, from: number): Promise<number> => {
    const model = await learnMarked(part, own, algorithm, seed, done => progress(from + done / 2), share)
    return judge(probabilitiesOf(model, picked(x, judged)), codesOf(judged), classes).accuracy
  }
  const commonest = Math.max(...Array.from({ length: classes }, (_, code) => countIn(codesOf(judged), code)))
  return {
    rows: judged.length,
    without: await accuracy(null, 0),
    with: await accuracy(key, 0.5),
    commonest: commonest / judged.length,
  }
}

const countIn = (codes: Int32Array, code: number): number => codes.filter(each => each === code).length
