import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Matrix, matrixOf } from '../../../packages/learn/src/index.ts'

/** Where the sets lie, beside the project. */
const DATA = new URL('../../../../shared/data/', import.meta.url).pathname

/** A table whose first rows are normal, and what is wrong in the others. */
export interface Labeled {
  readonly name: string
  readonly rows: Matrix
  readonly trainRows: number
  /** 1 where something is wrong. */
  readonly labels: Uint8Array
}

/** A folder of the data, or null where it is not there. */
export function folderOf(set: string): string | null {
  const path = join(DATA, set)
  return existsSync(path) ? path : null
}

/** SKAB's valve1, each file with 400 rows to learn from. */
export function readSkab(folder: string): Labeled[] {
  const files = readdirSync(join(folder, 'valve1')).filter(name => name.endsWith('.csv'))
  return files.sort(byNumber).map(name => {
    const cells = lines(join(folder, 'valve1', name)).map(line => line.split(';'))
    const rows = matrixOf(cells.map(row => row.slice(1, 9).map(Number)))
    return { name, rows, trainRows: 400, labels: Uint8Array.from(cells, row => Number(row[9])) }
  })
}

/** BATADAL: the year of training and the labeled half year, a row an hour. */
export function readBatadal(folder: string): { clean: Matrix; attacked: Matrix; labels: Uint8Array } {
  const read = (name: string) => lines(join(folder, name)).map(line => line.split(',').slice(1).map(Number))
  const values = (rows: number[][]) => matrixOf(rows.map(row => row.slice(0, -1)))
  const attacked = read('ds04.csv')
  const labels = Uint8Array.from(attacked, row => (row[row.length - 1] === 1 ? 1 : 0))
  return { clean: values(read('ds03.csv')), attacked: values(attacked), labels }
}

/** Tennessee Eastman: the normal run, and one run for each fault that is there, but those three that no method detects. */
export function readTep(folder: string): { normal: Matrix; faults: Map<string, Matrix> } {
  const read = (name: string) => lines(join(folder, name), 0).map(line => line.trim().split(/\s+/).map(Number))
  const sideways = read('d00.dat')
  const normal = matrixOf(sideways[0]!.map((_, at) => sideways.map(row => row[at]!)))
  const undetectable = new Set(['d03.dat', 'd09.dat', 'd15.dat'])
  const names = readdirSync(folder).filter(name => /^d(?!00)\d\d\.dat$/.test(name) && !undetectable.has(name))
  return { normal, faults: new Map(names.sort().map(name => [name, matrixOf(read(name))])) }
}

/** A series of NAB with the windows in which a detection counts, as rows `[from, to]`. */
export interface NabSeries {
  readonly name: string
  readonly rows: Matrix
  readonly windows: readonly (readonly [number, number])[]
  /** Rows at the beginning that are not scored. */
  readonly probation: number
}

const PROBATION = { share: 0.15, mostRows: 5_000 }

export function readNab(folder: string): NabSeries[] {
  const windows: Record<string, [string, string][]> = JSON.parse(
    readFileSync(join(folder, 'labels/combined_windows.json'), 'utf8'),
  )
  const there = Object.keys(windows).filter(name => existsSync(join(folder, 'data', name)))
  return there.sort().map(name => {
    const cells = lines(join(folder, 'data', name)).map(line => line.split(','))
    const at = new Map(cells.map(([time], row) => [time!, row]))
    const rowAt = (time: string) => at.get(time.replace(/\.\d+$/, ''))!
    const probation = Math.floor(PROBATION.share * Math.min(cells.length, PROBATION.mostRows))
    const rows = matrixOf(cells.map(row => [Number(row[1])]))
    return { name, rows, windows: windows[name]!.map(([from, to]) => [rowAt(from), rowAt(to)] as const), probation }
  })
}

function lines(path: string, head = 1): string[] {
  return readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(head)
}

function byNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10)
}
