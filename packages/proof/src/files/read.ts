import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProofError } from '../error.ts'
import { DIGEST_BYTES } from '../hash/sha256.ts'
import { decodeEntries, TILE_WIDTH, type TileName, tilePath } from '../tiles/index.ts'

export const CHECKPOINT_FILE = 'checkpoint'
/** The last checkpoint that a witness has cosigned: the checkpoint file may be ahead of it. */
export const COSIGNED_FILE = 'cosigned'

/** A file's bytes, or null where there is none. */
export function readIfThere(path: string): Uint8Array | null {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}

/** The names in a folder: none where there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * A tile's or bundle's bytes in the width that is asked for. Only the widest is kept, so a narrower one, which an older checkpoint names, is cut
 * from it. Null where there is none.
 */
export function readTile(folder: string, name: TileName): Uint8Array | null {
  for (const width of [name.width, TILE_WIDTH, ...widths(folder, name)]) {
    const bytes = readIfThere(join(folder, tilePath({ ...name, width })))
    if (bytes === null) continue
    if (width === name.width) return bytes
    const end = name.level === 'entries' ? decodeEntries(bytes, name.width).rest : name.width * DIGEST_BYTES
    return bytes.subarray(0, end)
  }
  return null
}

/** The same, where it must be there. Errors: `tile_missing`, `tile_length`. */
export function needTile(folder: string, name: TileName): Uint8Array {
  const bytes = readTile(folder, name)
  if (bytes === null) throw new ProofError('tile_missing', `${tilePath(name)} is not there`)
  if (name.level !== 'entries' && bytes.length !== name.width * DIGEST_BYTES)
    throw new ProofError('tile_length', `${tilePath(name)} has ${bytes.length} bytes, not ${name.width * DIGEST_BYTES}`)
  return bytes
}

/** Partial tiles that hold at least what is asked for. */
function widths(folder: string, name: TileName): number[] {
  return namesIn(join(folder, `${tilePath({ ...name, width: TILE_WIDTH })}.p`))
    .map(Number)
    .filter(width => width > name.width)
}
