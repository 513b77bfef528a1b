import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, type TestContext, test } from 'vitest'
import { type Random, randomOf } from '../../base/random.ts'
import { nextAbove } from '../../base/single.ts'
import { emptyTree, nodesOf, RandomForest, type Tree } from '../../trees/index.ts'
import { COLUMNS, everyModel, noise } from '../models.testkit.ts'
import { floats, GraphBuilder, ML_DOMAIN, readModelProto } from './graph.ts'
import { MODEL } from './messages.ts'
import { differenceOf, runOnnx } from './onnxruntime.testkit.ts'
import { decode, encode } from './protobuf.ts'
import { readOnnx } from './read.ts'
import { writeOnnx } from './write.ts'

const code = (name: string) => expect.objectContaining({ code: name })

test.each(everyModel())('what is written is read as the same model: $name', ({ each, said }) => {
  const again = readOnnx(writeOnnx(each))
  expect(again.kind).toBe(each.kind)
  expect(differenceOf(said(each), said(again))).toBeLessThan(1e-6)
  expect(said(again).length).toBeGreaterThan(0)
  if ('options' in each) expect(again).toMatchObject({ options: each.options })
})

/** A tree that asks as many times whatever it is told. */
function wholeTree(levels: number, random: Random): Tree {
  const tree = emptyTree(2 ** (levels + 1) - 1)
  for (let node = 0; node < tree.feature.length; node++) {
    tree.cover[node] = 1
    if (node >= 2 ** levels - 1) continue
    tree.feature[node] = random.below(COLUMNS)
    tree.threshold[node] = random.normal()
    tree.left[node] = 2 * node + 1
    tree.right[node] = 2 * node + 2
  }
  return tree
}

test('a forest of over 200,000 nodes is read as it was written', () => {
  const random = randomOf(6)
  const trees = Array.from({ length: 7 }, () => wholeTree(14, random))
  const shares = trees.map(({ feature }) => {
    const its = new Float32Array(3 * feature.length)
    for (let node = 0; node < feature.length; node++) its[3 * node + random.below(3)] = 1
    return its
  })
  const model = new RandomForest({ columns: COLUMNS, classes: 3, trees, shares })
  expect(nodesOf(trees)).toBeGreaterThan(200_000)
  const again = readOnnx(writeOnnx({ kind: 'random-forest', model }))
  if (again.kind !== 'random-forest') throw new Error(again.kind)
  const rows = noise(500, 7, 0.1)
  expect(differenceOf(model.predictProbabilities(rows), again.model.predictProbabilities(rows))).toBeLessThan(1e-6)
})

test('trees that ask a column beyond all tables, and a forest too large to be walked, are refused before they take memory', () => {
  const ask = (column: number, classes: number): Uint8Array => {
    const graph = new GraphBuilder()
    const attributes = {
      nodes_treeids: [0, 0, 0],
      nodes_nodeids: [0, 1, 2],
      nodes_featureids: [column, 0, 0],
      nodes_values: floats([0.5, 0, 0]),
      nodes_modes: ['BRANCH_LT', 'LEAF', 'LEAF'],
      nodes_truenodeids: [1, 0, 0],
      nodes_falsenodeids: [2, 0, 0],
      class_treeids: [0, 0],
      class_nodeids: [1, 2],
      class_ids: [0, 1],
      class_weights: floats([1, 1]),
      classlabels_int64s: Array.from({ length: classes }, (_, k) => k),
    }
    const [label] = graph.nodes('TreeEnsembleClassifier', [graph.input('x', ['N', 5])], 2, attributes, ML_DOMAIN)
    graph.output(label!, 'label', ['N'], 7)
    return graph.bytes('other', {})
  }
  expect(readOnnx(ask(4, 2)).kind).toBe('random-forest')
  for (const column of [-1, 5_000_000, 2 ** 32]) expect(() => readOnnx(ask(column, 2))).toThrow(code('onnx_malformed'))
  expect(() => readOnnx(ask(4, 1_025))).toThrow(code('model_options'))
})

test('numbers of a message: large ones, negative ones, packed or not', () => {
  const message = {
    irVersion: -1,
    graph: { initializer: [{ dims: [1, 2 ** 40, -5], floatData: [0.5, Math.fround(-1e30)] }] },
  }
  expect(decode(MODEL, encode(MODEL, message))).toEqual(message)
  // 8: one field not packed, twice.
  const tensor = [0x08, 0x01, 0x08, 0x02]
  const graph = [0x2a, tensor.length, ...tensor]
  expect(readModelProto(Uint8Array.from([0x3a, graph.length, ...graph]))).toEqual({
    graph: { initializer: [{ dims: [1, 2] }] },
  })
})

test('what is no ONNX is refused, wherever it is cut or changed', () => {
  const bytes = writeOnnx(everyModel()[0]!.each)
  expect(() => readOnnx(new Uint8Array())).toThrow(code('onnx_malformed'))
  expect(() => readOnnx(new TextEncoder().encode('{"no": "onnx"}'))).toThrow(code('onnx_malformed'))
  let refused = 0
  for (let at = 1; at < bytes.length; at += 97) {
    try {
      readOnnx(bytes.subarray(0, at))
    } catch (error) {
      refused++
      expect(error).toMatchObject({ name: 'LearnError' })
    }
  }
  expect(refused).toBe(Math.ceil((bytes.length - 1) / 97))
})

test.each(everyModel())('a byte that is changed gives a model or an error of ours: $name', ({ each }) => {
  const bytes = writeOnnx(each)
  const random = randomOf(5)
  for (let i = 0; i < 60; i++) {
    const changed = bytes.slice()
    // What stands in front and behind is names and sizes; between them are weights.
    const edge = random.next() < 0.5 ? random.below(400) : bytes.length - 1 - random.below(400)
    changed[Math.max(0, edge)] = random.below(256)
    try {
      readOnnx(changed)
    } catch (error) {
      expect(error).toMatchObject({ name: 'LearnError' })
    }
  }
})

test('a dense net of others: Gemm with its weights turned, and a Softmax', async () => {
  const graph = new GraphBuilder()
  const { data } = noise(20, 9)
  const x = graph.input('x', ['N', COLUMNS])
  const first = graph.node(
    'Gemm',
    [x, graph.constant('w1', [4, COLUMNS], data.slice(0, 20)), graph.constant('b1', [4], data.slice(20, 24))],
    { transB: 1 },
  )
  const second = graph.node('MatMul', [graph.node('Relu', [first]), graph.constant('w2', [4, 3], data.slice(24, 36))])
  const logits = graph.node('Add', [second, graph.constant('b2', [3], data.slice(36, 39))])
  graph.output(graph.node('Softmax', [logits], { axis: -1 }), 'p', ['N', 3])
  const bytes = graph.bytes('other', {})
  const model = readOnnx(bytes)
  const rows = noise(30, 10)
  const { p } = await runOnnx(bytes, rows.data, [30, COLUMNS])
  expect(model.kind === 'mlp-classifier' && differenceOf(model.model.probabilities(rows).data, p!)).toBeLessThan(1e-6)
})

test('an operator that is not known is named', () => {
  const graph = new GraphBuilder()
  graph.output(graph.node('Sin', [graph.input('x', ['N', 2])]), 'y', ['N', 2])
  expect(() => readOnnx(graph.bytes('other', {}))).toThrow(/Sin .* is not known/)
})

const PYTHON = '/usr/bin/python3'
/** Prints a forest of scikit-learn's with what it says, as JSON. */
const SCRIPT = `
import json, numpy as np
from sklearn.ensemble import RandomForestClassifier
rng = np.random.default_rng(1)
x = np.round(rng.normal(size=(400, 5)), 1).astype(np.float32)
y = (x[:, 0] + x[:, 1] ** 2 + rng.normal(size=400) * .3 > .8).astype(int) + (x[:, 2] > 1)
m = RandomForestClassifier(12, random_state=0).fit(x, y)
trees = [dict(feature=t.feature.tolist(), threshold=t.threshold.tolist(), left=t.children_left.tolist(), right=t.children_right.tolist(), value=(t.value[:, 0] / t.value[:, 0].sum(1, keepdims=True)).tolist(), cover=t.weighted_n_node_samples.tolist()) for t in (e.tree_ for e in m.estimators_)]
print(json.dumps(dict(x=x.ravel().tolist(), p=m.predict_proba(x).ravel().tolist(), trees=trees)))
`

interface Sklearn {
  readonly x: readonly number[]
  readonly p: readonly number[]
  readonly trees: readonly {
    readonly feature: readonly number[]
    readonly threshold: readonly number[]
    readonly left: readonly number[]
    readonly right: readonly number[]
    readonly value: readonly (readonly number[])[]
    readonly cover: readonly number[]
  }[]
}

test("scikit-learn's forest, laid out as its converters do (up to a threshold, all classes in a leaf)", async context => {
  const asked = existsSync(PYTHON) ? spawnSync(PYTHON, ['-c', SCRIPT], { encoding: 'utf8', maxBuffer: 1e8 }) : null
  if (asked?.status !== 0) return without('python3-sklearn', context)
  const { x, p, trees } = JSON.parse(asked.stdout) as Sklearn
  const each = trees.flatMap((tree, t) => tree.feature.map((_, n) => ({ tree, t, n, leaf: tree.left[n]! < 0 })))
  const leaves = each
    .filter(({ leaf }) => leaf)
    .flatMap(({ tree, t, n }) => tree.value[n]!.map((share, id) => ({ t, n, id, weight: share / trees.length })))
  // A double between two singles: up to it is up to the lower one.
  const single = (value: number) => (Math.fround(value) <= value ? Math.fround(value) : -nextAbove(-Math.fround(value)))
  const graph = new GraphBuilder()
  const [label, probabilities] = graph.nodes(
    'TreeEnsembleClassifier',
    [graph.input('x', ['N', 5])],
    2,
    {
      nodes_treeids: each.map(({ t }) => t),
      nodes_nodeids: each.map(({ n }) => n),
      nodes_featureids: each.map(({ tree, n, leaf }) => (leaf ? 0 : tree.feature[n]!)),
      nodes_values: floats(each.map(({ tree, n, leaf }) => (leaf ? 0 : single(tree.threshold[n]!)))),
      nodes_modes: each.map(({ leaf }) => (leaf ? 'LEAF' : 'BRANCH_LEQ')),
      nodes_truenodeids: each.map(({ tree, n, leaf }) => (leaf ? 0 : tree.left[n]!)),
      nodes_falsenodeids: each.map(({ tree, n, leaf }) => (leaf ? 0 : tree.right[n]!)),
      nodes_hitrates: floats(each.map(({ tree, n }) => tree.cover[n]!)),
      class_treeids: leaves.map(({ t }) => t),
      class_nodeids: leaves.map(({ n }) => n),
      class_ids: leaves.map(({ id }) => id),
      class_weights: floats(leaves.map(({ weight }) => weight)),
      classlabels_int64s: [0, 1, 2],
      post_transform: 'NONE',
    },
    ML_DOMAIN,
  )
  graph.output(label!, 'label', ['N'], 7)
  graph.output(probabilities!, 'probabilities', ['N', 3])
  const bytes = graph.bytes('sklearn', {})
  const rows = { rows: 400, columns: 5, data: Float32Array.from(x) }
  const theirs = await runOnnx(bytes, rows.data, [400, 5])
  const model = readOnnx(bytes)
  if (model.kind !== 'random-forest') throw new Error(model.kind)
  expect(differenceOf(p, theirs['probabilities']!)).toBeLessThan(1e-6)
  expect(differenceOf(p, model.model.predictProbabilities(rows))).toBeLessThan(1e-6)
})

function without(peer: string, context: TestContext): void {
  if (process.env['CI'] === 'true') throw new Error(`${peer} is missing`)
  context.skip(`${peer} is not here`)
}

/** Prints nets as PyTorch exports them, with what the first one says. */
const TORCH = `
import torch, io, base64, json, warnings
warnings.filterwarnings('ignore')
torch.manual_seed(1)
nn = torch.nn
net = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 6), nn.Tanh(), nn.Linear(6, 3), nn.Softmax(dim=1)).eval()
x = torch.randn(20, 5)
def export(net, x):
    out = io.BytesIO()
    torch.onnx.export(net, x, out, input_names=['x'], output_names=['p'], dynamic_axes={'x': {0: 'N'}})
    return base64.b64encode(out.getvalue()).decode()
print(json.dumps(dict(model=export(net, x), gru=export(nn.GRU(5, 4), torch.randn(3, 2, 5)), x=x.ravel().tolist(), p=net(x).ravel().tolist())))
`

test('a net as PyTorch exports it; one that is not known here is refused by name', context => {
  const asked = existsSync(PYTHON) ? spawnSync(PYTHON, ['-c', TORCH], { encoding: 'utf8' }) : null
  if (asked?.status !== 0) return without('python3-torch', context)
  const { model, gru, x, p } = JSON.parse(asked.stdout) as Record<'model' | 'gru', string> & Record<'x' | 'p', number[]>
  const read = readOnnx(Buffer.from(model, 'base64'))
  if (read.kind !== 'mlp-classifier') throw new Error(read.kind)
  expect(read.options).toMatchObject({ inputs: 5, hidden: [8, 6], classes: 3, activation: 'tanh' })
  const rows = { rows: 20, columns: 5, data: Float32Array.from(x) }
  expect(differenceOf(p, read.model.probabilities(rows).data)).toBeLessThan(1e-6)
  expect(() => readOnnx(Buffer.from(gru, 'base64'))).toThrow(code('onnx_unsupported'))
})
