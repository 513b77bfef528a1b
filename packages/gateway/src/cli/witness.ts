import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareCheckpoints, ProofError, readVerifier, Witness, type WitnessAnswer } from '@ringwall/proof'
import { LedgerReader, WitnessFiles } from '@ringwall/proof/files'
import { boundedServer, witnessService } from '@ringwall/proof/http'
import type { Command } from 'commander'
import { RingwallError, systemCode } from '../base/error.ts'
import { createLog } from '../base/log.ts'
import { serveUntilStopped } from './listening.ts'
import { type Outcome, runs, verb } from './verb.ts'
import { makeKeys, readKeys, readLogs } from './witness-keys.ts'

const FOLDER = 'witness'

/** `ringwall witness`: a witness of other machines' ledgers, and what two auditors find who compare what they were shown. */
export function witnessVerbs(program: Command): void {
  const witness = program.command('witness').description('Witness ledgers: cosign what only ever grows.')
  init(witness)
  serve(witness)
  compare(witness)
}

function init(witness: Command): void {
  const command = verb(witness, {
    name: 'init',
    summary: 'Make the keys of a witness; print the texts by which others believe them.',
    example: 'ringwall witness init --name witness.example/w1 --keys witness',
  })
    .requiredOption('--name <name>', 'its name: an address without a scheme')
    .option('--keys <folder>', 'where to keep them', FOLDER)
  runs<{ name: string; keys: string }>(command, (_, { name, keys }) => {
    if (name === '' || /[\s+]/.test(name))
      throw new RingwallError('usage', 'a name has no spaces and no plus', 'Write --name witness.example/w1.')
    const verifiers = makeKeys(keys, name)
    return { status: 0, text: verifiers.map(text => `${text}\n`).join(''), json: { name, verifiers } }
  })
}

function serve(witness: Command): void {
  const command = verb(witness, {
    name: 'serve',
    summary: 'Answer add-checkpoint requests (C2SP tlog-witness) of the logs that are known.',
    example: 'ringwall witness serve --keys witness --logs logs.txt --listen 127.0.0.1:8181',
  })
    .requiredOption('--logs <file>', 'the keys of the logs, name+id+key a line; each name is its log’s origin')
    .option('--keys <folder>', 'its keys; what it cosigned is kept there too', FOLDER)
    .option('--listen <address>', 'where to listen; put TLS in front for others than this machine', '127.0.0.1:8181')
    .addHelpText('after', '\nUntil SIGINT or SIGTERM. Run it on a machine that the operator of the logs does not hold.')
  runs<{ logs: string; keys: string; listen: string }>(command, async (_, { logs, keys, listen }) => {
    const log = createLog('info')
    const known = Map.groupBy(await readLogs(logs), ({ name }) => name)
    const served = new Witness(
      await readKeys(keys),
      [...known].map(([origin, each]) => ({ origin, keys: each })),
      new WitnessFiles(join(keys, 'state')),
      () => Math.floor(Date.now() / 1_000),
    )
    const tell = (answer: WitnessAnswer | Error): void => {
      if (answer instanceof Error) log.error({ err: answer.message }, 'a request was not answered')
      else log.info({ status: answer.status, code: answer.code }, answer.code === null ? 'cosigned' : 'not cosigned')
    }
    const stopped = await serveUntilStopped(boundedServer(witnessService(served, tell)), listen, 'witness')
    return { status: 0, text: '', json: { stopped } }
  })
}

function compare(witness: Command): void {
  const command = verb(witness, {
    name: 'compare <a> <b>',
    summary: 'Compare two checkpoints of one log that two auditors were shown.',
    example: 'ringwall witness compare mine.checkpoint theirs.checkpoint --key "$(cat log.vkey)" --ledger data/ledger',
  })
    .requiredOption('--key <verifier>', 'the key of the log: name+id+key')
    .option('--ledger <dir>', 'the log as it was given to you, for the proof between two sizes')
    .addHelpText(
      'after',
      `
One of the two may be - for standard input.
Exit status: 0 one history; 1 split_view, inconsistent, proof_missing, other_log, checkpoint_unknown_key, note_signature; 2 input that cannot be read.`,
    )
  runs<{ key: string; ledger?: string }>(command, async ([a = '', b = ''], { key, ledger }) => {
    try {
      const prove =
        ledger === undefined
          ? undefined
          : (before: number, size: number) => new LedgerReader(ledger).consistency(before, size)
      return shown(await compareCheckpoints(noteIn(a), noteIn(b), [await readVerifier(key)], prove))
    } catch (error) {
      if (!(error instanceof ProofError)) throw error
      throw new RingwallError(error.code, error.message, 'Give two checkpoints, the key of their log, and a ledger.')
    }
  })
}

function shown(found: Awaited<ReturnType<typeof compareCheckpoints>>): Outcome {
  if (!found.ok) return { status: 1, text: `${found.code}: ${found.what}\n`, json: found }
  const [one, two] = found.sizes
  const text = found.relation === 'same' ? `the same, of ${one} entries` : `one history, of ${one} and ${two} entries`
  return { status: 0, text: `${text}\n`, json: found }
}

function noteIn(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new RingwallError('input_unreadable', `${file} cannot be read (${systemCode(error)})`, 'Name a checkpoint.')
  }
}
