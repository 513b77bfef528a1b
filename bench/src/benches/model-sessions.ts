import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COLUMN_NAMES, SESSION_COLUMNS } from '../../../packages/gateway/src/evidence/sessions/index.ts'
import type { Matrix } from '../../../packages/learn/src/index.ts'
import { fitClassifier } from '../../../packages/learn/src/io/index.ts'
import { beside, type Line, progress } from '../base/report.ts'
import { Python } from '../peers/python.ts'
import type { Bench } from './bench.ts'
import {
  bySession,
  byTime,
  type Captured,
  type Classes,
  confusionOf,
  macroF1,
  type Parts,
  readCaptures,
  tableOf,
} from './model-sessions-data.ts'
import { folderOf } from './quality-data.ts'

const PEER_SCRIPT = new URL('../peers/model-sessions.py', import.meta.url).pathname
const PEERS = { forest: 'scikit-learn random forest', boosted: 'xgboost hist' } as const
const SIZE = { span: 1_000, most: 100 }
const SEEDS = 3
const TOP = 8

const SPLITS: Readonly<Record<string, (captured: Captured) => Parts>> = {
  'first 70 % of time learned': byTime,
  'first 70 % of sessions learned': bySession,
}
const COLUMN_SETS: Readonly<Record<string, readonly string[]>> = {
  'all columns': COLUMN_NAMES,
  'without CONNECT': COLUMN_NAMES.filter(name => !SESSION_COLUMNS.includes(name)),
  'without CONNECT and address': COLUMN_NAMES.filter(
    name => !SESSION_COLUMNS.includes(name) && !name.startsWith('source_'),
  ),
}

/** What attacks on sessions are told by in MQTTset's captures: macro F1 of our trees beside scikit-learn's forest and XGBoost on the same table. */
export const modelSessions: Bench = async function* ({ options, folder, own }) {
  const { quick } = options
  const data = folderOf('mqttset')
  if (data === null) return progress('model-sessions is skipped: ../shared/data/mqttset is not there')
  const python = own(await Python.start(PEER_SCRIPT, ['python3-sklearn', 'python3-xgboost']))
  await python.ask({ folder })
  const captured = readCaptures(data, SIZE)
  const seeds = Array.from({ length: quick ? 1 : SEEDS }, (_, at) => options.seed + at)
  yield* unseen(captured, seeds, { python, folder })
  for (const [split, partsOf] of Object.entries(SPLITS)) {
    for (const [set, columns] of Object.entries(COLUMN_SETS)) {
      const parts = captured
        .map(each => ({ name: each.name, ...partsOf(each) }))
        .filter(({ judged }) => judged.length > 0)
      yield* judged(`model-sessions, ${split}, ${set}`, parts, columns, seeds, { python, folder })
    }
  }
}

/** How much of an attack that was never learned is told as any attack at all. */
async function* unseen(captured: readonly Captured[], seeds: readonly number[], peer: Beside): AsyncGenerator<Line> {
  const columns = COLUMN_SETS['without CONNECT']!
  for (const attack of captured.slice(1)) {
    const known = captured.filter(each => each !== attack)
    const names = known.map(({ name }) => name)
    const learned = tableOf(
      known.map(each => byTime(each).learned),
      columns,
    )
    const judges = tableOf([attack.rows], columns)
    for (const [file, values] of files(learned, judges)) writeFileSync(join(peer.folder, file), values)
    const share = (told: ArrayLike<number>): number =>
      Array.from(told).filter(code => code !== 0).length / judges.table.rows
    const [own, forest]: [number[], number[]] = [[], []]
    for (const seed of seeds) {
      own.push(share(fitted(learned, judges.table, names, columns, seed).told))
      const asked = { kind: 'forest', seed, columns: columns.length }
      forest.push(share((await peer.python.ask<{ told: number[] }>(asked)).told))
    }
    const subject = { bench: 'model', case: `model-sessions, ${attack.name} never learned`, unit: '' }
    yield beside({ ...subject, metric: 'share told as an attack' }, own, PEERS.forest, forest)
  }
}

type Named = Parts & { readonly name: string }

interface Beside {
  readonly python: Python
  readonly folder: string
}

async function* judged(
  name: string,
  parts: readonly Named[],
  columns: readonly string[],
  seeds: readonly number[],
  { python, folder }: Beside,
): AsyncGenerator<Line> {
  const names = parts.map(part => part.name)
  const learned = tableOf(
    parts.map(part => part.learned),
    columns,
  )
  const judges = tableOf(
    parts.map(part => part.judged),
    columns,
  )
  for (const [file, values] of files(learned, judges)) writeFileSync(join(folder, file), values)
  const f1 = (told: ArrayLike<number>): number => macroF1(confusionOf(judges.codes, told, names.length))
  const own: number[] = []
  const peers: Record<string, number[]> = { forest: [], boosted: [] }
  let note = ''
  for (const seed of seeds) {
    const { told, top, kind } = fitted(learned, judges.table, names, columns, seed)
    own.push(f1(told))
    if (note === '') note = noteOf(kind, names, parts, confusionOf(judges.codes, told, names.length), top)
    for (const which of Object.keys(PEERS)) {
      const answer = await python.ask<{ told: number[] }>({ kind: which, seed, columns: columns.length })
      peers[which]!.push(f1(answer.told))
    }
  }
  for (const [which, peer] of Object.entries(PEERS)) {
    const noted = which === 'forest' ? { note } : {}
    yield beside({ bench: 'model', case: name, metric: 'macro F1', unit: '', ...noted }, own, peer, peers[which]!)
  }
}

function* files(learned: Classes, judges: Classes): Generator<readonly [string, Float32Array]> {
  yield ['learned.f32', learned.table.data as Float32Array]
  yield ['learned-labels.f32', Float32Array.from(learned.codes)]
  yield ['judged.f32', judges.table.data as Float32Array]
}

function fitted(
  { table, codes }: Classes,
  rows: Matrix,
  names: readonly string[],
  columns: readonly string[],
  seed: number,
): { told: Float32Array; top: string[]; kind: string } {
  const inputs = { all: table, by: () => table }
  const { model } = fitClassifier(inputs, { names, codes }, { seed })
  const weights = model.kind === 'boosted-trees' ? model.model.importances('total_gain') : model.model.importances()
  const top = Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]!)
  return { told: model.model.predict(rows), top: top.slice(0, TOP).map(at => columns[at]!), kind: model.kind }
}

function noteOf(
  kind: string,
  names: readonly string[],
  parts: readonly Named[],
  confusion: readonly (readonly number[])[],
  top: readonly string[],
): string {
  const lines = confusion.map((line, k) => `${names[k]} ${line.join(' ')}`)
  const rows = parts.map(({ name, learned, judged: judges }) => `${name} ${learned.length}+${judges.length}`)
  return [
    `${kind} of the first seed`,
    `rows learned+judged: ${rows.join(', ')}`,
    `confusion (a class a line, told ${names.join(' ')}): ${lines.join('; ')}`,
    `most said by: ${top.join(', ')}`,
  ].join('. ')
}
