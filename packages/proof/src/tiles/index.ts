export { decodeEntries, encodeEntries, entriesLength, LENGTH_BYTES, LONGEST_ENTRY, writeEntries } from './entries.ts'
export { levelsOf, parseTilePath, TILE_HEIGHT, TILE_WIDTH, type TileName, tilePath, tilesAt } from './path.ts'
