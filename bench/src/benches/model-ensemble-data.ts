import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { picked, stretchesOf } from '../../../packages/learn/src/ensemble/index.ts'
import { type Matrix, matrixOf } from '../../../packages/learn/src/index.ts'

/** Rows with the class of each. */
export interface Classed {
  readonly x: Matrix
  readonly codes: Int32Array
  readonly names: readonly string[]
}

const linesOf = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split(/\r\n|\r|\n/)

/** TON_IoT's Modbus: four registers a row, and the type of traffic; no date and no time. */
export function readModbus(folder: string): Classed {
  const cells = linesOf(join(folder, 'Modbus.csv'))
    .slice(1)
    .map(line => line.split(','))
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

/** NSL-KDD's 20 %: words as one column each, the difficulty left out; families of attack, `normal` first. */
export function readNslKdd(folder: string): Classed {
  const families = new Map(linesOf(join(folder, 'attack-types.csv')).map(line => line.split(',') as [string, string]))
  const fields = linesOf(join(folder, 'field-names.csv')).map(line => line.split(','))
  const cells = linesOf(join(folder, 'KDDTrain+_20Percent.txt')).map(line => line.split(','))
  const words = fields.map(([, kind], j) => (kind === 'symbolic' ? [...new Set(cells.map(row => row[j]!))].sort() : []))
  const rows = cells.map(row =>
    fields.flatMap(([, kind], j) =>
      kind === 'symbolic' ? words[j]!.map(word => Number(word === row[j])) : [Number(row[j])],
    ),
  )
  const names = ['normal', 'dos', 'probe', 'r2l', 'u2r']
  return {
    x: matrixOf(rows),
    codes: Int32Array.from(cells, row => names.indexOf(families.get(row[fields.length]!)!)),
    names,
  }
}

/** Some rows of a table, with their classes. */
export function pickedRows({ x, codes, names }: Classed, rows: Int32Array): Classed {
  return { x: picked(x, rows), codes: rows.map(row => codes[row]!), names }
}
