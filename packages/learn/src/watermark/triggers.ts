import { LearnError } from '../base/error.ts'
import {
  type Column,
  canonical,
  digestOf,
  type Json,
  type LoadedModel,
  type ModelRecord,
  type Table,
  tellTable,
} from '../io/index.ts'
import { upperTail } from './binomial.ts'
import type { WatermarkKey } from './key.ts'
import { choicesOf, type TriggerSpace } from './space.ts'
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
  /** The chance that so many or more agree, for a key that was drawn without regard to the model: labels are drawn evenly from the classes. */
  readonly p: number
}

/**
 * A key's triggers (Adi et al. 2018, "Turning Your Weakness Into a Strength"): rows whose cells are drawn one by one, and labels, all by the key and the digest of the space.
 * Another space gives other triggers, so that choosing one is no more than trying another key. Error: `watermark_space`.
 */
export async function triggersOf(key: WatermarkKey, space: TriggerSpace): Promise<Triggers> {
  const { columns, classes } = space
  const digest = await digestOf(canonical(space as unknown as Json))
  const stream = await KeyStream.of(key, `triggers of ${digest}`, DRAWS * columns.length + TRIGGERS)
  const labels = Int32Array.from({ length: TRIGGERS }, () => stream.below(classes.length))
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

/** Asks a model for a key's triggers. Classes go by their names, wherever the model has them. Errors: those of `tellTable`. */
export async function readTriggers(
  model: ModelRecord | LoadedModel,
  key: WatermarkKey,
  space: TriggerSpace,
): Promise<TriggerReading> {
  const triggers = await triggersOf(key, space)
  const { predicted, classes } = tellTable(model, triggers.table)
  return compared(
    Array.from(predicted, code => classes[code]),
    triggers.labels,
    space,
  )
}

/** Judges what somebody answered to a key's triggers, in their order: the names of classes. Error: `answers_count`, where there are not 128. */
export async function judgeAnswers(
  answers: readonly (string | undefined)[],
  key: WatermarkKey,
  space: TriggerSpace,
): Promise<TriggerReading> {
  if (answers.length !== TRIGGERS)
    throw new LearnError('answers_count', `expected an answer to each of ${TRIGGERS} triggers, found ${answers.length}`)
  return compared(answers, (await triggersOf(key, space)).labels, space)
}

function compared(
  answers: readonly (string | undefined)[],
  labels: Int32Array,
  { classes }: TriggerSpace,
): TriggerReading {
  const agreeing = labels.reduce((sum, label, i) => sum + Number(answers[i] === classes[label]), 0)
  return { triggers: TRIGGERS, agreeing, p: upperTail(agreeing, TRIGGERS, 1 / classes.length) }
}
