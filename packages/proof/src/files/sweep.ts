import { join } from 'node:path'
import { levelsOf, TILE_WIDTH, type TileName, tilePath, tilesAt } from '../tiles/index.ts'
import type { Disk } from './disk.ts'
import { namesIn, readIfThere } from './read.ts'
import { SPARE_FILE } from './spare.ts'

/**
 * Removes what lies at or beyond the right edge of a tree of `size` and is not of it: what a commit left that did not come to its end. A narrower
 * tile is cut from a wider one, so a wider one that was never signed must not stay.
 */
export async function sweep(folder: string, size: number, disk: Disk): Promise<void> {
  await disk.remove(join(folder, SPARE_FILE))
  const levels: TileName['level'][] = ['entries', ...Array.from({ length: levelsOf(size) + 2 }, (_, level) => level)]
  for (const level of levels) {
    const { full, partial } = tilesAt(level, size)
    for (let index = full; ; index++) {
      const whole = join(folder, tilePath({ level, index, width: TILE_WIDTH }))
      const kept = index === full ? String(partial) : ''
      const parts = namesIn(`${whole}.p`).filter(name => name !== kept)
      const isThere = readIfThere(whole) !== null
      if (isThere) await disk.remove(whole)
      for (const name of parts) await disk.remove(join(`${whole}.p`, name))
      if (index > full && !isThere && parts.length === 0) break
    }
  }
}
