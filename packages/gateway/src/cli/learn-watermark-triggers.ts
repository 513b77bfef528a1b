import type { Command } from 'commander'
import { beside, onceEach } from './learn-beside.ts'
import { type CsvOptions, csvOptions, learning, readCsv, readWhole, writeOut } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { isOfKey, openClaim } from './learn-watermark-claim.ts'
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

/** `ringwall learn watermark triggers`: what to ask a model that only answers. */
export function triggersVerb(group: Command): void {
  const command = verb(group, {
    name: 'triggers',
    summary: "Write a key's triggers as a table, to ask a model that is only there to answer.",
    example: 'ringwall learn watermark triggers --key plant.wmkey --claim state.claim.json --out ask.csv',
  })
    .requiredOption('--key <file>', 'the key of the mark')
    .requiredOption('--claim <file>', 'the signed claim, which says what triggers are drawn from')
    .requiredOption('--out <file>', 'where the rows go (CSV): keep them secret until they are asked')
  runs<Asking>(command, (_, options) => triggers(options))
}

/** `ringwall learn watermark answers`: whether the answers are the owner's. */
export function answersVerb(group: Command): void {
  const command = verb(group, {
    name: 'answers <file>',
    summary:
      "Judge a model's answers to the triggers, a row each in a column of classes; 1 where the mark is not there.",
    example: 'ringwall learn watermark answers told.csv --key plant.wmkey --claim state.claim.json',
  })
    .requiredOption('--key <file>', 'the key of the mark')
    .requiredOption('--claim <file>', 'the signed claim')
    .option('--column <name>', 'the column of classes', 'prediction')
  runs<Options & { readonly column: string }>(csvOptions(command), ([file = '-'], options) => answers(file, options))
}

async function triggers({ key: keyFile, claim, out, json: isJson }: Asking): Promise<Outcome> {
  checkOutputs({ '--out': out }, [keyFile, claim])
  const { triggersOf } = await import('@ringwall/learn/watermark')
  const { csvLines } = await import('@ringwall/learn/io')
  const key = await readWatermarkKey(keyFile)
  const { table } = await learning(claim, async () => triggersOf(key, openClaim(readWhole(claim), claim).claim.space))
  writeOut(out, csvLines(table))
  return beside([out], isJson, {
    status: 0,
    text: `${table.rows} rows: ${out}\n`,
    json: { rows: table.rows, out },
  })
}

async function answers(file: string, options: Options & { readonly column: string }): Promise<Outcome> {
  const { judgeAnswers, LEVEL } = await import('@ringwall/learn/watermark')
  const { cellText, columnOf } = await import('@ringwall/learn/io')
  const { claim, column } = options
  onceEach([file, claim], 'input')
  const key = await readWatermarkKey(options.key)
  const opened = await learning(claim, async () => openClaim(readWhole(claim), claim))
  const ofKey = await isOfKey(opened, key)
  const reading = await learning(file, async () => {
    const table = await readCsv(file, options, { kinds: { [column]: 'category' } })
    const told = columnOf(table, column)
    const texts = Array.from({ length: table.rows }, (_, row) => cellText(told, row))
    return await judgeAnswers(texts, key, opened.claim.space)
  })
  const isGood = reading.p < LEVEL && ofKey && opened.isSigned
  const text = [
    `Triggers: ${reading.agreeing} of ${reading.triggers} agree, p ${reading.p.toExponential(1)}.\n`,
    `The claim is ${opened.isSigned ? '' : 'NOT '}signed, and was ${ofKey ? '' : 'NOT '}made with this key.\n`,
    isGood ? 'Verified.\n' : 'Not verified.\n',
  ].join('')
  const judged = { owner: opened.claim.owner, date: opened.claim.date, signer: opened.signer }
  return {
    status: isGood ? 0 : 1,
    text,
    json: {
      verified: isGood,
      level: LEVEL,
      triggers: reading,
      claim: { ...judged, isSigned: opened.isSigned, isOfKey: ofKey },
    },
  }
}
