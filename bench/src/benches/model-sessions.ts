import { COLUMN_NAMES, SESSION_COLUMNS } from '../../../packages/gateway/src/evidence/sessions/index.ts'
import { beside, type Line, progress } from '../base/report.ts'
import { Python } from '../peers/python.ts'
import type { Bench } from './bench.ts'
import { type Beside, fitted, hand, PEERS, type Peer, peerTold, type Tables } from './model-sessions-contest.ts'
import {
  bySession,
  byTime,
  type Captured,
  confusionOf,
  macroF1,
  type Parts,
  readCaptures,
  tableOf,
} from './model-sessions-data.ts'
import { type Detection, detectionLines, sharesOf, type Told } from './model-sessions-told.ts'
import { folderOf } from './quality-data.ts'

const PEER_SCRIPT = new URL('../peers/model-sessions.py', import.meta.url).pathname
const SIZE = { span: 1_000, most: 100 }
const SEEDS = 3

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

/**
 * What attacks on sessions are told by in MQTTset's captures: macro F1 of our trees beside scikit-learn's forest and XGBoost on the same table, and with each figure which share of attacks and of
 * what is benign is taken for an attack.
 */
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

/** How much of an attack that was never learned is told as any attack at all, and how much of the benign rest is. */
async function* unseen(captured: readonly Captured[], seeds: readonly number[], peer: Beside): AsyncGenerator<Line> {
  const columns = COLUMN_SETS['without CONNECT']!
  const [benign] = captured
  const calm = byTime(benign!).judged
  for (const attack of captured.slice(1)) {
    const known = captured.filter(each => each !== attack)
    const names = known.map(({ name }) => name)
    const learned = tableOf(
      known.map(each => byTime(each).learned),
      columns,
    )
    const tables: Tables = { names, columns, learned, judges: tableOf([calm, attack.rows], columns) }
    hand(tables, peer)
    const detected = (told: Told): Detection => detectionOf(told, row => row < calm.length)
    const [own, forest]: [Detection[], Detection[]] = [[], []]
    for (const seed of seeds) {
      own.push(detected(fitted(tables, seed)))
      forest.push(detected(await peerTold(peer, 'forest', seed, tables)))
    }
    const note = `${attack.rows.length} attack windows, ${calm.length} benign ones`
    const subject = { bench: 'model', case: `model-sessions, ${attack.name} never learned`, note }
    yield* detectionLines(subject, own, PEERS.forest, forest)
  }
}

type Named = Parts & { readonly name: string }

async function* judged(
  name: string,
  parts: readonly Named[],
  columns: readonly string[],
  seeds: readonly number[],
  peer: Beside,
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
  const tables: Tables = { names, columns, learned, judges }
  hand(tables, peer)
  const f1 = ({ told }: Told): number => macroF1(confusionOf(judges.codes, told, names.length))
  const detected = (told: Told): Detection => detectionOf(told, row => judges.codes[row] === 0)
  const own: Told[] = []
  const peers: Record<Peer, Told[]> = { forest: [], boosted: [] }
  let note = ''
  for (const seed of seeds) {
    const { top, kind, ...told } = fitted(tables, seed)
    own.push(told)
    if (note === '') note = noteOf(kind, names, parts, confusionOf(judges.codes, told.told, names.length), top)
    for (const which of ['forest', 'boosted'] as const) peers[which].push(await peerTold(peer, which, seed, tables))
  }
  for (const which of ['forest', 'boosted'] as const) {
    const subject = { bench: 'model', case: name }
    const noted = which === 'forest' ? { note } : {}
    yield beside(
      { ...subject, metric: 'macro F1', unit: '', ...noted },
      own.map(f1),
      PEERS[which],
      peers[which].map(f1),
    )
    yield* detectionLines(subject, own.map(detected), PEERS[which], peers[which].map(detected))
  }
}

const detectionOf = (told: Told, isBenign: (row: number) => boolean): Detection => ({
  attacks: sharesOf(told, row => !isBenign(row)),
  benign: sharesOf(told, isBenign),
})

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
