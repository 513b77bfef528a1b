import { picked, stretchesOf } from '../../../packages/learn/src/ensemble/index.ts'
import { type Matrix, matrixOf } from '../../../packages/learn/src/index.ts'
import { modbusCells, readNsl } from './model-data.ts'

/** Rows with the class of each. */
export interface Classed {
  readonly x: Matrix
  readonly codes: Int32Array
  readonly names: readonly string[]
}

/** TON_IoT's Modbus: four registers a row, and the type of traffic; no date and no time. Null where it is not there. */
export function readModbus(): Classed | null {
  const cells = modbusCells()
  if (cells === null) return null
  const names = [...new Set(cells.map(row => row[7]!))].sort()
  return {
    x: matrixOf(cells.map(row => row.slice(2, 6).map(Number))),
    codes: Int32Array.from(cells, row => names.indexOf(row[7]!)),
    names,
  }
}

/** Of each stretch of rows of one class, the first 70 % to learn and the others to judge. */
export function splitStretches(codes: Int32Array): { learned: Int32Array; judged: Int32Array } {
  const [learned, judged]: [number[], number[]] = [[], []]
  for (const rows of stretchesOf(codes)) {
    const cut = Math.floor(0.7 * rows.length)
    learned.push(...rows.slice(0, cut))
    judged.push(...rows.slice(cut))
  }
  return { learned: Int32Array.from(learned), judged: Int32Array.from(judged) }
}

/** NSL-KDD's 20 %, with families of attack, `normal` first. Null where it is not there. */
export function readNslKdd(): Classed | null {
  const nsl = readNsl()
  if (nsl === null) return null
  const names = ['normal', 'dos', 'probe', 'r2l', 'u2r']
  return { x: nsl.rows, codes: Int32Array.from(nsl.families, family => names.indexOf(family)), names }
}

/** Some rows of a table, with their classes. */
export function pickedRows({ x, codes, names }: Classed, rows: Int32Array): Classed {
  return { x: picked(x, rows), codes: rows.map(row => codes[row]!), names }
}
