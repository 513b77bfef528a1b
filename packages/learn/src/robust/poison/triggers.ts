import type { Matrix } from '../../base/matrix.ts'
import { type Random, randomOf } from '../../base/random.ts'
import { told } from '../../sanitize/removal.ts'
import type { OutOfFold } from './folds.ts'
import { type Pattern, rarePatterns } from './patterns.ts'
import { className, columnName, type Names, type Suspect } from './suspect.ts'

const RARE = { least: 0.003, most: 0.05, purity: 0.9 }
/** Rows that are tried, the fewest that tell anything, and how often values of other rows are put in. */
const TRIED = 40
const FEWEST = 4
const DRAWS = 5
/** The share of rows of other classes that the values must turn … */
const TURNS = 0.95
/** … and the probability of its class that a row must lose without them. */
const LOSES = 0.3

/**
 * Rows whose class hangs on a rare value or pair of values, as a backdoor's does. Two questions are asked of a model about rows that it did not learn from: whether the values, written into rows of other
 * classes, turn nearly all of them; and whether rows that have them lose their class where values of other rows stand in for them. A class that is real shows in the other columns too. It is the
 * rule that a spectral signature (Tran et al. 2018) shows in a net's activations, sought in the table itself, so that it serves trees.
 */
export function triggeredRows(
  rows: Matrix,
  labels: Int32Array,
  classes: number,
  known: OutOfFold,
  seed: number,
  names: Names = {},
): Suspect[] {
  const random = randomOf(seed)
  const held = Array.from(labels.keys()).filter(row => known.fold[row] === 0)
  const strangers = Array.from({ length: classes }, (_, label) =>
    spread(held.filter(row => labels[row] !== label && known.probabilities[row * classes + label] < 0.5)),
  )
  const found: { pattern: Pattern; turns: number; loses: number; likelier: number }[] = []
  for (const pattern of rarePatterns(rows, labels, RARE)) {
    const turns = turned(rows, pattern, classes, known, strangers[pattern.label])
    if (turns < TURNS) continue
    const loss = lost(rows, pattern, classes, known, random)
    if (loss !== null && loss.loses >= LOSES) found.push({ pattern, turns, ...loss })
  }
  found.sort(
    (a, b) => b.pattern.rows.length - a.pattern.rows.length || a.pattern.columns.length - b.pattern.columns.length,
  )
  const taken = new Map<number, Suspect>()
  for (const { pattern, turns, loses, likelier } of found) {
    const { columns, values, label } = pattern
    const fresh = pattern.rows.filter(row => !taken.has(row))
    // Most of what this one stands on has gone with a larger one.
    if (2 * fresh.length < pattern.rows.length) continue
    const where = columns.map((column, i) => `${columnName(column, names)} is ${told(values[i])}`).join(' and ')
    const why = `${className(label, names)} hangs on ${where} in ${pattern.rows.length} rows: that turns ${told(100 * turns)} % of other rows, and without it these lose ${told(100 * loses)} % of their probability`
    for (const row of fresh) taken.set(row, { code: 'trigger', row, label, likelier, remedy: 'drop', why })
  }
  return [...taken.values()].sort((a, b) => a.row - b.row)
}

/** Some of the rows, from all over. */
function spread(rows: readonly number[]): number[] {
  const stride = Math.max(1, Math.floor(rows.length / TRIED))
  return rows.filter((_, i) => i % stride === 0).slice(0, TRIED)
}

/** The share of rows of other classes that take a pattern's label where its values are written into them. */
function turned(
  rows: Matrix,
  { columns, values, label }: Pattern,
  classes: number,
  { models }: OutOfFold,
  strangers: readonly number[],
): number {
  if (strangers.length < FEWEST) return 0
  const tried = copied(rows, strangers, 1, (data, at) => {
    for (const [i, column] of columns.entries()) data[at + column] = values[i]
  })
  const said = models[0].predictProbabilities(tried)
  return strangers.reduce((sum, _, i) => sum + Number(said[i * classes + label] > 0.5), 0) / strangers.length
}

/** The probability of their label that a pattern's rows lose with its values, and the class that comes up; null where too few were held out. */
function lost(
  rows: Matrix,
  { columns, label, rows: own }: Pattern,
  classes: number,
  { fold, models }: OutOfFold,
  random: Random,
): { loses: number; likelier: number } | null {
  const held = spread(own.filter(row => fold[row] === 0))
  if (held.length < FEWEST) return null
  const as = models[0].predictProbabilities(copied(rows, held, 1, () => {}))
  const without = models[0].predictProbabilities(
    copied(rows, held, DRAWS, (data, at) => {
      const other = random.below(rows.rows) * rows.columns
      for (const column of columns) data[at + column] = rows.data[other + column]
    }),
  )
  const mean = (said: Float32Array, k: number): number => {
    let sum = 0
    for (let at = k; at < said.length; at += classes) sum += said[at]
    return (sum * classes) / said.length
  }
  const others = Array.from({ length: classes }, (_, k) => (k === label ? -1 : mean(without, k)))
  return { loses: mean(as, label) - mean(without, label), likelier: others.indexOf(Math.max(...others)) }
}

/** Rows, each so many times, with something done to each copy. */
function copied(
  { columns, data }: Matrix,
  chosen: readonly number[],
  times: number,
  change: (data: Float32Array, at: number) => void,
): Matrix {
  const copies = new Float32Array(chosen.length * times * columns)
  for (let i = 0; i < chosen.length * times; i++) {
    const from = chosen[Math.floor(i / times)] * columns
    copies.set(data.subarray(from, from + columns), i * columns)
    change(copies, i * columns)
  }
  return { rows: chosen.length * times, columns, data: copies }
}
