import type { AnyModel, Table } from '@ringwall/learn/io'
import { type Command, InvalidArgumentError } from 'commander'
import { endingOf, writeFates } from './learn-attack-plot.ts'
import { type Attackable, attackable, type Fate, type Fates, fatesOf, sameRows, wholeOf } from './learn-attack-run.ts'
import { onceEach } from './learn-beside.ts'
import { feasibleOf, readConstraints } from './learn-constraints.ts'
import { type CsvOptions, csvOptions, learning, readCsv, readModelFile, whole } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { TrainingBar } from './learn-progress.ts'
import { table as tableText } from './output.ts'
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
Columns of words stay as they are, and so do those that do not move. --constraints says what else an attacker cannot do:
{"columns": {"NAME": {"fixed": true, "least": 0, "most": 9, "step": 1, "only": "up"}}, "laws": [{"weights": {"A": 1, "B": -1}, "most": 0}]}
A law keeps a weighted sum of columns as it is, or at most \`most\`. Exit status 1: accuracy under attack is below --floor.`

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
    .option('--floor <share>', 'the least accuracy under attack that is good', shareOf)
  attackOptions(command, [0.05, 0.1, 0.2, 0.3, 0.5])
  csvOptions(command).addHelpText('after', AFTER)
  runs<Options>(command, ([file = '-'], options) => learning(file, () => attack(file, options)))
}

/** Options of all verbs that attack. */
export function attackOptions(command: Command, epsilons: readonly number[]): Command {
  return command
    .option('--epsilon <numbers>', 'how far columns are moved, in standard deviations, with commas', numbers, epsilons)
    .option('--constraints <file>', 'what an attacker cannot do (JSON)')
    .option('--rows <number>', 'how many rows of the test table are attacked, from the first on', whole(1), 500)
    .option('--plot <file>', 'accuracy over epsilon (.svg or .html)')
    .option('--seed <number>', 'decides all draws', whole(0), 1)
}

function numbers(text: string): readonly number[] {
  const found = text.split(',').map(each => (each.trim() === '' ? Number.NaN : Number(each)))
  if (found.some(each => !(each > 0 && each < Number.POSITIVE_INFINITY)))
    throw new InvalidArgumentError('They are numbers above 0, with commas.')
  return found.sort((a, b) => a - b)
}

function shareOf(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('It is a share from 0 to 1.')
  return value
}

async function attack(file: string, options: Options): Promise<Outcome> {
  const { from, test = '-', label = '', epsilon, constraints, rows: most, floor, plot, seed } = options
  const { kindsOf } = await import('@ringwall/learn/io')
  onceEach([file, from, test, constraints], 'input')
  if (plot !== undefined) endingOf(plot)
  checkOutputs({ '--plot': plot }, [file, from, test, constraints])
  const said = readConstraints(constraints)
  const record = await readModelFile(file)
  const table = await learning(test, () => readCsv(test, options, { kinds: kindsOf(record, label) }))
  const target = await learning(test, () => attackable(record, table, label, most))
  const feasible = await feasibleOf(said, record.preprocessing, target.still, constraints ?? '')
  const other = from === undefined ? null : await otherOf(from, target, test, table, label, most)
  const bar = new TrainingBar('attacking')
  const share = other === null ? 1 : 0.5
  const made = async (): Promise<Fates> => {
    const columns = target.rows.columns
    const each = { epsilons: epsilon, seed }
    const progress = (done: number, what: string): void => bar.update(share * done, what)
    const first =
      other === null ? null : await fatesOf(await wholeOf(other.model, columns), other, feasible, { ...each, progress })
    return fatesOf(await wholeOf(record.model, columns), target, feasible, {
      ...each,
      ...(first === null ? {} : { transferred: first.made }),
      progress: (done, what) => progress(done + 1 / share - 1, what),
    })
  }
  const { made: _, ...found } = await made().finally(() => bar.end())
  if (plot !== undefined)
    writeFates(plot, `${file}, ${target.rows.rows} rows of ${test}`, [{ name: record.model.kind, ...found }])
  const worst = Math.min(found.clean, ...found.fates.map(each => each.worst))
  const failed = floor !== undefined && worst < floor
  const text = [
    `${record.model.kind} of ${record.classes.length} classes; the first ${target.rows.rows} of ${table.rows} rows are attacked.\n`,
    `Epsilon counts in deviations of the ${target.scaleOf}.\n`,
    fatesText(found.clean, found.fates),
    from === undefined ? '' : `Transfer: what attacks on ${from} made.\n`,
    failed ? `${percent(worst)} is below the floor of ${percent(floor)}.\n` : '',
    plot === undefined ? '' : `Plot: ${plot}\n`,
  ].join('')
  const json = {
    kind: record.model.kind,
    from: from ?? null,
    rows: target.rows.rows,
    deviations: target.scaleOf,
    clean: found.clean,
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

/** A share, for people. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** A line an epsilon: what is still told rightly under each attack. */
export function fatesText(clean: number, fates: readonly Fate[]): string {
  const attacks = fates[0]!.each.map(({ name }) => name)
  const slope = fates[0]!.fgsm !== undefined
  const head = ['epsilon', 'clean', ...(slope ? ['fgsm'] : []), ...attacks, 'worst']
  const lines = fates.map(({ epsilon, fgsm, each, worst }) => {
    const shares = [clean, ...(fgsm === undefined ? [] : [fgsm]), ...each.map(({ accuracy }) => accuracy), worst]
    return [String(epsilon), ...shares.map(percent)]
  })
  return tableText([head, ...lines])
}
