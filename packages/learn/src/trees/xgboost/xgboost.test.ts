import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matrixOf } from '../../index.ts'
import { fitBoosted } from '../boost/fit.ts'
import { BoostedTrees } from '../boost/model.ts'
import { code, labelsOf, noise, randomTree } from '../trees.testkit.ts'
import { readXgboost } from './read.ts'
import { floatText, writeXgboost } from './write.ts'

test('numbers are written with an exponent, and read as what they were', () => {
  const floats = Float32Array.of(0.5, 1, -0, 1e-7, 123456)
  expect(Array.from(floats, floatText)).toEqual(['5e-1', '1e+0', '0e+0', '1e-7', '1.23456e+5'])
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), value => {
      const text = floatText(value)
      expect(Math.fround(Number(text)) === value).toBe(true)
      expect(text).toMatch(/^-?\d(\.\d+)?e[+-]\d+$/)
    }),
    { seed: 8, numRuns: 2_000 },
  )
})

test('what is written is read as the same model, for each objective', () => {
  const table = noise(400, 5, 1, 0.1)
  const objectives = [
    ['binary:logistic', labelsOf(table)],
    ['multi:softprob', labelsOf(table, 3)],
    ['reg:squarederror', table.data.filter((_, i) => i % 5 === 0).map(x => (Number.isNaN(x) ? 0 : 3 * x))],
  ] as const
  for (const [objective, targets] of objectives) {
    const trees = fitBoosted(table, targets, { objective, rounds: 8 })
    const text = writeXgboost(trees)
    const read = readXgboost(text)
    expect(read.outputs(table)).toEqual(trees.outputs(table))
    expect(read.importances()).toEqual(trees.importances())
    expect(writeXgboost(read)).toBe(text)
    const { base_score: base } = JSON.parse(text).learner.learner_model_param
    expect(base).toBe(floatText(trees.model.baseScore))
  }
})

test('siblings are written side by side, however the tree was grown', () => {
  const trees = Array.from({ length: 10 }, (_, seed) => randomTree(4, 7, seed))
  const model = {
    columns: 4,
    objective: 'reg:squarederror' as const,
    outputs: 1,
    baseScore: 0.5,
    trees,
    outputOf: trees.map(() => 0),
  }
  const own = new BoostedTrees({ ...model, names: ['a', 'b "c"', 'd', 'e'] })
  const text = writeXgboost(own)
  for (const tree of JSON.parse(text).learner.gradient_booster.model.trees) {
    for (const [node, left] of tree.left_children.entries()) {
      expect(tree.right_children[node]).toBe(left === -1 ? -1 : left + 1)
      if (left !== -1) expect([tree.parents[left], tree.parents[left + 1]]).toEqual([node, node])
    }
  }
  const read = readXgboost(text)
  expect(read.model.names).toEqual(['a', 'b "c"', 'd', 'e'])
  const table = noise(300, 4, 2, 0.2)
  expect(read.margins(table)).toEqual(own.margins(table))
})

/** A model of one split: below 1 it says -1, else 2; a missing value goes left. */
function small() {
  const param = { num_deleted: '0', num_feature: '2', num_nodes: '3', size_leaf_vector: '0' }
  const tree = {
    ...{ base_weights: [0, -1, 2], categories: [], default_left: [true, false, false], id: 0 },
    ...{ left_children: [1, -1, -1], right_children: [2, -1, -1], parents: [2147483647, 0, 0] },
    ...{ loss_changes: [3, 0, 0], split_conditions: [1, -1, 2], split_indices: [1, 0, 0], split_type: [0, 0, 0] },
    ...{ sum_hessian: [4, 2, 2], tree_param: param },
  }
  const gbtree = { num_parallel_tree: '1', num_trees: '1', size_leaf_vector: '0' }
  return {
    learner: {
      attributes: { best_iteration: '0' },
      feature_names: [],
      feature_types: [],
      gradient_booster: { model: { gbtree_model_param: gbtree, tree_info: [0], trees: [tree] }, name: 'gbtree' },
      learner_model_param: { base_score: '5E-1', num_class: '0', num_feature: '2', num_target: '1' },
      objective: { name: 'binary:logistic', reg_loss_param: { scale_pos_weight: '1' } },
    },
    version: [1, 7, 4],
  }
}

test('a small model, by hand: thresholds, the way of what is missing, probabilities', () => {
  const read = readXgboost(JSON.stringify(small()))
  const rows = [
    [0, 0.99],
    [0, 1],
    [0, Number.NaN],
    [Number.NaN, 5],
  ]
  const sigmoid = (x: number): number => Math.fround(1 / (1 + Math.exp(-x)))
  expect(Array.from(read.outputs(matrixOf(rows)))).toEqual([-1, 2, -1, 2].map(sigmoid))
  // A version that writes its base as a list.
  const newer = small()
  newer.learner.learner_model_param.base_score = '[7.310586E-1]'
  expect(readXgboost(JSON.stringify(newer)).margins(matrixOf([[0, 0]]))[0]).toBeCloseTo(0, 5)
})

test('broken files are refused by a code, and the message says where', () => {
  const base = (path: string) => `learner.gradient_booster.model.${path}`
  const wrong: [path: string, value: unknown, code: string, says: string][] = [
    ['learner', undefined, 'model_field', 'learner is nothing'],
    ['learner.learner_model_param.num_feature', 'x', 'model_field', 'num_feature is "x"'],
    ['learner.learner_model_param.num_feature', '1', 'model_field', 'trees[0].split_indices[0] is 1'],
    ['learner.learner_model_param.base_score', '1E0', 'model_field', 'base_score'],
    ['learner.learner_model_param.num_target', '2', 'model_unsupported', 'num_target'],
    ['learner.objective.name', 'rank:map', 'model_objective', 'learner.objective.name is rank:map'],
    ['learner.objective.name', 'constructor', 'model_objective', 'constructor'],
    ['learner.objective.name', 'multi:softprob', 'model_field', 'num_class'],
    ['learner.gradient_booster.name', 'dart', 'model_booster', 'dart'],
    ['learner.feature_names', ['a'], 'model_field', 'a list of 2 names'],
    [base('gbtree_model_param.num_trees'), '2', 'model_field', 'num_trees is "2", and must be 1'],
    [base('tree_info'), [1], 'model_field', 'tree_info[0] is 1'],
    [base('tree_info'), [], 'model_field', 'tree_info is []'],
    [base('trees'), {}, 'model_field', 'trees is {}'],
    [base('trees.0.tree_param.num_nodes'), '4', 'model_field', 'trees[0].left_children'],
    [base('trees.0.tree_param.num_nodes'), '1e99', 'model_field', 'num_nodes'],
    [base('trees.0.tree_param.num_deleted'), '1', 'model_unsupported', 'num_deleted'],
    [base('trees.0.tree_param.size_leaf_vector'), '3', 'model_unsupported', 'size_leaf_vector'],
    [base('trees.0.split_type'), [1, 0, 0], 'model_unsupported', 'split_type'],
    [base('trees.0.left_children'), [7, -1, -1], 'model_tree', 'trees[0]'],
    [base('trees.0.left_children'), [0, -1, -1], 'model_tree', 'trees[0]'],
    [base('trees.0.right_children'), [1, -1, -1], 'model_tree', 'right_children[0]'],
    [base('trees.0.split_conditions'), [1, null, 2], 'model_field', 'split_conditions[1] is null'],
    [base('trees.0.split_conditions'), [1, 1e300, 2], 'model_tree', 'node 1'],
    [base('trees.0.default_left'), 'no', 'model_field', 'default_left is "no", and must be a list'],
    [base('trees.0.sum_hessian'), undefined, 'model_field', 'sum_hessian is nothing'],
  ]
  for (const [path, value, name, says] of wrong) {
    const model = small()
    const keys = path.split('.')
    const last = keys.pop()!
    const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, model)
    parent[last] = value
    const read = () => readXgboost(JSON.stringify(model))
    expect(read, path).toThrow(code(name))
    expect(read, path).toThrow(says)
  }
  for (const text of ['', '{"learner":', 'null', '[]', '7']) {
    const error = expect(() => readXgboost(text), text)
    error.toThrow(code(text === '' || text.startsWith('{') ? 'model_json' : 'model_field'))
  }
})

test('a file that is cut off or has a byte changed is refused by a code, or is a model', () => {
  const text = JSON.stringify(small())
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('', '0', '-', '9', '"', '[', 'e', ','), (at, letter) => {
      for (const broken of [text.slice(0, at), text.slice(0, at) + letter + text.slice(at + 1)]) {
        try {
          const found = readXgboost(broken).outputs(matrixOf([[1, 2]]))
          expect(found.every(value => value >= 0 && value <= 1)).toBe(true)
        } catch (error) {
          expect(error).toMatchObject({ name: 'LearnError' })
        }
      }
    }),
    { seed: 9, numRuns: 1_000 },
  )
})
