import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { matrixOf } from '@ringwall/learn'
import { readModel, writeModel } from '@ringwall/learn/io'
import { MlpClassifier } from '@ringwall/learn/nets'
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-attack-'))
  writeFileSync(join(folder, 'train.csv'), states(240, 0))
  writeFileSync(join(folder, 'test.csv'), states(60, 500))
  writeFileSync(join(folder, 'other.csv'), `${states(9, 0)}1,hot,broken\n`)
  for (const algorithm of ['boosting', 'forest'])
    ringwall('fit', '--train', 'train.csv', '--label', 'state', '--algorithm', algorithm, '--save', `${algorithm}.json`)
  json('fixed.json', { columns: { load: { fixed: true } } })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function ringwall(...args: readonly string[]) {
  const options = { cwd: folder, encoding: 'utf8' } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], options)
  return { status, out: stdout, err: stderr }
}

const json = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value))
const attack = (model: string, ...more: readonly string[]) =>
  ringwall('attack', model, '--test', 'test.csv', '--label', 'state', ...more)

/** Three loads that lie a little apart. */
function states(rows: number, shift: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const state = (i + shift) % 3
    const noise = (Math.sin((i + shift) * 12.9898) * 43758.5453) % 1
    return `${(10 * (state + 0.45 * noise)).toFixed(3)},${state === 2 ? 'hot' : 'cold'},${['off', 'low', 'high'][state]}`
  })
  return `load,mode,state\n${lines.join('\n')}\n`
}

test.each(['boosting', 'forest'])(
  '%s falls the farther an attacker reaches, and not at all where nothing can be moved',
  model => {
    const { status, out, err } = attack(`${model}.json`, '--epsilon', '.01,.8', '--json')
    expect([status, err]).toEqual([0, ''])
    const told = JSON.parse(out)
    expect(told).toMatchObject({ rows: 60, deviations: 'attacked rows', floor: null })
    expect(told.clean).toBeGreaterThan(0.9)
    const [near, far] = told.attacks
    expect(near.worst).toBeGreaterThan(0.9)
    expect(far.worst).toBeLessThan(0.7)
    expect(far.each.map((each: { name: string }) => each.name)).toEqual(['search', 'black box'])
    const still = JSON.parse(attack(`${model}.json`, '--epsilon', '.8', '--constraints', 'fixed.json', '--json').out)
    expect(still.worst).toBe(still.clean)
  },
)

test('a net is attacked along its slope, and missing values stay missing', async () => {
  const like = await readModel(readFileSync(join(folder, 'boosting.json'), 'utf8'))
  const rows = states(240, 0)
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(','))
  const options = { inputs: 1, hidden: [8], classes: 3, seed: 1 }
  const model = new MlpClassifier(options)
  const codes = Int32Array.from(rows, row => like.classes.indexOf(row[2]!))
  const load = { from: 'load', kind: 'number', mean: 10, scale: 8, missing: 0 } as const
  await model.fit(matrixOf(rows.map(row => [(Number(row[0]) - load.mean) / load.scale])), codes, {
    epochs: 200,
    optimizer: { kind: 'adam', rate: 1e-2 },
  })
  const { digest: _, ...others } = like
  const record = {
    ...others,
    preprocessing: { steps: [load] },
    model: { kind: 'mlp-classifier', options, model } as const,
  }
  writeFileSync(join(folder, 'net.json'), await writeModel(record))
  const told = JSON.parse(attack('net.json', '--epsilon', '.01,.8', '--json').out)
  expect(told.attacks[1].each.map((each: { name: string }) => each.name)).toContain('pgd')
  expect(told.clean).toBeGreaterThan(0.9)
  expect(told.attacks[1].fgsm).toBeLessThan(0.8)
  expect(told.attacks[1].worst).toBeLessThan(0.7)
  writeFileSync(join(folder, 'gaps.csv'), states(60, 500).replace(/^[^l,]+,hot/m, ',hot'))
  const gaps = ringwall(
    'attack',
    'boosting.json',
    '--test',
    'gaps.csv',
    '--label',
    'state',
    '--epsilon',
    '.1',
    '--json',
  )
  expect([gaps.status, gaps.err]).toEqual([0, ''])
})

test('what attacks on another model make is tried on this one', () => {
  const epsilon = ['--epsilon', '.01,.8', '--json']
  const alone = JSON.parse(attack('boosting.json', ...epsilon).out)
  const [, far] = JSON.parse(attack('boosting.json', '--from', 'forest.json', ...epsilon).out).attacks
  expect(far.each.map((each: { name: string }) => each.name)).toEqual(['search', 'black box', 'transfer'])
  const transfer = far.each[2].accuracy
  expect(transfer).toBeLessThan(alone.clean - 0.1)
  expect(far.worst).toBeLessThanOrEqual(Math.min(transfer, alone.attacks[1].worst))
  // Against itself it is what its own attacks made.
  writeFileSync(join(folder, 'same.json'), readFileSync(join(folder, 'boosting.json')))
  const [, same] = JSON.parse(attack('boosting.json', '--from', 'same.json', ...epsilon).out).attacks
  expect(same.each[2].accuracy).toBe(alone.attacks[1].worst)
  const { out } = attack('boosting.json', '--from', 'forest.json', '--epsilon', '.8')
  expect(out).toContain('Transfer: what attacks on forest.json made.')
}, 120_000)

test('another model of other columns or classes makes nothing', () => {
  const wide = states(60, 0).replaceAll(/^([^,l]*),/gm, '$1,$1,')
  writeFileSync(join(folder, 'wide.csv'), wide.replace('load,', 'load,twice,'))
  const fit = ['--label', 'state', '--algorithm', 'boosting']
  ringwall('fit', '--train', 'wide.csv', ...fit, '--ignore', 'twice', '--save', 'same-columns.json')
  ringwall('fit', '--train', 'wide.csv', ...fit, '--ignore', 'mode', '--save', 'less.json')
  const from = (model: string) =>
    ringwall('attack', 'boosting.json', '--from', model, '--test', 'wide.csv', '--label', 'state', '--epsilon', '.1')
  expect(from('same-columns.json').status).toBe(0)
  const { status, err } = from('less.json')
  expect(status).toBe(2)
  expect(err).toContain('attack_from')
  expect(err).toContain('less.json')
}, 120_000)

test('a floor that is not kept is status 1; the plot has a line an attack', () => {
  const { status, out } = attack(
    'boosting.json',
    '--epsilon',
    '.8',
    '--floor',
    '.9',
    '--plot',
    'p.html',
    '--rows',
    '20',
  )
  expect(status).toBe(1)
  expect(out).toContain('20 of 60 rows are attacked')
  expect(out).toContain('is below the floor of 90.0 %')
  const page = readFileSync(join(folder, 'p.html'), 'utf8')
  for (const text of ['boosted-trees, search', 'boosted-trees, black box', 'epsilon, in standard deviations'])
    expect(page).toContain(text)
})

test('hardening keeps an ensemble that withstands more, and its file tells the deviations that epsilon counts in', () => {
  const args = ['--train', 'train.csv', '--label', 'state', '--epsilon', '.2', '--save', 'hard.json']
  const { status, out, err } = ringwall('harden', ...args, '--test', 'test.csv', '--plot', 'h.svg', '--json')
  expect([status, err]).toEqual([0, ''])
  const { attacked } = JSON.parse(out)
  const [before, after] = attacked
  expect(after.clean).toBeGreaterThan(0.9)
  expect(after.attacks[0].worst).toBeGreaterThanOrEqual(before.attacks[0].worst)
  expect(readFileSync(join(folder, 'h.svg'), 'utf8')).toContain('hardened, worst')
  const again = JSON.parse(attack('hard.json', '--epsilon', '.2', '--json').out)
  expect(again.deviations).toBe('training rows')
  expect(ringwall('export', 'hard.json', '--onnx', 'hard.onnx').status).toBe(0)
  expect(readFileSync(join(folder, 'hard.onnx'), 'utf8')).toMatch(
    /ringwall\.hardened.{1,4}\{"deviations":\{"load":[\d.]+\},"epsilon":0\.2\}/,
  )
  const own = after.attacks[0].each.filter((each: { name: string }) => each.name !== 'transfer')
  expect(again.attacks[0].each).toEqual(own)
  const transfer = after.attacks[0].each.at(-1)
  expect(transfer).toMatchObject({ name: 'transfer', queries: 60 })
  expect(transfer.accuracy).toBeGreaterThanOrEqual(after.attacks[0].worst)
  expect(before.attacks[0].each.map((each: { name: string }) => each.name)).not.toContain('transfer')
  expect(after.attacks[0].undecided).toBeLessThanOrEqual(after.attacks[0].fallen)
  const { out: card } = ringwall('report', 'hard.json')
  expect(card).toContain('attacked at 0.2, balanced')
  // Kept deviations of another unit say nothing of these rows.
  writeFileSync(
    join(folder, 'milli.csv'),
    states(60, 500).replaceAll(/^([\d.-]+),/gm, (_, load) => `${1_000 * Number(load)},`),
  )
  const milli = ringwall(
    'attack',
    'hard.json',
    '--test',
    'milli.csv',
    '--label',
    'state',
    '--epsilon',
    '.2',
    '--floor',
    '0',
  )
  expect([milli.status, milli.err.includes('deviations_unlike')]).toEqual([1, true])
}, 120_000)

test.each([
  [['attack', 'boosting.json', '--test', 'other.csv', '--label', 'state'], 'label_unknown'],
  [['attack', 'boosting.json', '--test', 'test.csv', '--label', 'stat'], 'column_unknown'],
  [['attack', 'boosting.json', '--test', 'test.csv', '--label', 'state', '--epsilon', '0'], 'numbers above 0'],
  [['attack', 'boosting.json', '--test', 'test.csv', '--label', 'state', '--floor', '2'], 'share from 0 to 1'],
  [['harden', '--train', 'train.csv', '--label', 'state', '--save', 'x.json', '--plot', 'p.svg'], '--plot takes'],
  [['harden', '--train', 'no.csv', '--label', 'x', '--save', 'x.json', '--test', 'y', '--plot', 'p.png'], 'plot_kind'],
  [['attack', 'boosting.json', '--test', 'test.csv', '--label', 'state', '--epsilon', '1e300'], 'up to 1e6'],
  [['harden', '--train', 'train.csv', '--label', 'state', '--save', 'x.json', '--floor', '.5'], '--floor takes'],
  [['harden', '--train', 'train.csv', '--label', 'state', '--save', 'x.json', '--test', 'other.csv'], 'label_unknown'],
  [['attack', '-', '--test', '-', '--label', 'state'], 'two files are standard input'],
])('what cannot be attacked is refused: %j', (args, expected) => {
  const { status, err } = ringwall(...args)
  expect(status).toBe(2)
  expect(err).toContain(expected)
})

test('a floor is judged on the mean over classes, and each class is told', () => {
  const uneven = states(300, 0)
    .split('\n')
    .filter((line, i) => i < 200 || !line.endsWith('high'))
  const many = [...uneven, ...uneven.filter(line => line.endsWith('off')).flatMap(line => new Array(8).fill(line))]
  writeFileSync(join(folder, 'uneven.csv'), `${many.filter(line => line !== '').join('\n')}\n`)
  const args = [
    'attack',
    'boosting.json',
    '--test',
    'uneven.csv',
    '--label',
    'state',
    '--epsilon',
    '.8',
    '--rows',
    '150',
  ]
  const told = JSON.parse(ringwall(...args, '--json').out)
  expect(told.classes.map((each: { name: string }) => each.name)).toEqual(['high', 'low', 'off'])
  expect(told.classes.every((each: { rows: number }) => each.rows > 0)).toBe(true)
  expect(told.classes[2].share).toBeGreaterThan(0.7)
  const mean = told.classes.reduce((sum: number, { worst }: { worst: number[] }) => sum + worst[0]! / 3, 0)
  expect(told.balanced.worst).toBeCloseTo(mean)
  expect(told.worst).toBeGreaterThan(told.balanced.worst)
  const between = String((told.worst + told.balanced.worst) / 2)
  const { status, out } = ringwall(...args, '--floor', between)
  expect(status).toBe(1)
  expect(out).toContain("of the attacked rows are of class 'off'")
})

test('one wild cell does not decide how far an attacker reaches', () => {
  const calm = JSON.parse(attack('boosting.json', '--epsilon', '.1', '--json').out)
  writeFileSync(join(folder, 'wild.csv'), `${states(60, 500)}99999,hot,high\n`)
  const wild = ringwall(
    'attack',
    'boosting.json',
    '--test',
    'wild.csv',
    '--label',
    'state',
    '--epsilon',
    '.1',
    '--json',
  )
  expect(JSON.parse(wild.out).units.load / calm.units.load).toBeCloseTo(1, 1)
})

test('a model that tells no classes is refused before its rows are read', () => {
  writeFileSync(
    join(folder, 'series.csv'),
    `a,b\n${Array.from({ length: 400 }, (_, i) => `${Math.sin(i / 9).toFixed(4)},${Math.cos(i / 9).toFixed(4)}`).join('\n')}\n`,
  )
  ringwall('series', 'series.csv', '--train-rows', '300', '--save', 'series.json')
  const { status, err } = attack('series.json', '--epsilon', '.1')
  expect(status).toBe(2)
  expect(err).toContain('attack_model')
})
