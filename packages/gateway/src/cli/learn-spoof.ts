import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { beside, onceEach } from './learn-beside.ts'
import { csvOptions, learning, names, whole, writeOut } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { exposed, keptWatch, learnedWatch, type Source } from './learn-spoof-run.ts'
import { requireNamed, spoofOutcome } from './learn-spoof-told.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends Source {
  readonly model?: string
  readonly save?: string
  readonly most?: ReadonlyMap<string, number>
  readonly json?: boolean
}

/** `ringwall learn spoof`: how far a sensor can be spoofed unseen, without and with a watch of what physics says of it; or with one that was kept. */
export function spoofVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'spoof <file>',
    summary:
      'Learn to watch sensors by what physics says of them, and tell how far each can be spoofed unseen, before and after.',
    example:
      'ringwall learn spoof tank.csv --train-rows 36000 --process tank.process.json --save tank.watch.json\n  $ ringwall learn series today.csv --model tank.watch.json',
  })
    .option(
      '--train-rows <count>',
      'rows that are normal, from the first one on; the others are attacked (required, unless there is --model)',
      whole(1),
    )
    .option('--process <file>', 'which sensors are watched, what they can say and what bears witness of them (JSON)')
    .option('--model <file>', 'attack a watch that --save has kept, and learn nothing')
    .option('--approach <rows>', 'rows that the attacker may take to get there', whole(1), 60)
    .option('--hold <rows>', 'rows for which the error must be held', whole(1), 60)
    .option('--starts <number>', 'places in the rows where attacks begin, each upward and downward', startsOf, 3)
    .option(
      '--most <limits>',
      'the largest errors that are good, as NAME=NUMBER with commas, in the unit of each',
      limits,
    )
    .option('--ignore <columns>', 'columns that are not read, with commas', names)
    .option('--sensors <columns>', 'read these columns only', names)
    .option('--time <column>', 'the column of times, if it is not recognized')
    .option('--seed <number>', 'decides all draws of nets; 1 unless said', whole(0))
    .option('--save <file>', 'keep the watch; learn series --model judges rows by it')
  runs<Options>(csvOptions(command).addHelpText('after', AFTER), ([file = '-'], options) =>
    learning(file, () => spoof(file, options)),
  )
}

const AFTER = `
The file is a CSV, or - for standard input; rows are at even times. The process is described by the names of columns:
{"sensors": {"level": {"low": 0, "high": 2, "resolution": 0.001, "rate": 0.03, "flows": ["inflow", "outflow"], "redundant": ["floor"]}}}
flows: the sensor moves by their integral; redundant: each says it once more; together: they say it together by a linear law;
net: an autoencoder that does not see the sensor finds their law. rate is the most that it moves in a row.
Exit status 1: with --most, a sensor can be spoofed by more than that, or nothing could be measured of it.`

const MOST_STARTS = 100

function startsOf(text: string): number {
  const count = whole(1)(text)
  if (count > MOST_STARTS) throw new InvalidArgumentError(`They are at most ${MOST_STARTS}.`)
  return count
}

function limits(text: string, former: ReadonlyMap<string, number> = new Map()): ReadonlyMap<string, number> {
  const each = text.split(',').map(pair => {
    const at = pair.lastIndexOf('=')
    const value = pair.slice(at + 1).trim()
    if (at < 1 || value === '' || !(Number(value) >= 0 && Number.isFinite(Number(value))))
      throw new InvalidArgumentError('They are NAME=NUMBER with commas: level=0.05.')
    return [pair.slice(0, at).trim(), Number(value)] as const
  })
  return new Map([...former, ...each])
}

async function spoof(file: string, options: Options): Promise<Outcome> {
  checkUsage(file, options)
  const { model, save, most = new Map(), approach, hold } = options
  const prepared = model === undefined ? await learnedWatch(file, options) : await keptWatch(file, model, options)
  requireNamed(most, prepared)
  const found = await exposed(file, prepared, options)
  if (save !== undefined) {
    const { writeModel } = await import('@ringwall/learn/io')
    writeOut(save, await writeModel(prepared.record))
  }
  const told = { file, ...prepared, ...found, most, approach, hold, model: model ?? null, save: save ?? null }
  return beside([save], options.json, spoofOutcome(told))
}

/** Refuses options that do not go together. Error: `usage`. */
function checkUsage(file: string, options: Options): void {
  const { trainRows, process: described, model, save } = options
  const usage = (what: string, hint: string): RingwallError => new RingwallError('usage', what, hint)
  if (model === undefined && (trainRows === undefined || described === undefined))
    throw usage('it takes --train-rows and --process, or --model', 'See --help for an example.')
  const useless = (['trainRows', 'process', 'ignore', 'sensors', 'seed', 'save'] as const).find(
    name => options[name] !== undefined,
  )
  if (model !== undefined && useless !== undefined) {
    const option = useless === 'trainRows' ? '--train-rows' : `--${useless}`
    throw usage(`${option} has no effect with --model: the model holds what was learned`, 'Leave one of them out.')
  }
  onceEach([file, model, described], 'input')
  checkOutputs({ '--save': save }, [file, model, described])
}
