/**
 * Which fold each row is held out in: rows of a class, or of each stretch of rows of one class (`stream`), in as many blocks as there are folds, one behind the other. Rows that follow one
 * another are alike in telemetry, and a random split would judge by rows whose neighbors were learned. Of fewer rows than folds some folds are left out: none is empty.
 */
export function foldsOf(codes: Int32Array, classes: number, folds: number, stream: boolean): Int32Array {
  const fold = new Int32Array(codes.length)
  const cut = (rows: readonly number[]): void => {
    for (const [place, row] of rows.entries()) fold[row] = Math.floor((place * folds) / rows.length)
  }
  // Stretches that are too short to be cut are cut together, as rows of their class.
  const long = stream ? stretchesOf(codes).filter(rows => rows.length >= folds) : []
  const isCut = new Uint8Array(codes.length)
  for (const rows of long) {
    cut(rows)
    for (const row of rows) isCut[row] = 1
  }
  const others = Array.from({ length: classes }, (): number[] => [])
  for (const [row, code] of codes.entries()) if (isCut[row] === 0) others[code]!.push(row)
  for (const rows of others) cut(rows)
  const used = [...new Set(fold)].sort((a, b) => a - b)
  return fold.map(each => used.indexOf(each))
}

/** Rows of each stretch of one class. */
export function stretchesOf(codes: Int32Array): number[][] {
  const lists: number[][] = []
  for (const [row, code] of codes.entries()) {
    if (row === 0 || codes[row - 1] !== code) lists.push([])
    lists.at(-1)!.push(row)
  }
  return lists
}
