import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-ensemble-'))
  writeFileSync(join(folder, 'train.csv'), states(240, 0))
  writeFileSync(join(folder, 'test.csv'), states(60, 500))
  writeFileSync(join(folder, 'strange.csv'), 'load,mode\n-900,cold\n900,hot\n')
  ringwall('fit', '--train', 'train.csv', '--label', 'state', '--algorithm', 'ensemble', '--save', 'm.json')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function ringwall(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, out: stdout, err: stderr }
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const rowsOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map(line => line.split(','))

function states(rows: number, shift: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const state = (i + shift) % 3
    const noise = (Math.sin((i + shift) * 12.9898) * 43758.5453) % 1
    return `${(state + 0.7 * noise).toFixed(3)},${state === 2 ? 'hot' : 'cold'},${['off', 'low', 'high'][state]}`
  })
  return `load,mode,state\n${lines.join('\n')}\n`
}

test('an ensemble tells classes, probabilities, doubt and decisions, and draws accuracy against coverage', () => {
  const args = ['classify', '--model', 'm.json', '--test', 'test.csv', '--out', 'told.csv', '--coverage', '.8']
  const { status, out, err } = ringwall(...args, '--plot', 'curve.svg', '--json')
  expect([status, err]).toEqual([0, ''])
  const told = JSON.parse(out)
  expect(told).toMatchObject({ kind: 'ensemble', rows: 60, plot: 'curve.svg', decided: { coverage: 0.8 } })
  expect(told.decided.accuracy).toBeGreaterThanOrEqual(told.accuracy)
  const [head, ...rows] = rowsOf(read('told.csv'))
  expect(head).toEqual(['prediction', 'p_high', 'p_low', 'p_off', 'doubt', 'decision'])
  expect(rows.filter(row => row[5] === 'undecided')).toHaveLength(12)
  for (const row of rows) {
    expect(Number(row[1]) + Number(row[2]) + Number(row[3])).toBeCloseTo(1, 4)
    expect(['undecided', row[0]]).toContain(row[5])
  }
  expect(read('curve.svg')).toMatch(/^<svg .*share of rows that are decided.*<\/svg>\s*$/s)
})

test('rows like none that were learned are not decided', () => {
  const { status, out } = ringwall('classify', '--model', 'm.json', '--test', 'strange.csv', '--out', '-')
  expect(status).toBe(0)
  expect(
    rowsOf(out)
      .slice(1)
      .map(row => row[5]),
  ).toEqual(['undecided', 'undecided'])
})

test('with a normal class it tells rows that are odd beside it, seen or not', () => {
  const learn = ['--train', 'train.csv', '--label', 'state', '--algorithm', 'ensemble']
  const fit = ringwall('fit', ...learn, '--normal', 'low', '--save', 'n.json')
  expect([fit.status, fit.err]).toEqual([0, ''])
  expect(fit.out).toContain('attack-detector of 3 classes')
  const { out } = ringwall('classify', '--model', 'n.json', '--test', 'strange.csv', '--out', '-')
  const [head, ...rows] = rowsOf(out)
  expect(head).toEqual(['prediction', 'p_high', 'p_low', 'p_off', 'doubt', 'decision', 'unseen_p'])
  for (const row of rows) expect(Number(row[6])).toBeLessThan(0.05)
  expect(ringwall('classify', '--model', 'n.json', '--test', 'test.csv').out).toMatch(/rows? as odd as 1\.00 %/)
  expect(ringwall('fit', ...learn, '--normal', 'lower', '--save', 'x.json').err).toContain("no class 'lower'")
  expect(ringwall('export', 'n.json', '--onnx', 'n.onnx', '--member', 'boosted-trees').status).toBe(0)
})

test('its card has calibration, coverage and weights; it is exported whole, and a member alone', () => {
  const { out } = ringwall('report', 'm.json')
  for (const text of ['ensemble of classifiers', 'calibration error', 'accuracy at coverage 0.9', '| mlp-classifier |'])
    expect(out).toContain(text)
  const whole = ringwall('export', 'm.json', '--onnx', 'm.onnx', '--json')
  expect(JSON.parse(whole.out)).toMatchObject({ kind: 'ensemble', inputs: ['load', 'mode=cold', 'mode=hot'] })
  expect(read('m.onnx')).toContain('ringwall.members')
  expect(read('m.onnx')).not.toContain('ringwall.hardened')
  expect(ringwall('export', 'm.json', '--onnx', 'm.onnx', '--member', 'boosted-trees').status).toBe(0)
  expect(read('m.onnx')).not.toContain('ringwall.members')
  const net = ringwall('export', 'm.json', '--onnx', 'n.onnx', '--member', 'mlp-classifier', '--json')
  expect(JSON.parse(net.out)).toMatchObject({ kind: 'mlp-classifier', inputs: ['load', 'mode=cold', 'mode=hot'] })
  expect(read('n.onnx')).toContain('scaled-mlp-classifier')
  for (const args of [
    ['--onnx', 'm.onnx', '--member', 'svm'],
    ['--xgboost', 'x.json'],
  ])
    expect(ringwall('export', 'm.json', ...args).err).toContain('Say which one with --member.')
  expect(ringwall('export', 'm.json', '--xgboost', 'x.json', '--member', 'boosted-trees').status).toBe(0)
})

test('labels that are noise: it says that it is no better than telling one class, and how often decided rows were right', () => {
  const noise = (rows: number, shift: number) => {
    const draw = (i: number) => Math.abs(Math.sin((i + shift) * 78.233) * 43758.5453) % 1
    const lines = Array.from(
      { length: rows },
      (_, i) => `${draw(3 * i)},${draw(3 * i + 1)},${draw(3 * i + 2) < 0.6 ? 'yes' : 'no'}`,
    )
    return `a,b,state\n${lines.join('\n')}\n`
  }
  writeFileSync(join(folder, 'noise.csv'), noise(200, 0))
  writeFileSync(join(folder, 'more.csv'), noise(100, 5_000))
  const fit = ['--train', 'noise.csv', '--label', 'state', '--algorithm', 'ensemble', '--save', 'noise.json']
  const warning = /\nWarning: no better than always saying 'yes' on held-out rows: \d\d\.\d\d % of 200 were right/
  const fitted = ringwall('fit', ...fit).out
  expect(fitted).toMatch(warning)
  expect(fitted).toMatch(/\nclass {2}rows\nno {5}\d+\nyes {4}\d+\nmeasured/)
  expect(fitted).toMatch(/\nOf 200 held-out rows .* % by telling always 'yes', the most frequent in training\.\n/)
  const told = ringwall('classify', '--model', 'noise.json', '--test', 'more.csv').out
  expect(told).toMatch(warning)
  expect(told).toMatch(/ are decided, .* % of the held-out rows decided \d\d\.\d\d % of those were right\.\n/)
  expect(told).not.toContain('measured')
  const good = ringwall('classify', '--model', 'm.json', '--test', 'test.csv').out
  expect([good.includes('Warning'), good.split('\n')[1]]).toEqual([false, expect.stringMatching(/^class +actual/)])
})

test('a class of one row is named', () => {
  writeFileSync(join(folder, 'one.csv'), `${states(60, 0)}1.5,hot,burst\n`)
  const fit = ['--train', 'one.csv', '--label', 'state', '--algorithm', 'ensemble', '--save', 'x.json']
  expect(ringwall('fit', ...fit).err).toMatch(/error class_rare\n.*class 'burst' has 1 row:[\s\S]*leave its row out/)
})

test.each([
  [['fit', '--train', 'train.csv', '--label', 'state', '--save', 'x.json', '--stream'], '--stream needs'],
  [['fit', '--train', 'train.csv', '--label', 'state', '--save', 'x.json', '--normal', 'off'], '--normal needs'],
  [['classify', '--model', 'm.json', '--test', 'test.csv', '--normal', 'off'], '--normal has no effect'],
  [['fit', '--train', 'train.csv', '--label', 'state', '--save', 'x.json', '--plot', 'p.svg'], '--plot needs'],
  [['classify', '--model', 'm.json', '--test', 'strange.csv', '--out', 'o.csv', '--plot', 'p.svg'], '--plot takes'],
  [['classify', '--model', 'm.json', '--test', 'test.csv', '--out', 'o.csv', '--plot', 'p.png'], '.svg or .html'],
  [['classify', '--model', 'm.json', '--test', 'test.csv', '--out', 'o.csv', '--coverage', '2'], 'share from 0 to 1'],
])('what does not go together is refused: %j', (args, expected) => {
  const { status, err } = ringwall(...args)
  expect(status).toBe(2)
  expect(err).toContain(expected)
})
