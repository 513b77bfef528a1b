import { beforeAll, expect, test } from 'vitest'
import type { Matrix } from '../../base/matrix.ts'
import { randomOf } from '../../base/random.ts'
import { clouds, SMALL } from '../../ensemble/ensemble.testkit.ts'
import {
  Ensemble,
  type EnsembleParts,
  fitEnsemble,
  likeliestOf,
  type OwnMember,
  type Scaling,
  scaled,
} from '../../ensemble/index.ts'
import { cutsOf, Feasible, harden } from '../../robust/index.ts'
import { GraphBuilder, readModelProto } from './graph.ts'
import { scaledOut } from './members-out.ts'
import { MODEL } from './messages.ts'
import { differenceOf, runOnnx } from './onnxruntime.testkit.ts'
import { encode } from './protobuf.ts'
import { readOnnx } from './read.ts'
import { writeMember, writeOnnx } from './write.ts'

const CLOSE = 1e-6
const COLUMNS = 3
const FEASIBLE = new Feasible({ columns: COLUMNS, rules: [{ least: -4, most: 6 }, {}, { fixed: true }] })
const code = (name: string) => expect.objectContaining({ code: name })

/** Plain and hardened, of two classes, of three and of five. */
const fitted = new Map<string, Ensemble<OwnMember>>()

beforeAll(async () => {
  for (const classes of [2, 3, 5]) {
    const { x, codes } = rowsOf(500, classes, 5)
    const { ensemble } = await fitEnsemble(x, codes, classes, SMALL)
    fitted.set(`plain, ${classes}`, ensemble)
    const sizes = { trees: 20, boostingRounds: 20, hidden: [12], epochs: 4, attackedRows: 100, rounds: 1 }
    fitted.set(`hardened, ${classes}`, await harden(ensemble, x, codes, { ...sizes, epsilon: 0.3, feasible: FEASIBLE }))
  }
})

function rowsOf(rows: number, classes: number, seed: number): { x: Matrix; codes: Int32Array } {
  const { x, codes } = clouds(rows, seed)
  // The clouds are three: two are cut in two by the row's number.
  if (classes === 5) return { x, codes: codes.map((each, row) => (each < 2 && row % 3 === 0 ? each + 3 : each)) }
  return { x, codes: codes.map(each => Math.min(each, classes - 1)) }
}

/** Rows as they come, with gaps, with huge and tiny and infinite numbers, and with numbers on the cuts of trees and one step beside them. */
function hardRows({ parts: { members } }: Ensemble<OwnMember>): Matrix {
  const random = randomOf(9)
  const { x } = clouds(400, 8)
  const trees = members.flatMap(member => (member.kind === 'mlp-classifier' ? [] : member.model.model.trees))
  const cuts = cutsOf(trees, COLUMNS)
  const odd = [1e30, -1e30, 3.4e38, 1e-30, -0, 0, Infinity, -Infinity, Number.NaN]
  for (const at of x.data.keys()) {
    const draw = random.next()
    const its = cuts[at % COLUMNS]!
    if (draw < 0.1) x.data[at] = odd[random.below(odd.length)]!
    else if (draw < 0.4) x.data[at] = its[random.below(its.length)]!
    else if (draw < 0.5) x.data[at] = its[random.below(its.length)]! * (1 - 2 ** -24)
  }
  return x
}

/** With what is rare in what fitting finds: both pools, factors, bent calibrations, and each member alone. */
function variants({ parts }: Ensemble<OwnMember>): EnsembleParts<OwnMember>[] {
  const classes = parts.factors.length
  const weights = Float64Array.of(0.9, 0.4, -0.1)
  const bias = Float64Array.from({ length: classes }, (_, k) => 0.3 - 0.2 * k)
  const bent = { scale: new Float64Array(classes).fill(0.6), bias }
  return [
    parts,
    { ...parts, pool: { kind: 'vote', weights: Float64Array.of(0.2, 0.5, 0.3) }, calibration: bent },
    { ...parts, pool: { kind: 'stack', weights, bias }, factors: bias.map(each => 2 - each) },
    { ...parts, calibrations: parts.calibrations.map(() => bent) },
    ...parts.members.map((member, m) => ({
      ...parts,
      members: [member],
      calibrations: [parts.calibrations[m]!],
      pool: { kind: 'vote', weights: Float64Array.of(1) } as const,
    })),
    {
      ...parts,
      members: [parts.members[1]!],
      calibrations: [bent],
      pool: { kind: 'stack', weights: Float64Array.of(1.4), bias },
    },
  ]
}

test.each(['plain, 2', 'plain, 3', 'plain, 5', 'hardened, 2', 'hardened, 3', 'hardened, 5'])(
  'an ensemble is one graph: %s classes',
  async name => {
    const rows = hardRows(fitted.get(name)!)
    for (const parts of variants(fitted.get(name)!)) {
      const ensemble = new Ensemble(parts)
      const own = ensemble.probabilities(rows)
      const { label, probabilities, weighted } = await runOnnx(
        writeOnnx({ kind: 'ensemble', model: ensemble }),
        rows.data,
        [rows.rows, COLUMNS],
      )
      expect(differenceOf(own.data, probabilities!)).toBeLessThan(CLOSE)
      const lifted = own.data.map((each, at) => each * parts.factors[at % own.columns]!)
      const sums = lifted.map((_, at) => {
        const from = at - (at % own.columns)
        return lifted.subarray(from, from + own.columns).reduce((a, b) => a + b, 0)
      })
      expect(
        differenceOf(
          lifted.map((each, at) => each / sums[at]!),
          weighted!,
        ),
      ).toBeLessThan(CLOSE)
      const clear = (row: number): boolean => {
        const [first, second] = [...weighted!.slice(row * own.columns, (row + 1) * own.columns)].sort((a, b) => b - a)
        return first! - second! > CLOSE
      }
      const told = likeliestOf(own, parts.factors)
      const judged = Array.from(told.keys()).filter(clear)
      expect(judged.length).toBeGreaterThan(350)
      expect(judged.map(row => label![row])).toEqual(judged.map(row => told[row]))
    }
  },
)

test.each(['plain, 2', 'plain, 5', 'hardened, 3'])('the net alone takes the rows of its ensemble: %s', async name => {
  const ensemble = fitted.get(name)!
  const rows = hardRows(ensemble)
  const member = ensemble.parts.members[2]!
  if (member.kind !== 'mlp-classifier') throw new Error('expected the net')
  const bytes = writeMember(member)
  const { label, probabilities } = await runOnnx(bytes, rows.data, [rows.rows, COLUMNS])
  const own = member.probabilities(rows)
  expect(differenceOf(own.data, probabilities!)).toBeLessThan(CLOSE)
  expect(new Set(likeliestOf(own)).size).toBeGreaterThan(1)
  const same = Array.from(likeliestOf(own)).filter((code, row) => code === label![row])
  expect(same.length).toBeGreaterThanOrEqual(rows.rows - 1)
  expect(() => readOnnx(bytes)).toThrow(code('onnx_ensemble'))
})

test('a scaling is the same in the graph, bent or straight, far out or missing', async () => {
  const columns = 4
  const random = randomOf(3)
  const scaling: Scaling = {
    center: Float64Array.of(0, 1e6 + 0.1, -3, 5),
    spread: Float64Array.of(1, 1e-3, 1e4 * 0.7, 1e12),
    mean: Float64Array.of(0.2, -0.4, 0, 1),
    deviation: Float64Array.of(1.3, 2.5, 1e-4, 0.01),
  }
  const data = Float32Array.from({ length: 500 * columns }, (_, at) => {
    const far = 10 ** (random.below(40) - 20)
    return at % 17 === 0
      ? Number.NaN
      : at % 3 === 0
        ? far * random.normal()
        : scaling.center[at % columns]! + random.normal()
  })
  const graph = new GraphBuilder()
  graph.output(scaledOut(graph, graph.input('x', ['N', columns]), scaling, 's'), 'scaled', ['N', columns])
  const found = await runOnnx(graph.bytes('scaling', {}), data, [500, columns])
  expect(differenceOf(scaled(scaling, { rows: 500, columns, data }).data, found['scaled']!)).toBeLessThan(CLOSE)
})

test('the metadata says what is within, and what it was hardened against; it is not read back', () => {
  const model = { kind: 'ensemble', model: fitted.get('plain, 3')! } as const
  const steps = ['x', 'y', 'z'].map(from => ({ from, kind: 'number', mean: 0, scale: 1, missing: null }) as const)
  const harden = { epsilon: 0.3, deviations: { x: 1, y: 2, z: 3 } }
  const training = { rows: 500, seed: 1, options: { harden }, data: '', date: '' }
  const bytes = writeOnnx(model, { preprocessing: { steps }, classes: ['a', 'b', 'c'], training })
  const metadata = new Map(readModelProto(bytes).metadataProps!.map(({ key, value }) => [key, value!]))
  const said = (name: string) => JSON.parse(metadata.get(`ringwall.${name}`)!)
  expect(said('hardened')).toEqual(harden)
  expect(said('inputs')).toEqual(['x', 'y', 'z'])
  expect(said('options')).toEqual({ columns: 3, classes: 3, pool: model.model.parts.pool.kind })
  expect(said('members').map(({ kind }: { kind: string }) => kind)).toEqual([
    'random-forest',
    'boosted-trees',
    'mlp-classifier',
  ])
  expect(() => readOnnx(bytes)).toThrow(code('onnx_ensemble'))
  const nameless = { ...readModelProto(bytes), metadataProps: [] }
  expect(() => readOnnx(encode(MODEL, nameless))).toThrow(code('onnx_unsupported'))
})
