import type { Matrix } from '@ringwall/learn'
import type { ModelRecord } from '@ringwall/learn/io'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { attackOptions, fatesText } from './learn-attack.ts'
import { type Drawn, endingOf, writeFates } from './learn-attack-plot.ts'
import { attackable, deviationOf, fatesOf, wholeOf } from './learn-attack-run.ts'
import { beside, onceEach } from './learn-beside.ts'
import { type Constraints, feasibleOf, inputsOf, readConstraints } from './learn-constraints.ts'
import { madeAt } from './learn-date.ts'
import { type CsvOptions, csvOptions, learning, names, readCsv, writeOut } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { TrainingBar } from './learn-progress.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly train: string
  readonly label: string
  readonly save: string
  readonly test?: string
  readonly ignore?: readonly string[]
  readonly epsilon: readonly number[]
  readonly constraints?: string
  readonly rows: number
  readonly plot?: string
  readonly seed: number
  readonly json?: boolean
  readonly words?: readonly string[]
}

const AFTER = `
An ensemble (forest, boosted trees, net) is fitted twice: as it is, and against somebody who moves each column by up to the largest epsilon, in standard deviations of the training rows.
With --test both are attacked at each epsilon; what attacks on the first make is tried on the hardened one as well (transfer). --constraints is as for learn attack; laws and steps hold for attacks, and for what trees learn.`

/** `ringwall learn harden`: an ensemble that learns what attackers would do to its rows. */
export function hardenVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'harden',
    summary:
      'Learn classes from a table against somebody who changes rows; keep the model, and show what it withstands.',
    example: 'ringwall learn harden --train known.csv --label state --epsilon .3 --save hard.json --test new.csv',
  })
    .requiredOption('--train <file>', 'the table to learn from (CSV, or - for standard input)')
    .requiredOption('--label <column>', 'its column of classes')
    .requiredOption('--save <file>', 'keep the model')
    .option('--test <file>', 'a table with labels that is attacked, before and after')
    .option('--ignore <columns>', 'columns that are not learned from, with commas', names)
    .option('--words <columns>', 'columns of words that look like numbers, with commas', names)
  attackOptions(command, [0.3])
  csvOptions(command).addHelpText('after', AFTER)
  runs<Options>(command, (_, options) => learning(options.train, () => harden(options)))
}

async function harden(options: Options): Promise<Outcome> {
  const { train, save, test, epsilon, constraints, plot } = options
  if (plot !== undefined && test === undefined)
    throw new RingwallError('usage', '--plot takes --test', 'See --help for an example.')
  onceEach([train, test, constraints], 'input')
  if (plot !== undefined) endingOf(plot)
  checkOutputs({ '--save': save, '--plot': plot }, [train, test, constraints])
  const said = readConstraints(constraints)
  const bar = new TrainingBar('hardening')
  const pair = await hardened(options, said, bar).finally(() => bar.end())
  writeOut(save, await (await import('@ringwall/learn/io')).writeModel(pair.after))
  const { classes, training } = pair.after
  const head = `ensemble of ${classes.length} classes, learned from ${training.rows} rows of ${train}, against an epsilon of ${epsilon.at(-1)}.\n`
  const tail = [`Model: ${save}\n`, plot === undefined ? '' : `Plot: ${plot}\n`].join('')
  const json = {
    kind: 'ensemble',
    classes,
    trainRows: training.rows,
    epsilon: epsilon.at(-1),
    save,
    plot: plot ?? null,
  }
  if (test === undefined) return beside([save], options.json, { status: 0, text: head + tail, json })
  const drawn = await learning(test, () => attacked(pair, test, options, said))
  if (plot !== undefined) writeFates(plot, `Hardened on ${train}, attacked on ${test}`, drawn)
  const parts = drawn.map(({ name, clean, fates }) => `${name}:\n${fatesText(clean, fates)}`)
  return beside([save], options.json, {
    status: 0,
    text: head + parts.join('') + tail,
    json: { ...json, attacked: drawn },
  })
}

interface Pair {
  readonly before: ModelRecord
  readonly after: ModelRecord
}

async function hardened(options: Options, said: Constraints, bar: TrainingBar): Promise<Pair> {
  const { train, label, ignore = [], words = [], epsilon, constraints = '', seed } = options
  const { labelsOf, learnTable, preprocess } = await import('@ringwall/learn/io')
  const { harden: against } = await import('@ringwall/learn/robust')
  const kinds = Object.fromEntries(words.map(name => [name, 'category'] as const))
  const table = await readCsv(train, options, { kinds, skips: name => name !== label && ignore.includes(name) })
  const half = (from: number) => (done: number, what: string, loss?: number) => bar.update(from + done / 2, what, loss)
  const date = madeAt()
  const learn = { label, ignore, algorithm: 'ensemble', seed, date } as const
  const before = await learnTable(table, { ...learn, progress: half(0) })
  if (before.model.kind !== 'ensemble') throw new Error(`an ensemble became a model of kind ${before.model.kind}`)
  const x = preprocess(before.preprocessing, table)
  const inputs = inputsOf(before.preprocessing.steps)
  const deviations = inputs.map((step, column) => (step.kind === 'number' ? deviationOf(x, column) : 1))
  const still = deviations.map(each => each === 0)
  const model = await against(before.model.model, x, labelsOf(table, label).codes, {
    epsilon: epsilon.at(-1)!,
    scale: deviations.map(each => each || 1),
    feasible: await feasibleOf(said, before.preprocessing, still, constraints),
    seed,
    progress: half(0.5),
  })
  const numbers = inputs.flatMap((step, i) => (step.kind === 'number' ? [[step.from, deviations[i]!] as const] : []))
  // What was measured on held-out rows was so of the ensemble before.
  const { figures: _, ...training } = before.training
  const choices = {
    ...(training.options as object),
    harden: { epsilon: epsilon.at(-1)!, deviations: Object.fromEntries(numbers) },
  }
  const after = { ...before, model: { kind: 'ensemble', model } as const, training: { ...training, options: choices } }
  return { before: { ...before, training: after.training }, after }
}

async function attacked({ before, after }: Pair, test: string, options: Options, said: Constraints): Promise<Drawn[]> {
  const { label, rows: most, epsilon, seed, constraints = '' } = options
  const { kindsOf } = await import('@ringwall/learn/io')
  const table = await readCsv(test, options, { kinds: kindsOf(after, label) })
  const target = await attackable(after, table, label, most)
  const feasible = await feasibleOf(said, after.preprocessing, target.still, constraints)
  const bar = new TrainingBar('attacking')
  const drawn: Drawn[] = []
  let transferred: readonly Matrix[] | undefined
  for (const [i, { model }] of [before, after].entries()) {
    const progress = (done: number, what: string): void => bar.update((i + done) / 2, what)
    const whole = await wholeOf(model, target.rows.columns)
    const each = { epsilons: epsilon, seed, progress, ...(transferred === undefined ? {} : { transferred }) }
    const { made, ...found } = await fatesOf(whole, target, feasible, each)
    drawn.push({ name: i === 0 ? 'before' : 'hardened', ...found })
    transferred = made
  }
  bar.end()
  return drawn
}
