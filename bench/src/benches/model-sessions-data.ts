import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  COLUMN_NAMES,
  type SessionRow,
  type WindowSize,
} from '../../../packages/gateway/src/evidence/sessions/index.ts'
import { sessionsOf } from '../../../packages/gateway/src/replay/sessions.ts'
import type { Matrix } from '../../../packages/learn/src/index.ts'

/** MQTTset's captures, by what they show. The smaller benign one is the beginning of this one. */
const CAPTURES = {
  benign: 'benign-5mb-train.pcap',
  bruteforce: 'bruteforce-train.pcapng',
  flood: 'flood-train.pcap',
  malaria: 'malariados-train.pcap',
  malformed: 'malformed-train.pcap',
  slowite: 'slowite-train.pcap',
} as const

/** What one capture came to: its rows in the order of their ends, and where 70 % of its time is over. */
export interface Captured {
  readonly name: string
  readonly rows: readonly SessionRow[]
  readonly cut: number
}

const LEARNED = 0.7

/** Reads all captures. */
export function readCaptures(folder: string, size: WindowSize): Captured[] {
  return Object.entries(CAPTURES).map(([name, file]) => {
    const rows: SessionRow[] = []
    const trial = sessionsOf(size, [], row => void rows.push(row))
    trial.take(new Uint8Array(readFileSync(join(folder, file))))
    const { began, ended, fault } = trial.end()
    if (fault !== null) throw new Error(`${file}: ${fault.why}`)
    return { name, rows: rows.sort((a, b) => a.ended - b.ended), cut: began + LEARNED * (ended - began) }
  })
}

/** Rows to learn from, and rows to judge by; and what a reader must know of them. */
export interface Parts {
  readonly learned: readonly SessionRow[]
  readonly judged: readonly SessionRow[]
}

/**
 * The first 70 % of a capture's time are learned, the rest judges; a window that spans the cut is in neither. So is a session that
 * goes on across it, unless no session lies wholly behind: then its windows stand on either side.
 */
export function byTime({ rows, cut }: Captured): Parts {
  const before = rows.filter(({ ended }) => ended <= cut)
  const after = rows.filter(({ began }) => began > cut)
  const [early, late] = [before, after].map(part => new Set(part.map(({ connection }) => connection))) as [
    Set<number>,
    Set<number>,
  ]
  const isAcross = ({ connection }: SessionRow): boolean => early.has(connection) && late.has(connection)
  if (after.every(isAcross)) return { learned: before, judged: after }
  return { learned: before.filter(row => !isAcross(row)), judged: after.filter(row => !isAcross(row)) }
}

/** The first 70 % of a capture's sessions are learned, the others judge: no session is in both. None judge where there is one only. */
export function bySession({ rows }: Captured): Parts {
  const sessions = [...new Set(rows.toSorted((a, b) => a.began - b.began).map(({ connection }) => connection))]
  const early = new Set(sessions.slice(0, Math.ceil(LEARNED * sessions.length)))
  return {
    learned: rows.filter(({ connection }) => early.has(connection)),
    judged: rows.filter(({ connection }) => !early.has(connection)),
  }
}

/** A table of classes by number. */
export interface Classes {
  readonly table: Matrix
  readonly codes: Int32Array
}

/** Some rows of each class as a table of some columns. */
export function tableOf(classes: readonly (readonly SessionRow[])[], columns: readonly string[]): Classes {
  const at = columns.map(name => COLUMN_NAMES.indexOf(name))
  const rows = classes.flatMap((part, code) => part.map(({ values }) => ({ values, code })))
  const data = Float32Array.from(rows.flatMap(({ values }) => at.map(column => values[column]!)))
  return {
    table: { rows: rows.length, columns: columns.length, data },
    codes: Int32Array.from(rows, ({ code }) => code),
  }
}

/** How often each class (a line) was told as each (a column). */
export function confusionOf(codes: Int32Array, told: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (const [row, code] of codes.entries()) counts[code]![told[row]!]!++
  return counts
}

/** The mean of the classes' F1. */
export function macroF1(confusion: readonly (readonly number[])[]): number {
  const each = confusion.map((line, k) => {
    const there = line.reduce((sum, count) => sum + count, 0)
    const told = confusion.reduce((sum, other) => sum + other[k]!, 0)
    return (2 * line[k]!) / Math.max(1, there + told)
  })
  return each.reduce((sum, f1) => sum + f1, 0) / each.length
}
