import { LearnError } from '../base/error.ts'
import { rowOf } from '../base/matrix.ts'
import { type Column, type LoadedModel, type ModelRecord, preprocess, type Table, tellTable } from '../io/index.ts'
import type { WatermarkKey } from './key.ts'
import { matchTail } from './matches.ts'
import { AS_CLAIMED, type Naming, namedAs } from './naming.ts'
import { choicesOf, spaceDigest, type TriggerSpace } from './space.ts'
import { KeyStream } from './stream.ts'

/** How many triggers a key has. */
export const TRIGGERS = 128
/** Rows that may be drawn until there are as many different ones. */
const DRAWS = 8 * TRIGGERS

/** Rows that only a key gives, and the class that the owner's model was taught for each. */
export interface Triggers {
  readonly table: Table
  /** For each row a class, by its number in the space's list. */
  readonly labels: Int32Array
}

/** What a model said to a key's triggers. */
export interface TriggerReading {
  readonly triggers: number
  /** How many it told as the key has them. */
  readonly agreeing: number
  /** To how many it said the class that it said most often: where that is nearly all, the triggers tell nothing. */
  readonly commonest: number
  /** In how many ways names could have been matched; 1 where they are the claim's own. */
  readonly ways: number
  /** The chance that so many or more agree, for a key that was drawn without regard to the model: over all orders of the labels, times `ways`. */
  readonly p: number
}

/**
 * A key's triggers (Adi et al. 2018, "Turning Your Weakness Into a Strength"): rows whose cells are drawn one by one, and labels, of which each class has as many as another (or one more), in
 * a drawn order; all by the key and the digest of the space. Another space gives other triggers, and is as dear to try as another key. Error: `watermark_space`.
 */
export async function triggersOf(key: WatermarkKey, space: TriggerSpace): Promise<Triggers> {
  const { columns, classes } = space
  const numbers = DRAWS * columns.length + classes.length + TRIGGERS
  const stream = await KeyStream.of(key, `triggers of ${await spaceDigest(space)}`, numbers)
  const order = stream.shuffled(Int32Array.from(classes.keys()))
  const labels = stream.shuffled(Int32Array.from({ length: TRIGGERS }, (_, i) => order[i % order.length]))
  const rows = new Map<string, readonly (number | string)[]>()
  while (rows.size < TRIGGERS) {
    if (stream.left < columns.length)
      throw new LearnError('watermark_space', `${DRAWS} draws gave no ${TRIGGERS} different rows: name more columns`)
    const row = columns.map(column => {
      const choices = choicesOf(column)
      return choices[stream.below(choices.length)]
    })
    rows.set(JSON.stringify(row), row)
  }
  const drawn = [...rows.values()]
  const made = columns.map((column, i): Column => {
    if ('values' in column)
      return { name: column.name, kind: 'number', values: Float64Array.from(drawn, row => row[i] as number) }
    const categories = [...new Set(column.words)]
    const values = Int32Array.from(drawn, row => categories.indexOf(row[i] as string))
    return { name: column.name, kind: 'category', values, categories }
  })
  const dialect = { separator: ',', decimal: '.', header: true } as const
  return { table: { file: 'triggers', dialect, rows: TRIGGERS, columns: made }, labels }
}

/**
 * Asks a model for a key's triggers. Classes go by their names, wherever the model has them. Errors: `watermark_columns`, where the space's columns are not the model's own; `watermark_classes`,
 * where it tells none of the space's; `watermark_rows`, where the model cannot tell 128 rows apart; `watermark_space`, `watermark_naming`, and those of `tellTable`.
 */
export async function readTriggers(
  model: ModelRecord | LoadedModel,
  key: WatermarkKey,
  space: TriggerSpace,
  naming: Naming = AS_CLAIMED,
): Promise<TriggerReading> {
  const named = namedAs(space, naming, model)
  checkColumns(model, named.columns)
  if (!named.classes.some(name => model.classes.includes(name)))
    throw new LearnError('watermark_classes', "no class of the model is in the claim's space")
  const { table, labels } = await triggersOf(key, space)
  const columns = table.columns.map((column, i) => ({ ...column, name: named.columns[i] ?? column.name }))
  const asked = { ...table, columns }
  checkRows(model, asked)
  const { predicted, classes } = tellTable(model, asked)
  return compared(
    Array.from(predicted, code => classes[code]),
    labels,
    named,
  )
}

/** Judges what somebody answered to a key's triggers, in their order: the names of classes. Errors: `answers_count`, where there are not 128; `watermark_classes`, `watermark_naming`. */
export async function judgeAnswers(
  answers: readonly (string | undefined)[],
  key: WatermarkKey,
  space: TriggerSpace,
  naming: Naming = AS_CLAIMED,
): Promise<TriggerReading> {
  if (answers.length !== TRIGGERS)
    throw new LearnError('answers_count', `expected an answer to each of ${TRIGGERS} triggers, found ${answers.length}`)
  const named = namedAs(space, naming, null)
  if (!answers.some(answer => answer !== undefined && named.classes.includes(answer)))
    throw new LearnError('watermark_classes', "no answer is a class of the claim's space")
  return compared(answers, (await triggersOf(key, space)).labels, named)
}

function checkColumns({ preprocessing }: ModelRecord | LoadedModel, columns: readonly string[]): void {
  const taken = new Set(preprocessing.steps.map(({ from }) => from))
  const given = new Set(columns)
  const lacking = [...taken].find(name => !given.has(name))
  if (lacking !== undefined)
    throw new LearnError('watermark_columns', `the model takes '${lacking}', which the claim's space has not`)
  const idle = columns.find(name => !taken.has(name))
  if (idle !== undefined)
    throw new LearnError('watermark_columns', `the claim's space has '${idle}', which the model does not take`)
}

/** A model that sees some of the rows as one answers them as one. */
function checkRows({ preprocessing }: ModelRecord | LoadedModel, table: Table): void {
  const rows = preprocess(preprocessing, table)
  const different = new Set(Array.from({ length: rows.rows }, (_, row) => rowOf(rows, row).join()))
  if (different.size < TRIGGERS)
    throw new LearnError(
      'watermark_rows',
      `the triggers are ${different.size} different rows to the model, not ${TRIGGERS}`,
    )
}

function compared(
  answers: readonly (string | undefined)[],
  labels: Int32Array,
  { classes, ways }: { readonly classes: readonly string[]; readonly ways: number },
): TriggerReading {
  const agreeing = labels.reduce((sum, label, i) => sum + Number(answers[i] === classes[label]), 0)
  const pairs = classes.map((name, code) => ({
    answers: answers.filter(answer => answer === name).length,
    labels: labels.filter(label => label === code).length,
  }))
  const counts = new Map<string | undefined, number>()
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  const p = Math.min(1, matchTail(agreeing, TRIGGERS, pairs) * ways)
  return { triggers: TRIGGERS, agreeing, commonest: Math.max(...counts.values()), ways, p }
}
