import { ProofError } from '../error.ts'

/** Levels of the tree in one tile, and the hashes that a full one holds (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8
export const TILE_WIDTH = 256

/** Which file: hashes at a tile level, or the entries below them; the `index`th of it, with `width` of 256. */
export interface TileName {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

/** Its path below the ledger's folder or URL, with slashes. */
export function tilePath({ level, index, width }: TileName): string {
  return `tile/${level}/${indexPath(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

/** Reads such a path. Null where it is none, or is spelled otherwise. */
export function parseTilePath(path: string): TileName | null {
  const found = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path)
  if (found === null) return null
  const name: TileName = {
    level: found[1] === 'entries' ? 'entries' : Number(found[1]),
    index: Number(found[2]!.replaceAll(/[x/]/g, '')),
    width: found[3] === undefined ? TILE_WIDTH : Number(found[3]),
  }
  const isWithin = Number.isSafeInteger(name.index) && name.width >= 1 && name.width <= TILE_WIDTH
  return isWithin && tilePath(name) === path ? name : null
}

/** What a tree of `size` has at a level: full tiles, and the width of a last partial one (0: none). */
export function tilesAt(level: number | 'entries', size: number): { readonly full: number; readonly partial: number } {
  const hashes = level === 'entries' ? size : Math.floor(size / 2 ** (TILE_HEIGHT * level))
  return { full: Math.floor(hashes / TILE_WIDTH), partial: hashes % TILE_WIDTH }
}

/** The count of tile levels of a tree of `size`. */
export function levelsOf(size: number): number {
  let levels = 0
  for (let hashes = size; hashes >= 1; hashes = Math.floor(hashes / TILE_WIDTH)) levels++
  return levels
}

/** 1234067 is x001/x234/067. */
function indexPath(index: number): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new ProofError('tile_range', `there is no tile ${index}`)
  let path = threeDigits(index % 1000)
  for (let left = Math.floor(index / 1000); left > 0; left = Math.floor(left / 1000))
    path = `x${threeDigits(left % 1000)}/${path}`
  return path
}

const threeDigits = (value: number): string => String(value).padStart(3, '0')
