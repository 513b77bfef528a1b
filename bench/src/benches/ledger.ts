import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hashTile, writeFiles } from '../../../packages/native/src/index.ts'
import { Ledger } from '../../../packages/proof/src/files/index.ts'
import { Kind, noteSignerOf, verifierOf } from '../../../packages/proof/src/index.ts'
import { cpuMicroseconds } from '../base/proc.ts'
import { beside, progress } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import type { Bench } from './bench.ts'
import { proofs } from './ledger-proofs.ts'

const ORIGIN = 'bench.example/audit'
/** As long as an audit entry in CBOR. */
const ENTRY_BYTES = 220
/** Entries a batch, and batches that are under way at once: a log's writers do not wait for each other. */
const CASES = [
  { batch: 16, atOnce: 1 },
  { batch: 256, atOnce: 1 },
  { batch: 2_048, atOnce: 1 },
  { batch: 16, atOnce: 64 },
]
/** As the gateway's own thread of the ledger appends. */
const AS_GATEWAY = { blocking: true, signAfter: 50, addon: { hashTile, writeFiles } }
/** A round takes a fifth of a second, and the disk swings: so many for each that is asked for. */
const ROUNDS = 5
const CHAIN = 'hash chain in a file'
const SQLITE = 'SQLite'

/** Something that makes batches of entries durable. */
interface Appender {
  append(entries: readonly Uint8Array[]): Promise<unknown>
  close(): Promise<void>
}

interface Contender {
  readonly name: string
  open(folder: string): Promise<Appender>
}

/** What a contender did in a round: entries a second, and microseconds of CPU an entry. */
interface Figures {
  readonly rate: number
  readonly cpu: number
}

/**
 * Durable append of the ledger beside a file in which each line holds the hash of the one before, with one fsync a batch, and beside SQLite
 * (WAL, synchronous FULL, a transaction a batch with a prepared statement). One batch after the other, each
 * awaited, or many at once, which the ledger puts into one commit and neither peer does. Each begins when the disk is quiet. The ledger is
 * opened for a thread of its own (`blocking`, a signed note every 50 ms); SQLite waits for the disk in the same way. The ledger's time and CPU
 * have in them that it is closed: all tiles written and synced. Then the size and time of proofs.
 */
export const ledger: Bench = async function* ({ options, folder }) {
  const signing = await keys()
  // Where ext4 has no journal it makes files slowly for minutes beside many that were deleted: each folder in here gets a part of the disk of its own.
  spawnSync('chattr', ['+T', folder])
  const contenders: Contender[] = [
    {
      name: 'ringwall',
      open: path => Ledger.open(path, { ...signing, origin: ORIGIN, ...AS_GATEWAY }),
    },
    { name: CHAIN, open: openChain },
    { name: SQLITE, open: openSqlite },
  ]
  let made = 0
  for (const { batch, atOnce } of CASES) {
    const name = `${batch} entries a batch${atOnce === 1 ? '' : `, ${atOnce} at once`}`
    if (options.only !== undefined && !name.includes(options.only)) continue
    const batches = options.quick ? 10 : Math.max(60, Math.ceil(80_000 / batch / (batch < 100 ? 4 : 1)))
    const results = await inTurns(contenders, ROUNDS * options.rounds, options.seed, async each => {
      progress(`${name}: ${each.name}`)
      return await append(each, join(folder, `${made++}`), batches, batch, atOnce)
    })
    const own = results.get('ringwall')!
    for (const peer of [CHAIN, SQLITE]) {
      const other = results.get(peer)!
      const rate = { bench: 'ledger', case: name, metric: 'durable entries a second', unit: '1/s' }
      yield beside(rate, own.map(rates), peer, other.map(rates))
      const cpu = { bench: 'ledger', case: name, metric: 'CPU an entry', unit: 'us' }
      yield beside(cpu, own.map(cpus), peer, other.map(cpus))
    }
  }
  yield* proofs(options, folder, signing)
}

const rates = ({ rate }: Figures): number => rate
const cpus = ({ cpu }: Figures): number => cpu

async function append(
  { open: begin }: Contender,
  folder: string,
  batches: number,
  batch: number,
  atOnce: number,
): Promise<Figures> {
  mkdirSync(folder)
  const entries = Array.from({ length: batch }, (_, i) => Buffer.alloc(ENTRY_BYTES, `entry ${i} `))
  // None waits for what the one before it left to be written.
  execFileSync('sync')
  const appender = await begin(folder)
  const [began, cpu] = [performance.now(), cpuMicroseconds(process.pid)]
  let left = batches
  const writer = async () => {
    while (left-- > 0) await appender.append(entries)
  }
  await Promise.all(Array.from({ length: atOnce }, writer))
  await appender.close()
  const count = batches * batch
  return {
    rate: (count * 1_000) / (performance.now() - began),
    cpu: (cpuMicroseconds(process.pid) - cpu) / count,
  }
}

async function openChain(folder: string): Promise<Appender> {
  const file: FileHandle = await open(join(folder, 'chain'), 'w')
  let last = Buffer.alloc(32)
  // One batch after the other, as its hashes are.
  let written = Promise.resolve()
  return {
    async append(entries) {
      const pieces: Uint8Array[] = []
      for (const entry of entries) {
        last = createHash('sha256').update(last).update(entry).digest()
        const length = Buffer.alloc(4)
        length.writeUInt32BE(entry.length)
        pieces.push(length, entry, last)
      }
      const bytes = Buffer.concat(pieces)
      written = written.then(async () => {
        await file.write(bytes)
        await file.datasync()
      })
      await written
    },
    close: () => file.close(),
  }
}

async function openSqlite(folder: string): Promise<Appender> {
  const database = new DatabaseSync(join(folder, 'entries.db'))
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE entries (id INTEGER PRIMARY KEY, entry BLOB)',
  )
  const insert = database.prepare('INSERT INTO entries (entry) VALUES (?)')
  return {
    async append(entries) {
      database.exec('BEGIN')
      for (const entry of entries) insert.run(entry)
      database.exec('COMMIT')
    },
    async close() {
      database.close()
    },
  }
}

async function keys() {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('one key is no pair')
  const key = new Uint8Array(await crypto.subtle.exportKey('raw', made.publicKey))
  return {
    signer: noteSignerOf(ORIGIN, Kind.ed25519, made.privateKey, key),
    verifier: await verifierOf(ORIGIN, Kind.ed25519, key),
  }
}
