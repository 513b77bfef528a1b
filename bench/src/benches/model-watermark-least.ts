import type { Table } from '../../../packages/learn/src/io/index.ts'
import { MlpClassifier } from '../../../packages/learn/src/nets/index.ts'
import {
  type BitsReading,
  bitsTerm,
  LEAST_WEIGHTS,
  prepare,
  readBits,
} from '../../../packages/learn/src/watermark/index.ts'
import { alone, type Line } from '../base/report.ts'
import { keyOf, LABEL } from './model-watermark-data.ts'
import { BENCH, CASE } from './model-watermark-lines.ts'
import { halfOf, pruned, quantized, tuned } from './model-watermark-wear.ts'

/** The first layer of NSL-KDD's 53 inputs has 1,060 weights then, the second fewer. */
const HIDDEN = [20, 20]
const EPOCHS = 20

/** The smallest layer that is marked, after all that wears it: pruned by half, learned on from half of the rows, 8 bits a weight. */
export async function* smallestNet(train: Table, seeds: number, first: number): AsyncGenerator<Line> {
  const { x, labels } = await prepare(train, 'net', LABEL, [])
  const found: { made: BitsReading; worn: BitsReading }[] = []
  for (let seed = first; seed < first + seeds; seed++) {
    const options = { inputs: x.columns, classes: 2, hidden: HIDDEN, seed }
    const model = new MlpClassifier(options)
    const key = keyOf(seed)
    await model.fit(x, labels.codes, { epochs: EPOCHS, seed, term: await bitsTerm(model, key) })
    const own = { kind: 'mlp-classifier', options, model } as const
    const worn = quantized(await tuned(pruned(own, 0.5), halfOf({ x, codes: labels.codes }), seed + 1_000))
    const [made, left] = [
      await readBits(model, key),
      worn.kind === 'mlp-classifier' ? await readBits(worn.model, key) : null,
    ]
    if (made === null || left === null) throw new Error(`${HIDDEN} units have no layer of ${LEAST_WEIGHTS} weights`)
    found.push({ made, worn: left })
  }
  for (const [name, kind] of [
    ['as made', 'made'],
    ['half pruned, learned on, int8', 'worn'],
  ] as const) {
    const least = Math.min(...found.map(each => each[kind].codedAgreeing))
    const subject = { bench: BENCH, case: `${CASE}, least, ${HIDDEN[0]! * x.columns} weights, ${name}`, metric: 'bits' }
    const values = found.map(each => each[kind].agreeing)
    yield alone({ ...subject, unit: 'of 128', note: `least of 252 coded ${least}` }, values)
  }
}
