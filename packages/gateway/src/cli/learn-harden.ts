import type { Matrix } from '@ringwall/learn'
import type { ModelRecord, Table } from '@ringwall/learn/io'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { attackOptions } from './learn-attack.ts'
import { endingOf, writeFates } from './learn-attack-plot.ts'
import { type Attackable, attackable, codesOf, type Fates, fatesOf, wholeOf } from './learn-attack-run.ts'
import { deviationsOf } from './learn-attack-scale.ts'
import { classesJson, classesText, fatesText, floorOf, floorText, headText, unlikeText } from './learn-attack-told.ts'
import { beside, onceEach } from './learn-beside.ts'
import { type Constraints, feasibleOf, inputsOf, readConstraints } from './learn-constraints.ts'
import { type Broken, brokenRules, brokenText, idleLaws } from './learn-constraints-broken.ts'
import { madeAt } from './learn-date.ts'
import { type Found, withFigures, worseText } from './learn-harden-told.ts'
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
  readonly floor?: number
  readonly plot?: string
  readonly seed: number
  readonly json?: boolean
  readonly words?: readonly string[]
}

const AFTER = `
An ensemble (forest, boosted trees, net) is fitted twice: as it is, and against somebody who moves each column by up to the largest epsilon, in winsorized standard deviations of the training rows.
With --test both are attacked at each epsilon; what attacks on the first make is tried on the hardened one as well (transfer). --constraints is as for learn attack; laws and steps hold for attacks, and for what trees learn.
Exit status 1: the hardened model is worse under attack than the first, or loses more than 2 points on rows as they are, or is below --floor: all balanced, the mean over classes.`

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
  const { train, save, test, epsilon, constraints, floor, plot } = options
  for (const [name, value] of Object.entries({ '--plot': plot, '--floor': floor }))
    if (value !== undefined && test === undefined)
      throw new RingwallError('usage', `${name} takes --test`, 'See --help for an example.')
  onceEach([train, test, constraints], 'input')
  if (plot !== undefined) endingOf(plot)
  checkOutputs({ '--save': save, '--plot': plot }, [train, test, constraints])
  const said = readConstraints(constraints)
  const tables = await readBoth(options)
  const bar = new TrainingBar('hardening')
  const pair = await hardened(tables.train, options, said, bar).finally(() => bar.end())
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
  const { test: attackedTable } = tables
  if (test === undefined || attackedTable === null) {
    await keep(save, pair.after)
    const { broken, idle } = pair
    const unfit = brokenText(constraints ?? '', training.rows, broken, idle)
    return beside([save], options.json, { status: 0, text: head + unfit + tail, json: { ...json, broken, idle } })
  }
  const met = await learning(test, () => attacked(pair, attackedTable, options, said)).catch(async error => {
    // What took minutes is kept, whatever is wrong with the table that it was to be tried on.
    await keep(save, pair.after)
    throw error
  })
  await keep(save, withFigures(pair.after, met.hardened))
  const drawn = [
    { name: 'before', ...met.before },
    { name: 'hardened', ...met.hardened },
  ]
  if (plot !== undefined) writeFates(plot, `Hardened on ${train}, attacked on ${test}`, drawn)
  const parts = drawn.map(each => `${each.name}:\n${fatesText(each)}${classesText(met.rows, each)}`)
  const worse = worseText(met)
  const below = floorText(met.hardened, floor)
  const failed = worse !== '' || below !== '' || (floor !== undefined && met.rows.unlike.length > 0)
  return beside([save], options.json, {
    status: failed ? 1 : 0,
    text: [
      head,
      headText(met.rows),
      unlikeText(met.rows, save),
      brokenText(constraints ?? '', met.rows.rows.rows, met.broken, met.idle),
      ...parts,
      worse,
      below,
      tail,
    ].join(''),
    json: {
      ...json,
      rows: met.rows.rows.rows,
      of: met.rows.of,
      units: met.rows.units,
      unlike: met.rows.unlike,
      broken: met.broken,
      idle: met.idle,
      floor: floor ?? null,
      worse: worse !== '',
      attacked: drawn.map(each => ({
        name: each.name,
        clean: each.clean,
        attacks: each.fates,
        balanced: { clean: each.balanced, worst: floorOf(each) },
        classes: classesJson(met.rows, each),
      })),
    },
  })
}

const keep = async (save: string, record: ModelRecord): Promise<void> =>
  writeOut(save, await (await import('@ringwall/learn/io')).writeModel(record))

/** Both tables, before minutes of work: what is wrong with the second is said at once. Errors: those of `codesOf`. */
async function readBoth(options: Options): Promise<{ readonly train: Table; readonly test: Table | null }> {
  const { train, test, label, ignore = [], words = [] } = options
  const { labelsOf } = await import('@ringwall/learn/io')
  const kinds = Object.fromEntries(words.map(name => [name, 'category'] as const))
  const table = await readCsv(train, options, { kinds, skips: name => name !== label && ignore.includes(name) })
  const { names: classes } = labelsOf(table, label)
  if (test === undefined) return { train: table, test: null }
  return learning(test, async () => {
    const same = table.columns.flatMap(({ name, kind }) => (kind === 'time' ? [] : [[name, kind] as const]))
    const other = await readCsv(test, options, { kinds: Object.fromEntries(same) })
    await codesOf(other, label, classes)
    return { train: table, test: other }
  })
}

interface Pair {
  readonly before: ModelRecord
  readonly after: ModelRecord
  /** What of the constraints does not fit the rows that were learned. */
  readonly broken: readonly Broken[]
  readonly idle: readonly string[]
}

async function hardened(table: Table, options: Options, said: Constraints, bar: TrainingBar): Promise<Pair> {
  const { label, ignore = [], epsilon, constraints = '', seed } = options
  const { labelsOf, learnTable, preprocess } = await import('@ringwall/learn/io')
  const { harden: against, spreadOf } = await import('@ringwall/learn/robust')
  const half = (from: number) => (done: number, what: string, loss?: number) => bar.update(from + done / 2, what, loss)
  const date = madeAt()
  const learn = { label, ignore, algorithm: 'ensemble', seed, date } as const
  const before = await learnTable(table, { ...learn, progress: half(0) })
  if (before.model.kind !== 'ensemble') throw new Error(`an ensemble became a model of kind ${before.model.kind}`)
  const x = preprocess(before.preprocessing, table)
  const inputs = inputsOf(before.preprocessing.steps)
  const deviations = deviationsOf(inputs, x, spreadOf)
  const yardstick = { scale: deviations.map(each => each || 1), still: deviations.map(each => each === 0) }
  const model = await against(before.model.model, x, labelsOf(table, label).codes, {
    epsilon: epsilon.at(-1)!,
    scale: yardstick.scale,
    feasible: await feasibleOf(said, before.preprocessing, yardstick, constraints),
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
  return {
    before: { ...before, training: after.training },
    after,
    broken: brokenRules(said, before.preprocessing, x),
    idle: idleLaws(said, before.preprocessing, yardstick.still),
  }
}

/** What two models came to under the same attacks, on which rows, and what of the constraints does not fit those. */
interface Met {
  readonly rows: Attackable
  readonly broken: readonly Broken[]
  readonly idle: readonly string[]
  readonly before: Found
  readonly hardened: Found
}

async function attacked({ before, after }: Pair, table: Table, options: Options, said: Constraints): Promise<Met> {
  const { label, rows: most, epsilon, seed, constraints = '' } = options
  const { ensembleIn } = await import('@ringwall/learn/io')
  const { preprocessing } = after
  const rows = await attackable(after, table, label, most)
  const feasible = await feasibleOf(said, preprocessing, rows, constraints)
  const bar = new TrainingBar('attacking')
  const fates = async ({ model }: ModelRecord, from: number, transferred?: readonly Matrix[]): Promise<Fates> =>
    fatesOf(await wholeOf(model, rows.rows.columns), rows, feasible, {
      epsilons: epsilon,
      seed,
      ensemble: ensembleIn(model),
      progress: (done, what) => bar.update(from + done / 2, what),
      ...(transferred === undefined ? {} : { transferred }),
    })
  const both = async () => {
    const { made, ...first } = await fates(before, 0)
    const { made: _, ...second } = await fates(after, 0.5, made)
    return { first, second }
  }
  const { first, second } = await both().finally(() => bar.end())
  return {
    rows,
    broken: brokenRules(said, preprocessing, rows.rows),
    idle: idleLaws(said, preprocessing, rows.still),
    before: first,
    hardened: second,
  }
}
