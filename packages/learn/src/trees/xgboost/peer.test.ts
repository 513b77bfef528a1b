import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fitBoosted } from '../boost/fit.ts'
import { BoostedTrees } from '../boost/model.ts'
import { code, labelsOf, noise, randomTree } from '../trees.testkit.ts'
import { readXgboost } from './read.ts'
import { writeXgboost, xgboostNames } from './write.ts'

const PYTHON = '/usr/bin/python3'
const CLOSE = 1e-6
const found = spawnSync(PYTHON, ['-c', 'import xgboost; print(xgboost.__version__)'], { encoding: 'utf8' })
const isThere = found.status === 0
const why = (found.error?.message ?? found.stderr).trim().split('\n').at(-1)
if (!isThere) console.log(`skipped: ${PYTHON} has no xgboost (Debian: python3-xgboost): ${why}`)

const folder = mkdtempSync(join(tmpdir(), 'ringwall-xgboost-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs Python over files of the folder: `x` and `y` are the table and the targets there. */
function python(columns: number, script: string): void {
  const head = `
import os, sys, numpy as np, xgboost as xgb
os.chdir(${JSON.stringify(folder)})
x = np.fromfile('x', '<f4').reshape(-1, ${columns})
y = np.fromfile('y', '<f4')
data = xgb.DMatrix(x, y)
def keep(name, values): np.asarray(values, '<f4').tofile(name)
`
  const { status, stderr } = spawnSync(PYTHON, ['-W', 'ignore', '-c', head + script], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

const put = (name: string, values: Float32Array | string): void => writeFileSync(join(folder, name), values)

function take(name: string): Float32Array {
  const bytes = readFileSync(join(folder, name))
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

function furthest(one: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(one.length).toBe(other.length)
  return Array.from(one).reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0)
}

// With CI=true a test without its peer fails.
test.runIf(process.env['CI'] === 'true')('the peer is there', () => {
  expect(isThere, why).toBe(true)
})

test.skipIf(!isThere)(
  'XGBoost predicts with what is written here as is predicted here, and explains it the same',
  () => {
    const table = noise(1_000, 6, 1, 0.1)
    put('x', table.data)
    put('y', labelsOf(table))
    const objectives = [
      ['binary:logistic', labelsOf(table)],
      ['multi:softprob', labelsOf(table, 3)],
      ['reg:squarederror', labelsOf(table).map((label, i) => label + (i % 10))],
    ] as const
    const models = objectives.map(([objective, targets]) => fitBoosted(table, targets, { objective, rounds: 15 }))
    for (const [i, trees] of models.entries()) put(`model-${i}.json`, writeXgboost(trees))
    python(
      6,
      `
for i in range(3):
    booster = xgb.Booster()
    booster.load_model(f'model-{i}.json')
    keep(f'found-{i}', booster.predict(data))
    keep(f'moves-{i}', booster.predict(xgb.DMatrix(x[:20]), pred_contribs=True, approx_contribs=True))
    keep(f'gains-{i}', [booster.get_score(importance_type='gain').get(f'f{j}', 0) for j in range(6)])
`,
    )
    for (const [i, trees] of models.entries()) {
      expect(furthest(trees.outputs(table), take(`found-${i}`))).toBeLessThan(CLOSE)
      const rows = Array.from({ length: 20 }, (_, row) => table.data.subarray(6 * row, 6 * row + 6))
      const outputs = Array.from({ length: trees.model.outputs }, (_, k) => k)
      const moves = rows.flatMap(row => outputs.flatMap(k => Array.from(trees.contributions(row, k))))
      expect(furthest(moves, take(`moves-${i}`))).toBeLessThan(1e-5)
      const gains = trees.importances()
      expect(take(`gains-${i}`).every((gain, column) => Math.abs(gain - gains[column]!) <= 1e-4 * gain)).toBe(true)
    }
  },
  60_000,
)

test.skipIf(!isThere)(
  'trees that no fit makes come over too',
  () => {
    const table = noise(500, 4, 2, 0.2)
    put('x', table.data)
    put('y', new Float32Array(500))
    const trees = Array.from({ length: 12 }, (_, seed) => randomTree(4, 8, seed))
    const model = {
      columns: 4,
      objective: 'binary:logistic' as const,
      outputs: 1,
      baseScore: 0.2,
      trees,
      outputOf: trees.map(() => 0),
    }
    const own = new BoostedTrees(model)
    put('model.json', writeXgboost(own))
    python(
      4,
      `
booster = xgb.Booster()
booster.load_model('model.json')
keep('found', booster.predict(data))
`,
    )
    expect(furthest(own.outputs(table), take('found'))).toBeLessThan(CLOSE)
  },
  60_000,
)

test.skipIf(!isThere)(
  'what XGBoost writes is read, and predicted with as it does, missing values too',
  () => {
    const table = noise(1_500, 5, 3, 0.1)
    put('x', table.data)
    put('y', labelsOf(table, 3))
    python(
      5,
      `
for objective in ('binary:logistic', 'multi:softprob', 'reg:squarederror'):
    params = dict(objective=objective, max_depth=6, nthread=1, tree_method='hist', base_score=0.3, gamma=0.1, num_parallel_tree=2)
    if objective == 'multi:softprob': params['num_class'] = 3
    booster = xgb.train(params, xgb.DMatrix(x, y == 1 if objective == 'binary:logistic' else y), 20)
    booster.save_model(objective + '.json')
    keep(objective, booster.predict(xgb.DMatrix(x)))
`,
    )
    for (const objective of ['binary:logistic', 'multi:softprob', 'reg:squarederror']) {
      const read = readXgboost(readFileSync(join(folder, `${objective}.json`), 'utf8'))
      expect(read.model.trees.length).toBe(40 * read.model.outputs)
      expect(furthest(read.outputs(table), take(objective))).toBeLessThan(CLOSE)
    }
  },
  60_000,
)

test.skipIf(!isThere)(
  'fits as well as XGBoost does: the loss on rows that neither has seen',
  () => {
    const [train, other] = [noise(4_000, 6, 4, 0.05), noise(4_000, 6, 5, 0.05)]
    const labels = labelsOf(other)
    put('x', train.data)
    put('y', labelsOf(train))
    put('other', other.data)
    python(
      6,
      `
params = dict(objective='binary:logistic', eta=0.2, max_depth=5, nthread=1, tree_method='hist', alpha=0.5, gamma=0.2)
booster = xgb.train(params, data, 40)
keep('found', booster.predict(xgb.DMatrix(np.fromfile('other', '<f4').reshape(-1, 6))))
`,
    )
    const settings = { learningRate: 0.2, maxDepth: 5, alpha: 0.5, gamma: 0.2, rounds: 40 }
    const trees = fitBoosted(train, labelsOf(train), { objective: 'binary:logistic', ...settings })
    const loss = (probabilities: Float32Array): number =>
      labels.reduce((sum, label, i) => sum - Math.log(label === 1 ? probabilities[i]! : 1 - probabilities[i]!), 0) /
      4_000
    expect(loss(trees.outputs(other))).toBeLessThan(1.05 * loss(take('found')))
  },
  60_000,
)

test.skipIf(!isThere)('XGBoost takes names and types of columns, whatever is in the names', () => {
  const table = noise(300, 4, 1, 0.1)
  const trees = fitBoosted(table, labelsOf(table), { objective: 'binary:logistic', rounds: 5 })
  const names = ['a, "b"|\n', 'x[1]<y', 'x(1)&lt;y', 'mode=auto']
  const text = writeXgboost(trees, { names, types: ['float', 'float', 'float', 'i'] })
  put('x', table.data)
  put('y', labelsOf(table))
  put('named.json', text)
  put('names.txt', JSON.stringify(xgboostNames(names)))
  python(
    4,
    `
import json
b = xgb.Booster(); b.load_model('named.json')
names = json.load(open('names.txt'))
assert b.feature_names == names, b.feature_names
assert b.feature_types == ['float', 'float', 'float', 'i'], b.feature_types
keep('p', b.predict(xgb.DMatrix(x, feature_names=names, feature_types=b.feature_types)))
try:
    b.predict(xgb.DMatrix(x, feature_names=names[::-1]))
    raise SystemExit('names in another order were taken')
except ValueError:
    pass
`,
  )
  expect(furthest(take('p'), trees.outputs(table))).toBeLessThan(CLOSE)
  expect(readXgboost(text).model.names).toEqual(['a, "b"|\n', 'x(1)&lt;y', 'x(1)&lt;y 2', 'mode=auto'])
  expect(() => writeXgboost(trees, { names: ['a'], types: [] })).toThrow(code('option_wrong'))
})
