import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Inputs } from '../../../packages/gateway/src/detect/intrusion/input.ts'
import { type Opinion, opinionOf } from '../../../packages/gateway/src/detect/intrusion/opinion.ts'
import { COLUMN_NAMES, type SessionRow, SIZE_COLUMNS } from '../../../packages/gateway/src/evidence/sessions/index.ts'
import { csvLine, readModel } from '../../../packages/learn/src/io/index.ts'
import { alone, type Line, progress } from '../base/report.ts'
import type { Bench } from './bench.ts'
import { byTime, readCaptures } from './model-sessions-data.ts'
import { folderOf } from './quality-data.ts'

const COMMAND = new URL('../../../packages/gateway/bin/ringwall.mjs', import.meta.url).pathname
const PAGE = new URL('../../../docs/learn-sessions.md', import.meta.url)
const SIZE = { span: 1_000, most: 100 }
const SEEDS = 3
const EPSILON = '.3'
const BENIGN = 'benign'
/** The gateway's own `intrusion.threshold` unless it is configured. */
const THRESHOLD = 0.9
/** Rows whose cost is measured. */
const TIMED = 2_000

/** What one model comes to: a share of windows by figure, and microseconds. */
type Figures = Map<string, { readonly value: number; readonly unit: string }>

/**
 * What the gateway makes of MQTTset's sessions by a model that was hardened with the constraints of docs/learn-sessions.md, and by one that was not: the first 70 % of each capture's time learned, the rest
 * judged as `IntrusionJudge` does, but for its quiet; and what a window costs.
 */
export const modelHardenedSessions: Bench = async function* ({ options, folder }) {
  const data = folderOf('mqttset')
  if (data === null) return progress('model-hardened-sessions is skipped: ../shared/data/mqttset is not there')
  const captured = readCaptures(data, SIZE).map(each => ({ name: each.name, ...byTime(each) }))
  const train = join(folder, 'train.csv')
  writeFileSync(train, tableText(captured.flatMap(({ name, learned }) => learned.map(row => ({ name, row })))))
  const judged = captured.flatMap(({ name, judged: rows }) => rows.map(row => ({ name, row })))
  const constraints = join(folder, 'constraints.json')
  writeFileSync(constraints, /```json\n([\s\S]*?)```/.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? '')
  const ways: Readonly<Record<string, readonly string[]>> = {
    'learn fit': ['fit'],
    'learn fit --algorithm ensemble': ['fit', '--algorithm', 'ensemble'],
    'learn harden': ['harden', '--epsilon', EPSILON, '--constraints', constraints],
  }
  const seeds = Array.from({ length: options.quick ? 1 : SEEDS }, (_, at) => String(options.seed + at))
  for (const [way, args] of Object.entries(ways)) {
    const figures: Figures[] = []
    for (const seed of seeds) {
      const save = join(folder, 'model.json')
      const asked = ['--train', train, '--label', 'label', '--ignore', 'connect_after', '--seed', seed, '--save', save]
      const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args, ...asked])
      if (status !== 0) throw new Error(`${way}: ${stderr}`)
      figures.push(await figuresOf(save, judged))
    }
    yield* linesOf(`model-hardened-sessions, ${way}`, figures)
  }
}

interface Named {
  readonly name: string
  readonly row: SessionRow
}

function tableText(rows: readonly Named[]): string {
  const head = csvLine([...SIZE_COLUMNS, ...COLUMN_NAMES, 'label'])
  const cells = ({ name, row }: Named): (string | number)[] => {
    const values = Array.from(row.values, value => Number(value.toPrecision(7)))
    return [SIZE.span / 1_000, SIZE.most, ...values, name]
  }
  return [head, ...rows.map(row => csvLine(cells(row)))].join('')
}

async function figuresOf(file: string, judged: readonly Named[]): Promise<Figures> {
  const loaded = await readModel(readFileSync(file, 'utf8'))
  const opinion = opinionOf(loaded)
  const inputs = new Inputs(loaded, SIZE)
  const normal = loaded.classes.indexOf(BENIGN)
  const figures: Figures = new Map()
  for (const name of loaded.classes) {
    const rows = judged.filter(each => each.name === name)
    const fates = rows.map(({ row }) => fateOf(opinion, inputs, row, normal))
    const share = (test: (fate: Fate) => boolean) => ({
      value: (100 * fates.filter(test).length) / rows.length,
      unit: '%',
    })
    figures.set(
      `${name} (${rows.length}), told as an attack`,
      share(fate => fate === 'attack'),
    )
    figures.set(
      `${name} (${rows.length}), told as unknown with doubt: alarm`,
      share(fate => fate === 'unknown'),
    )
  }
  const each = (work: (row: SessionRow) => void) => ({ value: microseconds(judged, work), unit: 'us' })
  figures.set(
    'score of a window',
    each(({ values }) => void opinion.shares(inputs.of(values))),
  )
  figures.set(
    'doubt of a window',
    each(({ values }) => void opinion.undecided(inputs.of(values))),
  )
  return figures
}

type Fate = 'attack' | 'unknown' | 'silent'

function fateOf(opinion: Opinion, inputs: Inputs, { values }: SessionRow, normal: number): Fate {
  const input = inputs.of(values)
  const isLikely = 1 - opinion.shares(input)[normal]! >= THRESHOLD
  if (isLikely) return 'attack'
  return opinion.undecided(input)?.reason === 'novel' ? 'unknown' : 'silent'
}

/** CPU of this process. */
function microseconds(judged: readonly Named[], work: (row: SessionRow) => void): number {
  // As many of each part of the table, and once before the clock runs.
  const rows = Array.from({ length: TIMED }, (_, i) => judged[Math.floor((i * judged.length) / TIMED)]!.row)
  for (const row of rows) work(row)
  const began = process.cpuUsage()
  for (const row of rows) work(row)
  const { user, system } = process.cpuUsage(began)
  return (user + system) / TIMED
}

function* linesOf(name: string, figures: readonly Figures[]): Generator<Line> {
  for (const [metric, { unit }] of figures[0]!)
    yield alone(
      { bench: 'model', case: name, metric, unit },
      figures.map(each => each.get(metric)!.value),
    )
}
