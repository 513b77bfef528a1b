import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COLUMN_NAMES, SESSION_COLUMNS } from '../../../packages/gateway/src/evidence/sessions/index.ts'
import { picked } from '../../../packages/learn/src/ensemble/index.ts'
import { type Matrix, matrixOf, rowOf, rowsOf } from '../../../packages/learn/src/index.ts'
import { modbusCells, nslCells } from './model-data.ts'
import { splitStretches } from './model-ensemble-data.ts'
import { byTime, readCaptures, tableOf } from './model-sessions-data.ts'
import { folderOf, readSkab } from './quality-data.ts'

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

/** MQTTset's sessions in windows of a second: 0 is benign, 1 an attack; the first 70 % of each capture's time are learned. Nothing of the CONNECT and the address is read. Null where it is not there. */
export function readMqttset(): Parted | null {
  const folder = folderOf('mqttset')
  if (folder === null) return null
  const parts = readCaptures(folder, { span: 1_000, most: 100 }).map(each => ({ name: each.name, ...byTime(each) }))
  const columns = COLUMN_NAMES.filter(name => !SESSION_COLUMNS.includes(name) && !name.startsWith('source_'))
  const classes = (of: 'learned' | 'judged') => {
    const [benign, attacks] = [true, false].map(is => parts.filter(({ name }) => (name === 'benign') === is))
    return tableOf([benign!.flatMap(part => part[of]), attacks!.flatMap(part => part[of])], columns)
  }
  const [learned, judged] = [classes('learned'), classes('judged')]
  return { train: learned.table, trainLabels: learned.codes, test: judged.table, testLabels: judged.codes }
}

/** SKAB's valve1: 0 is normal, 1 an anomaly; of each stretch of one class in a file the first 70 % are learned. Null where it is not there. */
export function readValve(): Parted | null {
  const folder = folderOf('skab')
  if (folder === null) return null
  const files = readSkab(folder).map(({ rows, labels }) => {
    const codes = Int32Array.from(labels)
    return { rows, codes, ...splitStretches(codes) }
  })
  const part = (of: 'learned' | 'judged') => {
    const chosen = files.map(file => ({
      rows: picked(file.rows, file[of]),
      codes: file[of].map(row => file.codes[row]!),
    }))
    const all = chosen.flatMap(({ rows }) => Array.from({ length: rows.rows }, (_, row) => rowOf(rows, row)))
    return { rows: matrixOf(all), codes: Int32Array.from(chosen.flatMap(({ codes }) => [...codes])) }
  }
  const [learned, judged] = [part('learned'), part('judged')]
  return { train: learned.rows, trainLabels: learned.codes, test: judged.rows, testLabels: judged.codes }
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
