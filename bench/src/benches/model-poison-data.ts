import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Matrix, matrixOf, rowsOf } from '../../../packages/learn/src/index.ts'
import { modbusCells, nslCells } from './model-data.ts'

/** A table of two classes, cut in the order of the file: what is learned from, and what comes after it. */
export interface Parted {
  readonly train: Matrix
  readonly trainLabels: Int32Array
  readonly test: Matrix
  readonly testLabels: Int32Array
}

const TRAIN = 0.7

/** NSL-KDD, 20 %: 0 is normal, 1 an attack; words are numbered, the difficulty is left out. Null where it is not there. */
export function readNslKdd(): Parted | null {
  const found = nslCells()
  if (found === null) return null
  const { fields, cells, families } = found
  const words = fields.map(() => new Map<string, number>())
  const rows = cells.map(row => fields.map((_, column) => numberOf(row[column]!, words[column]!)))
  return parted(
    matrixOf(rows),
    Int32Array.from(families, family => Number(family !== 'normal')),
  )
}

/** TON_IoT's Modbus registers: date and time are left out, as they tell the label. Null where it is not there. */
export function readModbus(): Parted | null {
  const cells = modbusCells()
  if (cells === null) return null
  const rows = cells.map(row => row.slice(2, 6).map(Number))
  return parted(
    matrixOf(rows),
    Int32Array.from(cells, row => Number(row[6])),
  )
}

/** SKAB's run without anomalies: eight sensors, a row a second. */
export function readSkabNormal(folder: string): Matrix {
  const text = readFileSync(join(folder, 'anomaly-free.csv'), 'utf8').trim().split(/\r?\n/)
  return matrixOf(text.slice(1).map(line => line.split(';').slice(1, 9).map(Number)))
}

function numberOf(cell: string, words: Map<string, number>): number {
  const value = Number(cell)
  if (!Number.isNaN(value)) return value
  const known = words.get(cell) ?? words.size
  words.set(cell, known)
  return known
}

function parted(rows: Matrix, labels: Int32Array): Parted {
  const cut = Math.floor(TRAIN * rows.rows)
  return {
    train: rowsOf(rows, 0, cut),
    trainLabels: labels.slice(0, cut),
    test: rowsOf(rows, cut, rows.rows),
    testLabels: labels.slice(cut),
  }
}
