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

/** Without the difficulty, which is no feature. Null where the set is not beside the checkout. */
export function readNsl(): Nsl | null {
  const folder = folderOf('nsl-kdd')
  if (folder === null) return null
  const table = (name: string) =>
    readFileSync(join(folder, name), 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/[\r\n]+/)
      .filter(line => line !== '')
      .map(line => line.split(','))
  const cells = table('KDDTrain+_20Percent.txt')
  const family = new Map(table('attack-types.csv').map(([name, kind]) => [name, kind]))
  const columns = table('field-names.csv').flatMap(([name, kind], at): (NslColumn & { at: number })[] => {
    if (kind !== 'symbolic') return [{ name: name!, word: null, at }]
    const words = [...new Set(cells.map(row => row[at]!))].sort()
    return words.map(word => ({ name: name!, word, at }))
  })
  const data = new Float32Array(cells.length * columns.length)
  for (const [row, its] of cells.entries()) {
    for (const [c, { word, at }] of columns.entries())
      data[row * columns.length + c] = word === null ? Number(its[at]) : Number(its[at] === word)
  }
  const families = cells.map(row => family.get(row[41]!) ?? 'unknown')
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
