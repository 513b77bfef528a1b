import type { Command } from 'commander'
import { beside, onceEach } from './learn-beside.ts'
import { type CsvOptions, csvOptions, learning, readCsv, readWhole, writeOut } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { isOfKey, openClaim } from './learn-watermark-claim.ts'
import {
  claimLines,
  conclusion,
  findingOf,
  judgedClaim,
  type NamingOptions,
  namingOf,
  renames,
  triggerLines,
  trusted,
} from './learn-watermark-judge.ts'
import { readWatermarkKey } from './learn-watermark-key.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly key: string
  readonly claim: string
}

interface Asking extends Options {
  readonly out: string
  readonly json?: boolean
}

interface Answering extends Options, NamingOptions {
  readonly column: string
  readonly trust?: string
}

/** `ringwall learn watermark triggers`: what to ask a model that only answers. */
export function triggersVerb(group: Command): void {
  const command = verb(group, {
    name: 'triggers',
    summary: "Write a key's triggers as a table, to ask a model that is only there to answer.",
    example: 'ringwall learn watermark triggers --key plant.wmkey --claim state.claim.json --out ask.csv',
  })
    .requiredOption('--key <file>', 'the key of the mark')
    .requiredOption('--claim <file>', 'the signed claim, which says what triggers are drawn from')
    .requiredOption('--out <file>', 'where the rows go (CSV, mode 0600): keep them secret until they are asked')
  runs<Asking>(command, (_, options) => triggers(options))
}

const AFTER = `
The answers are worth what the asking is: a table that the key's owner filled in proves nothing. Whoever judges asks the model.`

/** `ringwall learn watermark answers`: whether the answers are the owner's. */
export function answersVerb(group: Command): void {
  const command = verb(group, {
    name: 'answers <file>',
    summary:
      "Judge a model's answers to the triggers, a row each in a column of classes; 1 where the mark is not there, or the claim does not hold or nobody vouches for its signer.",
    example: 'ringwall learn watermark answers told.csv --key plant.wmkey --claim state.claim.json --trust owner.pub',
  })
    .requiredOption('--key <file>', 'the key of the mark')
    .requiredOption('--claim <file>', 'the signed claim')
    .option('--trust <file>', "the owner's public key (PEM), known from elsewhere: the claim must be signed by it")
    .option('--column <name>', 'the column of classes', 'prediction')
    .option('--classes <old=new,...>', 'classes that the suspect calls otherwise than the claim', renames)
    .addHelpText('after', AFTER)
  runs<Answering>(csvOptions(command), ([file = '-'], options) => answers(file, options))
}

async function triggers({ key: keyFile, claim, out, json: isJson }: Asking): Promise<Outcome> {
  checkOutputs({ '--out': out }, [keyFile, claim])
  const { triggersOf } = await import('@ringwall/learn/watermark')
  const { csvLines } = await import('@ringwall/learn/io')
  const key = await readWatermarkKey(keyFile)
  const { table } = await learning(claim, async () => triggersOf(key, openClaim(readWhole(claim), claim).claim.space))
  writeOut(out, csvLines(table), 'secret')
  return beside([out], isJson, {
    status: 0,
    text: `${table.rows} rows: ${out}\n`,
    json: { rows: table.rows, out },
  })
}

async function answers(file: string, options: Answering): Promise<Outcome> {
  const { HINT_LEVEL, judgeAnswers, LEVEL } = await import('@ringwall/learn/watermark')
  const { cellText, columnOf } = await import('@ringwall/learn/io')
  const { claim: claimFile, column } = options
  onceEach([file, claimFile], 'input')
  const key = await readWatermarkKey(options.key)
  const opened = await learning(claimFile, async () => openClaim(readWhole(claimFile), claimFile))
  const trust = trusted(options.trust)
  const claim = judgedClaim(opened, { trust, isOfKey: await isOfKey(opened, key), isSameFile: null })
  const triggers = await learning(file, async () => {
    const table = await readCsv(file, options, { kinds: { [column]: 'category' } })
    const told = columnOf(table, column)
    const texts = Array.from({ length: table.rows }, (_, row) => cellText(told, row))
    return await judgeAnswers(texts, key, opened.claim.space, namingOf(options))
  })
  const found = { p: triggers.p, level: LEVEL, hintLevel: HINT_LEVEL }
  const finding = findingOf(found, claim)
  return {
    status: finding === 'verified' ? 0 : 1,
    text: [...triggerLines(triggers), ...claimLines(claim), conclusion(finding, found)].join(''),
    json: { verified: finding === 'verified', finding, level: LEVEL, hintLevel: HINT_LEVEL, triggers, claim },
  }
}
