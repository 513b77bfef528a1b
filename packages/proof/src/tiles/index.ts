export { decodeEntries, encodeEntries, LONGEST_ENTRY } from './entries.ts'
export { levelsOf, parseTilePath, TILE_HEIGHT, TILE_WIDTH, type TileName, tilePath, tilesAt } from './path.ts'
