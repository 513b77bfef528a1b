import { createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashTile, writeFiles } from '@ringwall/native'
import {
  Kind,
  noteSignerOf,
  ProofError,
  readVerifier,
  verifierOf,
  verifierText,
  type WitnessPlace,
} from '@ringwall/proof'
import { type Appended, Ledger, LedgerReader } from '@ringwall/proof/files'
import { RingwallError, systemCode } from '../base/error.ts'
import { makeFolder } from '../base/folder.ts'
import { kindOf, readEntry } from './entry.ts'
import type { EntryLog } from './outbox.ts'

/** A ledger that is written. */
export interface OpenLedger extends EntryLog {
  readonly size: number
  /** The key that verifies it, as it is handed around. */
  readonly verifier: string
  /** What its last entry tells of; null where it has none. */
  readonly last: { readonly kind: string; readonly time: number; readonly index: number } | null
  close(): Promise<void>
}

/** What a kill can leave unsigned until the next opening; nothing of it is lost. */
const SIGN_AFTER_MS = 50

/**
 * Opens the ledger of a folder, or begins one, and writes the key that verifies it beside `keyFile`. `isAgain`: a thread of this process that had it
 * open has died. Errors: those of the ledger, as
 * `RingwallError`s that say what to do.
 */
export async function openLedger(
  folder: string,
  origin: string,
  key: KeyObject,
  keyFile: string,
  isAgain: boolean,
  { witnesses, onUnwitnessed }: Witnessing = { witnesses: [], onUnwitnessed: () => {} },
): Promise<OpenLedger> {
  const publicKey = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url')
  const privateKey = await crypto.subtle.importKey(
    'pkcs8',
    Uint8Array.from(key.export({ type: 'pkcs8', format: 'der' })),
    'Ed25519',
    false,
    ['sign'],
  )
  const verifier = verifierText(origin, Kind.ed25519, publicKey)
  try {
    makeFolder(folder, 0o700)
    const ledger = await Ledger.open(folder, {
      origin,
      signer: noteSignerOf(origin, Kind.ed25519, privateKey, publicKey),
      verifier: await verifierOf(origin, Kind.ed25519, publicKey),
      takesOwnLock: isAgain,
      // Its thread has nothing else to do.
      blocking: true,
      signAfter: SIGN_AFTER_MS,
      addon: { hashTile, writeFiles },
      witnesses: await Promise.all(witnesses.map(placeOf)),
      onUnwitnessed,
    })
    // Not before the ledger has shown itself to be of this key: an auditor may have the file that is there.
    writeIfOther(`${keyFile}.pub`, `${verifier}\n`)
    return {
      get size() {
        return ledger.size
      },
      verifier,
      last: lastOf(folder, ledger.size),
      append: (entries, isSigned): Promise<Appended> => ledger.append(entries, isSigned),
      close: () => ledger.close(),
    }
  } catch (error) {
    throw asRingwall(error, folder)
  }
}

/** Who cosigns checkpoints, and who is told where one does not. */
export interface Witnessing {
  readonly witnesses: readonly { readonly url: string; readonly key: string }[]
  onUnwitnessed(error: ProofError): void
}

/** Error: `witness_key`. */
export async function placeOf({ url, key }: { url: string; key: string }): Promise<WitnessPlace> {
  try {
    return { url, verifier: await readVerifier(key) }
  } catch (error) {
    const what = `the key of the witness at ${url} cannot be read: ${error instanceof Error ? error.message : String(error)}`
    const hint = 'Write what `ringwall witness init` printed.'
    throw new RingwallError('witness_key', what, hint, { field: 'ledger.witnesses' }, error)
  }
}

/** Whether a folder holds a ledger. */
export function isLedger(folder: string): boolean {
  return existsSync(join(folder, 'checkpoint'))
}

function lastOf(folder: string, size: number): OpenLedger['last'] {
  if (size === 0) return null
  const entry = readEntry(new LedgerReader(folder).entry(size - 1)) ?? {}
  return { kind: kindOf(entry), time: Number(entry.time) || 0, index: size - 1 }
}

/** The public half is for everybody. */
function writeIfOther(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(file, text, { mode: 0o644 })
}

const HINTS: Readonly<Record<string, string>> = {
  ledger_locked: 'Stop the other gateway, or give this one a folder of its own: ledger.path.',
  ledger_origin: 'Each gateway has its own ledger: set ledger.origin as it was, or another ledger.path.',
  checkpoint_unknown_key: 'It was signed with another key: set ledger.key as it was, or another ledger.path.',
  note_signature: 'The checkpoint was changed: keep the folder for whoever looks into it, and set another ledger.path.',
  entry_pruned: 'What was pruned does not come back; `ringwall audit tail` lists what is kept.',
  ledger_root:
    'The files were changed: `ringwall audit verify` says where. Keep the folder, and set another ledger.path.',
}

/** What the ledger says, with what to do about it. */
export function asRingwall(error: unknown, folder: string): RingwallError {
  if (error instanceof RingwallError) return error
  const place = { file: folder, field: 'ledger.path' }
  const other = 'Let `ringwall audit verify` look at the folder; another ledger.path begins a new ledger.'
  if (error instanceof ProofError)
    return new RingwallError(error.code, error.message, HINTS[error.code] ?? other, place, error)
  const what = `the ledger cannot be opened (${systemCode(error) || String(error)})`
  return new RingwallError(
    'ledger_unwritable',
    what,
    'Name a folder that the gateway may write, or `ledger: off`.',
    place,
    error,
  )
}
