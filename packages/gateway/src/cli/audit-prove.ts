import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { readSideFile } from '../audit/act-files.ts'
import { Committer } from '../audit/commitment.ts'
import { batchOf, discloseAct, disclosePayload } from '../audit/disclose.ts'
import { readSecret } from '../audit/key-files.ts'
import type { Entry } from '../audit/ocsf.ts'
import { type Proof, proofOf } from '../audit/proof.ts'
import { openView } from '../audit/view.ts'
import { RingwallError, systemCode } from '../base/error.ts'
import { folderOf, ledgerOf, type Where, withFolder } from './audit-folder.ts'
import { indexOf } from './audit-search.ts'
import { json } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends Where {
  readonly act?: string
  readonly payload?: string
  readonly secret?: string
  readonly out?: string
}

/** `ringwall audit prove`: one entry, with all that somebody else needs to check it. */
export function proveVerb(audit: Command): void {
  const command = withFolder(
    verb(audit, {
      name: 'prove <number>',
      summary: 'Write a proof of one entry, which `audit verify` checks anywhere.',
      example: 'ringwall audit prove 4711 --out proof.json',
    }),
  )
    .option('--act <number>', 'of an entry that commits to allowed acts: prove this one of them, from 0')
    .option('--payload <file>', 'disclose these bytes, to which the entry commits; - reads standard input')
    .option('--secret <file>', 'the secret of the commitments, instead of the one in the configuration')
    .option('--out <file>', 'where to, a new file; standard output otherwise')
  runs<Options>(command, ([number = ''], options) => prove(number, options))
}

function prove(number: string, options: Options): Outcome {
  const folder = folderOf(options)
  const view = openView(folder)
  const index = indexOf(number, view.size)
  const entry = view.get(index)
  const proof: Proof = {
    ...proofOf(view, index),
    ...(options.act === undefined ? {} : { act: actOf(entry, folder, options) }),
    ...(options.payload === undefined ? {} : { payload: payloadOf(entry, options) }),
  }
  if (options.out === undefined) return { status: 0, text: json(proof), json: proof }
  try {
    writeFileSync(options.out, json(proof), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const what = `the proof cannot be written (${systemCode(error)})`
    throw new RingwallError('file_unusable', what, 'Name a file that does not exist yet.', { file: options.out }, error)
  }
  const text = `Entry ${index} is proven in ${options.out}: ringwall audit verify ${options.out} --key KEY\n`
  return { status: 0, text, json: { index, file: options.out } }
}

function actOf(entry: Entry, folder: string, options: Options): NonNullable<Proof['act']> {
  const batch = batchOf(entry)
  if (batch === null || batch.file === '') {
    const hint = 'Find one by: ringwall audit search --code allowed.'
    throw new RingwallError('act_none', 'the entry has no acts to prove', hint)
  }
  const index = /^\d{1,9}$/.test(options.act ?? '') ? Number(options.act) : -1
  if (!(index >= 0 && index < batch.count)) {
    throw new RingwallError('act_range', `the batch has ${batch.count} acts`, `Name one from 0 to ${batch.count - 1}.`)
  }
  const side = readSideFile(join(folder, 'acts'), batch.file)
  const disclosure = discloseAct(entry, side, index, committer(options))
  if (disclosure !== null) return disclosure
  const what = 'the side file, or the secret, is not the one that the entry commits to'
  throw new RingwallError('act_inclusion_mismatch', what, 'Take both as they were from a backup.', { file: batch.file })
}

function payloadOf(entry: Entry, options: Options): NonNullable<Proof['payload']> {
  const file = options.payload ?? ''
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    const what = `the payload cannot be read (${systemCode(error)})`
    throw new RingwallError('file_unusable', what, 'Name a file that is there.', { file }, error)
  }
  const disclosure = disclosePayload(entry, bytes, committer(options))
  if (disclosure !== null) return disclosure
  const hint = 'It is about the packet as `ringwall explain` shows it, passwords blanked, 1,024 bytes at most.'
  throw new RingwallError('payload_mismatch', 'the entry does not commit to these bytes', hint)
}

function committer({ secret, config }: Options): Committer {
  return new Committer(readSecret(secret ?? ledgerOf(config).secret))
}
