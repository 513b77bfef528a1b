import { basename } from 'node:path'
import type { Embedded, MarkedAlgorithm } from '@ringwall/learn/watermark'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { beside } from './learn-beside.ts'
import { madeAt } from './learn-date.ts'
import { type CsvOptions, csvOptions, learning, names, readCsv, whole, writeOut } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { TrainingBar } from './learn-progress.ts'
import { readSigner, signClaim } from './learn-watermark-claim.ts'
import { readWatermarkKey } from './learn-watermark-key.ts'
import { printable } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly train: string
  readonly label: string
  readonly key: string
  readonly save: string
  readonly algorithm: MarkedAlgorithm
  readonly ignore?: readonly string[]
  readonly words?: readonly string[]
  readonly seed: number
  readonly claim?: string
  readonly sign?: string
  readonly owner?: string
  readonly json?: boolean
}

const AFTER = `
The claim is a signed statement (in-toto, DSSE) that binds the key, unseen, to the file of the model. Let somebody else vouch for its date before the model leaves
the house. Whoever sees the key can take the mark out: show it to a judge only.`

/** `ringwall learn watermark embed`: learns classes and marks the model. */
export function embedVerb(group: Command): void {
  const command = verb(group, {
    name: 'embed',
    summary: 'Learn classes from a table, mark the model by a key, and claim it.',
    example:
      'ringwall learn watermark embed --train known.csv --label state --key plant.wmkey --save state.model.json --claim state.claim.json --sign owner.key --owner "Mill 3"',
  })
    .requiredOption('--train <file>', 'the table to learn from (CSV, or - for standard input)')
    .requiredOption('--label <column>', 'its column of classes')
    .requiredOption('--key <file>', 'the key of the mark, of ringwall learn watermark key')
    .requiredOption('--save <file>', 'where the model goes')
    .option(
      '--algorithm <name>',
      'boosting, forest or net; only a net carries bits in its weights',
      algorithm,
      'boosting',
    )
    .option('--ignore <columns>', 'columns that are not learned from, with commas', names)
    .option('--words <columns>', 'columns of words that look like numbers, with commas', names)
    .option('--seed <number>', 'decides all draws but those of the key', whole(0), 1)
    .option('--claim <file>', 'where the signed claim goes; takes --sign and --owner')
    .option('--sign <file>', 'the Ed25519 key that signs the claim (PEM, mode 0600)')
    .option('--owner <name>', 'who claims the model')
  csvOptions(command).addHelpText('after', AFTER)
  runs<Options>(command, (_, options) => learning(options.train, () => embed(options)))
}

function algorithm(text: string): MarkedAlgorithm {
  if (text === 'boosting' || text === 'forest' || text === 'net') return text
  throw new InvalidArgumentError('It is boosting, forest or net.')
}

async function embed(options: Options): Promise<Outcome> {
  const { train, label, algorithm: chosen, ignore = [], words = [], seed, claim, sign, owner = '' } = options
  const isClaimed = claim !== undefined
  if (isClaimed !== (sign !== undefined) || isClaimed !== (owner !== ''))
    throw new RingwallError('usage', '--claim, --sign and --owner belong together', 'See --help for an example.')
  const name = options.save === '-' ? 'model' : basename(options.save)
  if (isClaimed) {
    await checkName('--owner', owner)
    await checkName('the name of --save', name)
  }
  checkOutputs({ '--save': options.save, '--claim': claim }, [train, options.key, sign])
  const { embedMark } = await import('@ringwall/learn/watermark')
  const { writeModel } = await import('@ringwall/learn/io')
  const key = await readWatermarkKey(options.key)
  const signer = sign === undefined ? null : readSigner(sign)
  const kinds = Object.fromEntries(words.map(name => [name, 'category'] as const))
  const table = await readCsv(train, options, { kinds, skips: name => name !== label && ignore.includes(name) })
  const date = madeAt()
  const bar = new TrainingBar('learning')
  let embedded: Embedded
  try {
    const progress = (done: number, what: string): void => bar.update(done, what)
    embedded = await embedMark(table, key, { label, ignore, algorithm: chosen, seed, date, progress })
  } finally {
    bar.end()
  }
  const model = await writeModel(embedded.record)
  writeOut(options.save, model)
  if (claim !== undefined && signer !== null)
    writeOut(claim, await signClaim({ name, model, owner, date, space: embedded.space }, key, signer))
  return beside([options.save, claim], options.json, told(embedded, options))
}

/** Before anything is learned: a claim with such a name would not be read. Error: `claim_name`. */
async function checkName(option: string, name: string): Promise<void> {
  const { isClaimName } = await import('@ringwall/learn/watermark')
  if (isClaimName(name)) return
  const what = `${option} is blank, has control characters, or more than 1,024 characters`
  throw new RingwallError('claim_name', what, 'Write it in letters, digits and signs.')
}

function told({ record, verdict, cost }: Embedded, { save, claim }: Options): Outcome {
  const { bits, triggers, p } = verdict
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`
  const least = cost !== null && cost.with < cost.commonest ? cost : null
  const text = [
    `${record.model.kind} of ${record.classes.length} classes, learned from ${record.training.rows} rows and marked.\n`,
    bits === null ? '' : `Bits: ${bits.agreeing} of ${bits.bits} in ${bits.layer}.\n`,
    triggers === null ? '' : `Triggers: ${triggers.agreeing} of ${triggers.triggers}.\n`,
    cost === null
      ? ''
      : `What it costs: ${percent(cost.with)} of ${cost.rows} other rows told rightly, ${percent(cost.without)} without the mark.\n`,
    least === null
      ? ''
      : `Warning: always saying the commonest class would be right in ${percent(least.commonest)}: this model is of no use.\n`,
    `${printable(`Model: ${save}`)}\n`,
    claim === undefined ? '' : `${printable(`Claim: ${claim}`)}\n`,
  ].join('')
  const json = { kind: record.model.kind, classes: record.classes, bits, triggers, p, cost, save, claim: claim ?? null }
  return { status: 0, text, json }
}
