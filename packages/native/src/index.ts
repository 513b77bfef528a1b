import { createRequire } from 'node:module'
import { getSystemErrorName } from 'node:util'

/**
 * Verifies what is asked in the memory that it was bound to: at its beginning the count of messages (four at most) and the word of the
 * answer, a bit for each whose tag is right; from byte 16 on, for each message, the places of the midstates, the message, its length and its
 * tag. All are unsigned 32-bit integers in the processor's order.
 */
export type Verify = () => void

/**
 * Looks at the PUBLISHes that lie one behind the other in `[start, limit)` of a chunk, as long as each is whole and sealed in an envelope, and writes
 * what it finds of each to `to`, 160 bytes: the places of the packet's begin and end and of the payload in the chunk, the length of the seal, the begin
 * and the end of its protected headers, whether its MAC is right under the midstates at `key`, the epoch (eight 32-bit words); sequence number and time (two doubles);
 * the begin and the end of what it has of the tag before (two words); from byte 64 on the seal, in which those places are.
 * Answers how many, 16 at most. A seal that is spelled in any other way than docs/seals.md has it is none. Errors: `RangeError`.
 */
export type Ahead = (
  chunk: Uint8Array,
  start: number,
  limit: number,
  version: number,
  key: number,
  to: number,
) => number

/** What works in one memory. */
export interface MacAddon {
  readonly verify: Verify
  readonly ahead: Ahead
}

/**
 * Adds the entries in `[from, to)` of a bundle, each behind its length in two bytes, to a tile of 256 leaves that has `index` of them already.
 * `edge` has from byte `at` on the roots of the tile's whole subtrees, greatest first, and room for nine: they become those of the tile with the entries.
 * Their leaf hashes are written to `hashes`, one behind the other (RFC 6962, section 2.1). Errors: `RangeError` where they are not whole, or not of one
 * tile, or there is no room.
 */
export type HashTile = (
  bundle: Uint8Array,
  from: number,
  to: number,
  index: number,
  edge: Uint8Array,
  at: number,
  hashes: Uint8Array,
) => void

interface Addon {
  readonly bind?: (memory: ArrayBuffer) => MacAddon
  readonly hashTile?: HashTile
  readonly writeFiles?: (paths: readonly string[], contents: readonly Uint8Array[]) => Promise<number>
}

const addon = load()

/**
 * What verifies HMAC-SHA-256 by the processor's own instructions, in a given memory; null where the addon was not built
 * (`node packages/native/build.mjs`) or the processor has none.
 */
export const bindMac: ((memory: ArrayBuffer) => MacAddon) | null = addon.bind ?? null

/** Hashes a log's entries by the same instructions; null where `bindMac` is. */
export const hashTile: HashTile | null = addon.hashTile ?? null

/**
 * Writes files, each whole and for its owner alone, by two threads of the pool; all are on the disk when it resolves, their names when their folders are synced. That takes
 * a third of the time of syncing each by itself. Neither files nor their bytes may change until then. Rejects with an error that has the system's `code`; any of the
 * files may be there then, or in part. Null where the addon was not built.
 */
export const writeFiles: ((files: readonly FileToWrite[]) => Promise<void>) | null =
  addon.writeFiles === undefined ? null : files => write(files, addon)

/** A file to be written. */
export interface FileToWrite {
  readonly path: string
  readonly bytes: Uint8Array
}

async function write(files: readonly FileToWrite[], { writeFiles: call }: Addon): Promise<void> {
  const half = Math.ceil(files.length / 2)
  // Two threads: while one waits for the disk the other's files are written, and where they wait together the disk is asked to sync once.
  const errors = [files.slice(0, half), files.slice(half)].map(async some => {
    const [paths, contents] = [some.map(({ path }) => path), some.map(({ bytes }) => bytes)]
    return await call?.(paths, contents)
  })
  const ends = await Promise.allSettled(errors)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  const error = ends.map(end => (end.status === 'fulfilled' ? end.value : 0)).find(each => each !== 0)
  if (error === undefined) return
  const code = getSystemErrorName(-error)
  throw Object.assign(new Error(`${code}: ${files.length} files, the first ${files[0].path}`), { code, errno: -error })
}

function load(): Addon {
  try {
    return createRequire(import.meta.url)('../build/addon.node') as Addon
  } catch {
    return {}
  }
}
