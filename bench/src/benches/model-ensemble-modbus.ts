import { foldsOf, heldOutProbabilities, likeliestOf, macroF1 } from '../../../packages/learn/src/ensemble/index.ts'
import type { Matrix } from '../../../packages/learn/src/index.ts'
import { rhythmOf } from '../../../packages/learn/src/series/index.ts'
import { beside, type Line, progress } from '../base/report.ts'
import { type Classed, pickedRows, splitStretches } from './model-ensemble-data.ts'
import { type Figures, figuresOf, type Part, PEERS, type Run, told } from './model-ensemble-parts.ts'

/** Six types of traffic over four registers that say nothing by themselves. */
export async function* modbus(all: Classed, { seeds, sizes, peer }: Run): AsyncGenerator<Line> {
  const name = 'TON_IoT Modbus, contiguous 70/30'
  const rhythm = rhythmOf(all.x)
  const { learned, judged } = splitStretches(all.codes)
  const parts = [all.x, rhythm, sideBySide(all.x, rhythm)].map(x => {
    const whole = { ...all, x }
    return { train: pickedRows(whole, learned), test: pickedRows(whole, judged) }
  })
  const [raw, streamed, both] = parts as [Part, Part, Part]
  const chosen = await betterByHeldOut([streamed, both], seeds[0]!, sizes)
  const classes = all.names.length
  const f1 = (said: Matrix, { test }: Part): number => macroF1(likeliestOf(said), test.codes, classes)
  const own: Figures[] = []
  for (const seed of seeds) {
    progress(`${name}: ensemble, seed ${seed}`)
    own.push(await figuresOf(chosen, seed, true, sizes))
  }
  const ours = own.map(each => each.f1)
  const which = chosen === both ? 'registers and stream features' : 'stream features'
  for (const { name: peerName, model } of PEERS)
    for (const [part, columns] of [
      [raw, 'registers'],
      [chosen, which],
    ] as const) {
      progress(`${name}: ${peerName} on ${columns}`)
      const theirs: number[] = []
      for (const seed of seeds) theirs.push(f1(await peer(part, model, seed), part))
      yield beside(
        { bench: 'model', case: name, metric: 'macro F1', unit: '', note: `peer on ${columns}` },
        ours,
        peerName,
        theirs,
      )
    }
  yield* told(name, own)
}

/** The part whose training rows a forest tells better when they are held out. */
async function betterByHeldOut(parts: readonly Part[], seed: number, sizes: Run['sizes']): Promise<Part> {
  const scores: number[] = []
  for (const { train } of parts) {
    const classes = train.names.length
    const fold = foldsOf(train.codes, classes, 3, true)
    const held = await heldOutProbabilities('forest', train.x, train.codes, classes, fold, { ...sizes, seed })
    scores.push(macroF1(likeliestOf(held), train.codes, classes))
  }
  return parts[scores.indexOf(Math.max(...scores))]!
}

function sideBySide(a: Matrix, b: Matrix): Matrix {
  const columns = a.columns + b.columns
  const data = new Float32Array(a.rows * columns)
  for (let row = 0; row < a.rows; row++) {
    data.set(a.data.subarray(row * a.columns, (row + 1) * a.columns), row * columns)
    data.set(b.data.subarray(row * b.columns, (row + 1) * b.columns), row * columns + a.columns)
  }
  return { rows: a.rows, columns, data }
}
