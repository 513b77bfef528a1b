import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Matrix } from '../../../packages/learn/src/index.ts'
import { folderOf } from './quality-data.ts'

/** A column of NSL-KDD as a model takes it: a number, or one word of a symbolic column. */
export interface NslColumn {
  readonly name: string
  /** Of a symbolic column, the word; else null. */
  readonly word: string | null
}

/** The 20 % file of NSL-KDD, in its own order. */
export interface Nsl {
  readonly columns: readonly NslColumn[]
  /** Numbers as they are, and 1 where a word is it. */
  readonly rows: Matrix
  /** 0 normal, 1 an attack. */
  readonly labels: Int32Array
  /** normal, dos, probe, r2l or u2r. */
  readonly families: readonly string[]
}

/** NSL-KDD's 20 % as it is written: the name and kind of each field, the cells of each row (41 fields, the attack's name, its difficulty), and the family of each row. */
export interface NslCells {
  readonly fields: readonly (readonly [name: string, kind: string])[]
  readonly cells: readonly (readonly string[])[]
  /** normal, dos, probe, r2l or u2r. */
  readonly families: readonly string[]
}

/** Null where the set is not beside the checkout. */
export function nslCells(): NslCells | null {
  const folder = folderOf('nsl-kdd')
  if (folder === null) return null
  const cells = csv(join(folder, 'KDDTrain+_20Percent.txt'))
  const fields = csv(join(folder, 'field-names.csv')) as [string, string][]
  const family = new Map(csv(join(folder, 'attack-types.csv')).map(([name, kind]) => [name, kind]))
  return { fields, cells, families: cells.map(row => family.get(row[fields.length]!) ?? 'unknown') }
}

/** TON_IoT's Modbus table, a row's cells each: date, time, four registers, label (0 or 1) and type. Null where it is not beside the checkout. */
export function modbusCells(): string[][] | null {
  const folder = folderOf('ton-iot')
  return folder === null ? null : csv(join(folder, 'Modbus.csv')).slice(1)
}

function csv(path: string): string[][] {
  const lines = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/[\r\n]+/)
  return lines.filter(line => line !== '').map(line => line.split(',').map(cell => cell.trim()))
}

/** NSL-KDD without the difficulty, which is no feature; a column for each word. Null where it is not beside the checkout. */
export function readNsl(): Nsl | null {
  const found = nslCells()
  if (found === null) return null
  const { fields, cells, families } = found
  const columns = fields.flatMap(([name, kind], at): (NslColumn & { at: number })[] => {
    if (kind !== 'symbolic') return [{ name, word: null, at }]
    const words = [...new Set(cells.map(row => row[at]!))].sort()
    return words.map(word => ({ name, word, at }))
  })
  const data = new Float32Array(cells.length * columns.length)
  for (const [row, its] of cells.entries()) {
    for (const [c, { word, at }] of columns.entries())
      data[row * columns.length + c] = word === null ? Number(its[at]) : Number(its[at] === word)
  }
  return {
    columns,
    rows: { rows: cells.length, columns: columns.length, data },
    labels: Int32Array.from(families, each => Number(each !== 'normal')),
    families,
  }
}

/** The first share of rows, and the rest: in the file's order. */
export function cutAt(rows: number, share: number): { learned: number[]; judged: number[] } {
  const cut = Math.floor(rows * share)
  const all = Array.from({ length: rows }, (_, row) => row)
  return { learned: all.slice(0, cut), judged: all.slice(cut) }
}
