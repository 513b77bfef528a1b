import { alone, type Line, progress } from '../base/report.ts'
import { type Classed, pickedRows } from './model-ensemble-data.ts'
import { type Figures, figuresOf, type Run, told } from './model-ensemble-parts.ts'

/** Calibration and coverage where classes are those that were learned. */
export async function* believed(kdd: Classed, { seeds, sizes }: Run): AsyncGenerator<Line> {
  const cut = Math.floor(0.7 * kdd.codes.length)
  const all = Int32Array.from(kdd.codes.keys())
  const binary = { ...kdd, codes: kdd.codes.map(code => Math.min(1, code)), names: ['normal', 'attack'] }
  for (const [data, word] of [
    [binary, 'binary'],
    [kdd, 'by family'],
  ] as const) {
    const name = `NSL-KDD, 70/30 in file order, ${word}`
    const part = { train: pickedRows(data, all.subarray(0, cut)), test: pickedRows(data, all.subarray(cut)) }
    const own: Figures[] = []
    for (const seed of seeds) {
      progress(`${name}, seed ${seed}`)
      own.push(await figuresOf(part, seed, false, sizes))
    }
    yield alone(
      { bench: 'model', case: name, metric: 'macro F1', unit: '' },
      own.map(({ f1 }) => f1),
    )
    yield* told(name, own)
  }
}
