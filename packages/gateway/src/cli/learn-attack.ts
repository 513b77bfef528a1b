import type { AnyModel, Table } from '@ringwall/learn/io'
import { type Command, InvalidArgumentError } from 'commander'
import { endingOf, writeFates } from './learn-attack-plot.ts'
import { type Attackable, attackable, type Fates, fatesOf, sameRows, wholeOf } from './learn-attack-run.ts'
import { classesJson, classesText, fatesText, floorOf, floorText, headText, unlikeText } from './learn-attack-told.ts'
import { onceEach } from './learn-beside.ts'
import { feasibleOf, inputsOf, readConstraints } from './learn-constraints.ts'
import { brokenRules, brokenText, idleLaws } from './learn-constraints-broken.ts'
import { type CsvOptions, csvOptions, learning, readCsv, readModelFile, whole } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { TrainingBar } from './learn-progress.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly from?: string
  readonly test?: string
  readonly label?: string
  readonly epsilon: readonly number[]
  readonly constraints?: string
  readonly rows: number
  readonly floor?: number
  readonly plot?: string
  readonly seed: number
}

const AFTER = `
Epsilon counts in standard deviations of each column: of the training rows where the model file tells them (learn harden writes them), else of the test table; which is said.
Columns of words stay as they are, and so do those that do not move. Deviations are winsorized: half a percent of the values at either end counts as the outermost of the others. Balanced is the mean over classes. --constraints says what else an attacker cannot do:
{"columns": {"NAME": {"fixed": true, "least": 0, "most": 9, "step": 1, "only": "up"}}, "laws": [{"weights": {"A": 1, "B": -1}, "most": 0}]}
A law keeps a weighted sum of columns as it is, or at most \`most\`. --floor is judged on the balanced worst: where one class is most of the rows, whoever tells nothing else has a high share of all.
Exit status 1: that is below --floor, or, with --floor, the model file's deviations are nothing like those of the table.`

/** `ringwall learn attack`: how many rows of a table a kept classifier still tells rightly while somebody changes them. */
export function attackVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'attack <model>',
    summary: 'Attack a kept classifier: how often it is still right while somebody changes the rows, by how much.',
    example: 'ringwall learn attack motor.model.json --test new.csv --label state --epsilon .1,.3 --plot attack.html',
  })
    .requiredOption('--test <file>', 'the table whose rows are attacked (CSV, or - for standard input)')
    .requiredOption('--label <column>', 'its column of classes')
    .option('--from <model>', 'another model, of the same columns: what attacks on it make is tried as well')
  attackOptions(command, [0.05, 0.1, 0.2, 0.3, 0.5])
  csvOptions(command).addHelpText('after', AFTER)
  runs<Options>(command, ([file = '-'], options) => learning(file, () => attack(file, options)))
}

/** Options of all verbs that attack. */
export function attackOptions(command: Command, epsilons: readonly number[]): Command {
  return command
    .option('--epsilon <numbers>', 'how far columns are moved, in standard deviations, with commas', numbers, epsilons)
    .option('--constraints <file>', 'what an attacker cannot do (JSON)')
    .option('--rows <number>', 'how many rows of the test table are attacked, of each class its share', whole(1), 500)
    .option('--floor <share>', 'the least balanced accuracy under attack that is good', shareOf)
    .option('--plot <file>', 'accuracy over epsilon (.svg or .html)')
    .option('--seed <number>', 'decides all draws', whole(0), 1)
}

/** Deviations; farther nobody goes, and single precision ends. */
const FARTHEST = 1e6

function numbers(text: string): readonly number[] {
  const found = text.split(',').map(each => (each.trim() === '' ? Number.NaN : Number(each)))
  if (found.some(each => !(each > 0 && each <= FARTHEST)))
    throw new InvalidArgumentError('They are numbers above 0, up to 1e6, with commas.')
  return found.sort((a, b) => a - b)
}

function shareOf(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('It is a share from 0 to 1.')
  return value
}

async function attack(file: string, options: Options): Promise<Outcome> {
  const { from, test = '-', label = '', epsilon, constraints, rows: most, floor, plot, seed } = options
  const { ensembleIn, kindsOf } = await import('@ringwall/learn/io')
  onceEach([file, from, test, constraints], 'input')
  if (plot !== undefined) endingOf(plot)
  checkOutputs({ '--plot': plot }, [file, from, test, constraints])
  const said = readConstraints(constraints)
  const record = await readModelFile(file)
  const target = await wholeOf(record.model, inputsOf(record.preprocessing.steps).length)
  const table = await learning(test, () => readCsv(test, options, { kinds: kindsOf(record, label) }))
  const rows = await learning(test, () => attackable(record, table, label, most))
  const feasible = await feasibleOf(said, record.preprocessing, rows, constraints ?? '')
  const broken = brokenRules(said, record.preprocessing, rows.rows)
  const idle = idleLaws(said, record.preprocessing, rows.still)
  const other = from === undefined ? null : await otherOf(from, rows, test, table, label, most)
  const bar = new TrainingBar('attacking')
  const share = other === null ? 1 : 0.5
  const made = async (): Promise<Fates> => {
    const each = { epsilons: epsilon, seed }
    const progress = (done: number, what: string): void => bar.update(share * done, what)
    const first =
      other === null
        ? null
        : await fatesOf(await wholeOf(other.model, rows.rows.columns), other, feasible, { ...each, progress })
    return fatesOf(target, rows, feasible, {
      ...each,
      ensemble: ensembleIn(record.model),
      ...(first === null ? {} : { transferred: first.made }),
      progress: (done, what) => progress(done + 1 / share - 1, what),
    })
  }
  const { made: _, ...found } = await made().finally(() => bar.end())
  if (plot !== undefined)
    writeFates(plot, `${file}, ${rows.rows.rows} rows of ${test}`, [{ name: record.model.kind, ...found }])
  const worst = Math.min(found.clean, ...found.fates.map(each => each.worst))
  const failed = floor !== undefined && (floorOf(found) < floor || rows.unlike.length > 0)
  const text = [
    `${record.model.kind} of ${record.classes.length} classes. ${headText(rows)}`,
    unlikeText(rows, file),
    brokenText(constraints ?? '', rows.rows.rows, broken, idle),
    fatesText(found),
    classesText(rows, found),
    from === undefined ? '' : `Transfer: what attacks on ${from} made.\n`,
    floorText(found, floor),
    plot === undefined ? '' : `Plot: ${plot}\n`,
  ].join('')
  const json = {
    kind: record.model.kind,
    from: from ?? null,
    rows: rows.rows.rows,
    of: table.rows,
    deviations: rows.scaleOf,
    units: rows.units,
    unlike: rows.unlike,
    broken,
    idle,
    clean: found.clean,
    balanced: { clean: found.balanced, worst: floorOf(found) },
    classes: classesJson(rows, found),
    attacks: found.fates,
    worst,
    floor: floor ?? null,
    plot: plot ?? null,
  }
  return { status: failed ? 1 : 0, text, json }
}

/** Another model with the rows as it takes them, which must be those of the target. Errors: `attack_from`, and those of `attackable`. */
async function otherOf(
  from: string,
  target: Attackable,
  test: string,
  table: Table,
  label: string,
  most: number,
): Promise<Attackable & { readonly model: AnyModel }> {
  const record = await readModelFile(from)
  const own = await learning(test, () => attackable(record, table, label, most))
  sameRows(target, own, from)
  return { ...own, scale: target.scale, model: record.model }
}
