import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fitClassifier } from '../../../packages/learn/src/io/index.ts'
import type { Python } from '../peers/python.ts'
import type { Classes } from './model-sessions-data.ts'
import { type Told, toldOf } from './model-sessions-told.ts'

export const PEERS = { forest: 'scikit-learn random forest', boosted: 'xgboost hist' } as const
export type Peer = keyof typeof PEERS

/** Where the peers run, and the folder through which they get their tables. */
export interface Beside {
  readonly python: Python
  readonly folder: string
}

/** Rows to learn from and rows to judge, by the same columns. */
export interface Tables {
  readonly names: readonly string[]
  readonly columns: readonly string[]
  readonly learned: Classes
  readonly judges: Classes
}

const TOP = 8

/** What `ringwall learn fit` learns, what that tells, and the columns that count most in it. */
export function fitted(
  { names, columns, learned, judges }: Tables,
  seed: number,
): Told & { top: string[]; kind: string } {
  const inputs = { all: learned.table, by: () => learned.table }
  const { model } = fitClassifier(inputs, { names, codes: learned.codes }, { seed })
  const weights = model.kind === 'boosted-trees' ? model.model.importances('total_gain') : model.model.importances()
  const top = Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]!)
  return {
    ...toldOf(model.model.predictProbabilities(judges.table), names.length),
    top: top.slice(0, TOP).map(at => columns[at]!),
    kind: model.kind,
  }
}

/** Gives the peers what they learn from and what they judge. */
export function hand({ learned, judges }: Tables, { folder }: Beside): void {
  writeFileSync(join(folder, 'learned.f32'), learned.table.data as Float32Array)
  writeFileSync(join(folder, 'learned-labels.f32'), Float32Array.from(learned.codes))
  writeFileSync(join(folder, 'judged.f32'), judges.table.data as Float32Array)
}

/** What a peer tells of the tables that it was handed. */
export const peerTold = ({ python }: Beside, kind: Peer, seed: number, { columns }: Tables): Promise<Told> =>
  python.ask<{ told: number[]; attack: number[] }>({ kind, seed, columns: columns.length })
