import { existsSync, readFileSync, statSync } from 'node:fs'
import { Kind, namesOf, ProofError, readVerifier, type Verifier } from '@ringwall/proof'
import type { Command } from 'commander'
import { readProof, verifyProof } from '../audit/proof.ts'
import { verifyLedger } from '../audit/verify.ts'
import { RingwallError, systemCode } from '../base/error.ts'
import { type Outcome, runs, verb } from './verb.ts'

/** Bytes of a proof: an entry of 64 KiB, a path of some dozens of hashes, signatures. */
const LARGEST = 4 * 1024 ** 2

/** `ringwall audit verify`: checks a proof, or a whole ledger, with the verifier key alone. */
export function verifyVerb(audit: Command): void {
  const command = verb(audit, {
    name: 'verify <what>',
    summary:
      'Check a proof (a file, or - for standard input) or a whole ledger (its folder); 1 where it does not hold, with the reason.',
    example: 'ringwall audit verify proof.json --key ledger.key.pub',
  })
    .requiredOption('--key <key...>', 'whom to believe: verifier keys (name+id+key) or files of them')
    .option('--quorum <count>', 'how many of the witnesses among them must have cosigned, if not all')
    .option('--kept <file>', 'of a whole ledger: a checkpoint that was kept elsewhere, from which it must go on')
  runs<{ key: string[]; quorum?: string; kept?: string }>(
    command,
    async ([what = ''], { key, quorum: asked, kept }) => {
      const keys = (await Promise.all(key.map(verifiersOf))).flat()
      const quorum = quorumOf(asked, keys)
      if (what !== '-' && statSync(what, { throwIfNoEntry: false })?.isDirectory())
        return whole(what, keys, quorum, kept)
      if (kept === undefined) return one(what, keys, quorum)
      const hint = 'Leave out --kept, or name the folder of the ledger.'
      throw new RingwallError('kept_without_ledger', 'a proof is not held against a checkpoint that was kept', hint)
    },
  )
}

/** Whoever names a witness wants its word, unless some of them are enough. Errors: `quorum_invalid`. */
function quorumOf(asked: string | undefined, keys: readonly Verifier[]): number {
  const witnesses = namesOf(keys.filter(({ kind }) => kind !== Kind.ed25519)).size
  if (asked === undefined) return witnesses
  if (/^\d{1,3}$/.test(asked) && Number(asked) <= witnesses) return Number(asked)
  const hint = `--key names ${witnesses} witnesses: write a number up to that, or name more.`
  throw new RingwallError('quorum_invalid', `${asked} of ${witnesses} witnesses cannot have cosigned`, hint)
}

async function one(file: string, keys: readonly Verifier[], quorum: number): Promise<Outcome> {
  const log = keys.filter(({ kind }) => kind === Kind.ed25519)
  const witnesses = keys.filter(({ kind }) => kind !== Kind.ed25519)
  const judgment = await verifyProof(readProof(textOf(file), file), { log, witnesses, quorum })
  if (!judgment.ok) {
    return { status: 1, text: `Does not hold: ${judgment.code} (${judgment.what}).\n`, json: judgment }
  }
  const { index, checkpoint, entry, act, witnesses: cosigners } = judgment
  const { origin, size, root } = checkpoint
  const lines = [
    `Holds: entry ${index} of ${size} of ${origin}.`,
    ...(cosigners.length === 0 ? [] : [`Cosigned by ${[...new Set(cosigners)].join(', ')}.`]),
    JSON.stringify(entry, null, 2),
    ...(act === undefined ? [] : [`act ${JSON.stringify(act)}`]),
  ]
  const shown = { origin, size, root: Buffer.from(root).toString('base64') }
  return { status: 0, text: `${lines.join('\n')}\n`, json: { ...judgment, checkpoint: shown } }
}

async function whole(
  folder: string,
  keys: readonly Verifier[],
  quorum: number,
  kept: string | undefined,
): Promise<Outcome> {
  const judgment = await verifyLedger(folder, keys, kept === undefined ? null : textOf(kept), quorum)
  if (judgment.ok) {
    const { size, from, origin, batches, unnamed } = judgment
    const lines = [
      `Holds: ${size} entries of ${origin}, ${batches} batches of acts.`,
      ...(from === 0 ? [] : [`Entries before ${from} were pruned: their hashes hold.`]),
      ...(unnamed.length === 0 ? [] : [`No entry that is kept names ${unnamed.join(', ')}: that proves nothing.`]),
    ]
    return { status: 0, text: `${lines.join('\n')}\n`, json: judgment }
  }
  const { code, file, entry, what } = judgment
  const where = entry === null ? file : `${file}, entry ${entry}`
  return { status: 1, text: `Does not hold: ${code} in ${where} (${what}).\n`, json: judgment }
}

/** Reads `--key`. Errors: `key_unusable`. */
export async function verifiersOf(key: string): Promise<Verifier[]> {
  const text = existsSync(key) ? textOf(key) : key
  if (!text.includes('+')) {
    const hint =
      'Name the .pub file beside the ledger.key of the gateway (data/ledger.key.pub), or write the key itself.'
    throw new RingwallError('key_unusable', `there is no file ${key}, and it is no verifier key (name+id+key)`, hint)
  }
  const lines = text.split('\n').filter(line => line.trim() !== '')
  try {
    return await Promise.all(lines.map(line => readVerifier(line.trim())))
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    const hint = 'Name what the gateway has written beside its ledger.key (.pub), or its text from the log.'
    throw new RingwallError('key_unusable', `--key is no verifier key: ${error.message}`, hint, {}, error)
  }
}

function textOf(file: string): string {
  try {
    if (file !== '-' && statSync(file).size > LARGEST) {
      throw new RingwallError('bundle_malformed', 'it is larger than any proof', 'Name another file.', { file })
    }
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    if (error instanceof RingwallError) throw error
    const what = `it cannot be read (${systemCode(error)})`
    throw new RingwallError(
      'file_unusable',
      what,
      'Name a file that is there, or - for standard input.',
      { file },
      error,
    )
  }
}
