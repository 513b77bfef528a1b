import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeEntries, encodeEntries, TILE_WIDTH, tilePath } from '@ringwall/proof'
import { LedgerReader } from '@ringwall/proof/files'

/** The files of the first 256 entries that are published, and the hashes of these. */
export interface FirstBundle {
  readonly entries: string
  readonly hashes: string
  readonly width: number
}

/** Where they lie. Throws where fewer than two are published. */
export function firstBundle(folder: string): FirstBundle {
  const { size } = new LedgerReader(folder, { published: true }).checkpoint
  const width = Math.min(TILE_WIDTH, size)
  if (width < 2) throw new Error(`The ledger has ${size} published entries: too few to forge`)
  const path = (level: 0 | 'entries'): string => join(folder, tilePath({ level, index: 0, width }))
  return { entries: path('entries'), hashes: path(0), width }
}

/** Changes entries in their file. */
export function changeEntries({ entries, width }: FirstBundle, change: (list: Uint8Array[]) => void): void {
  const list = decodeEntries(readFileSync(entries), width).entries.map(entry => Uint8Array.from(entry))
  change(list)
  writeFileSync(entries, encodeEntries(list))
}
