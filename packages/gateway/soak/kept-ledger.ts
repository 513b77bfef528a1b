import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeCbor, readVerifier, type Verifier } from '@ringwall/proof'
import { ActKeeper } from '../src/audit/act-keeper.ts'
import { Committer } from '../src/audit/commitment.ts'
import type { AuditEvent } from '../src/audit/event.ts'
import { entryOf } from '../src/audit/ocsf.ts'
import { openLedger } from '../src/audit/open.ts'

const ORIGIN = { version: '0', site: 'mill-3', origin: 'ringwall/mill-3' }
const TIME = Date.UTC(2026, 0, 1)
/** Entries of one append. */
const APPEND = 8_192
/** One batch of allowed acts to so many entries. */
const BATCH_EACH = 5_000
const ACTS = 300

/** A ledger at rest, with batches of acts beside it, as a gateway leaves it. */
export interface KeptLedger {
  readonly folder: string
  readonly keys: readonly Verifier[]
  /** Its signing key, PEM. */
  readonly pem: string
  remove(): void
}

/** Makes a ledger of so many entries, connections for the most part, in a folder of its own. @param time of its first, Unix milliseconds */
export async function keptLedger(count: number, pem = newKey(), time = TIME): Promise<KeptLedger> {
  const home = mkdtempSync(join(tmpdir(), 'ringwall-tamper-'))
  const folder = join(home, 'ledger')
  mkdirSync(join(folder, 'acts'), { recursive: true })
  const ledger = await openLedger(folder, ORIGIN.origin, createPrivateKey(pem), join(home, 'ledger.key'), false)
  const committer = new Committer(new Uint8Array(32).fill(1))
  const acts = new ActKeeper({ folder: join(folder, 'acts'), keep: 1e12, size: 1e12 }, committer, 0)
  const bytesOf = (event: AuditEvent): Uint8Array => encodeCbor(entryOf(event, ORIGIN, committer))
  for (let at = 0; at < count; ) {
    const some: Uint8Array[] = []
    for (; some.length < APPEND && at < count; at++) {
      const events = at % BATCH_EACH === 0 ? await batch(acts, time + at) : [opened(at, time + at)]
      some.push(...events.map(bytesOf))
    }
    await ledger.append(some)
  }
  await ledger.close()
  return { folder, keys: [await readVerifier(ledger.verifier)], pem, remove: () => rmSync(home, { recursive: true }) }
}

const newKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

function opened(at: number, time: number): AuditEvent {
  const device = `pump-${at % 997}`
  return { kind: 'opened', time, message: `${device} connected`, device, address: '10.0.0.7' }
}

function batch(acts: ActKeeper, time: number): Promise<AuditEvent[]> {
  const current = acts.current()
  if (current === null) throw new Error('a batch has no room')
  const party = { device: 'pump-1', address: '10.0.0.7', connection: 7, direction: 'up', topic: 'plant/1' } as const
  const number = current.batch.party(party)
  for (let i = 0; i < ACTS; i++) current.batch.add(number, time + i, 135, 0, 0)
  return acts.end()
}
