import { LedgerReader } from '@ringwall/proof/files'
import { type ReadEntry, readEntry } from './entry.ts'
import type { Entry } from './ocsf.ts'
import { asRingwall } from './open.ts'

/** Entries that are read at once where they are read from the last on. */
const STEP = 256

/** The entries of a ledger's folder, as it stands now; its gateway may run meanwhile. Nothing is verified. */
export interface View {
  readonly size: number
  readonly reader: LedgerReader
  /** The same as it was cosigned last, or, where there are no witnesses, published: a little behind. */
  readonly published: LedgerReader
  /** Errors: those of the ledger's reader, as `RingwallError`s. */
  get(index: number): Entry
  /** The first entry that is kept: those before it were pruned. */
  readonly from: number
  /** From one index, or the first that is kept, to before another. */
  read(from: number, to: number): Generator<ReadEntry>
  /** From the last to the first; where entries were pruned it ends. */
  backwards(): Generator<ReadEntry>
}

/** Errors: `checkpoint_missing` where the folder is no ledger, and those of its checkpoint. */
export function openView(folder: string): View {
  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw asRingwall(error, folder)
    }
  }
  const reader = guard(() => new LedgerReader(folder))
  const published = guard(() => new LedgerReader(folder, { cosigned: true }))
  const { size } = reader.checkpoint
  function* read(from: number, to: number): Generator<ReadEntry> {
    const entries = reader.entries(Math.max(from, reader.from), to)
    for (;;) {
      const { done, value } = guard(() => entries.next())
      if (done === true) return
      yield { index: value[0], entry: entryOf(value[1]) }
    }
  }
  return {
    size,
    from: guard(() => reader.from),
    reader,
    published,
    get: index => entryOf(guard(() => reader.entry(index))),
    read,
    *backwards() {
      for (let to = size; to > reader.from; ) {
        const from = Math.max(reader.from, Math.floor((to - 1) / STEP) * STEP)
        yield* [...read(from, to)].reverse()
        to = from
      }
    },
  }
}

/** What is no event of ours is shown as what it is. */
function entryOf(bytes: Uint8Array): Entry {
  return readEntry(bytes) ?? { unreadable: Buffer.from(bytes).toString('hex') }
}
