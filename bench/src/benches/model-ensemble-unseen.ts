import { AttackDetector, fitEnsemble } from '../../../packages/learn/src/ensemble/index.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import { type Classed, pickedRows } from './model-ensemble-data.ts'
import { PEERS, type Run } from './model-ensemble-parts.ts'

const RATE = 0.01

/** One family of attack at a time is left out of all learning. The threshold is where 1 % of the judged normal rows are, for all contenders alike. */
export async function* unseenFamilies(kdd: Classed, { seeds, sizes, peer }: Run): AsyncGenerator<Line> {
  const normals = rowsOf(kdd, code => code === 0)
  const cut = Math.floor(0.7 * normals.length)
  const names = ['ringwall', ...PEERS.map(({ name }) => name)]
  const means = names.map(() => seeds.map(() => 0))
  const binary = { ...kdd, codes: kdd.codes.map(code => Math.min(1, code)), names: ['normal', 'attack'] }
  for (const [family, word] of kdd.names.entries()) {
    if (family === 0) continue
    const known = rowsOf(kdd, code => code !== 0 && code !== family)
    const rows = Int32Array.of(...normals.subarray(0, cut), ...known).sort()
    const train = pickedRows(binary, rows)
    const test = pickedRows(binary, Int32Array.of(...normals.subarray(cut), ...rowsOf(kdd, code => code === family)))
    const found = names.map((): number[] => [])
    const alarmed: number[] = []
    for (const [round, seed] of seeds.entries()) {
      progress(`NSL-KDD, ${word} unseen, seed ${seed}`)
      const fitted = await fitEnsemble(train.x, train.codes, 2, { ...sizes, seed })
      const families = rows.map(row => kdd.codes[row]!)
      const detector = await AttackDetector.learn(fitted, train.x, train.codes, 0, { ...sizes, seed, families })
      progress(`NSL-KDD, ${word} unseen, seed ${seed}: by ${detector.parts.signs.join(', ')}`)
      const scores = detector.scores(test.x)
      found[0]!.push(detection(scores, test.codes))
      const told = detector.alarms(test.x, RATE).filter((_, row) => test.codes[row] === 0)
      alarmed.push(told.filter(each => each).length / told.length)
      for (const [i, { model }] of PEERS.entries()) {
        const said = await peer({ train, test }, model, seed)
        found[i + 1]!.push(
          detection(
            Float64Array.from(test.codes, (_, row) => said.data[2 * row + 1]!),
            test.codes,
          ),
        )
      }
      for (const [i, list] of found.entries()) means[i]![round]! += list[round]! / (kdd.names.length - 1)
    }
    const subject = { bench: 'model', case: `NSL-KDD, unseen family ${word}`, unit: '' }
    const metric = 'detection at 1 % false alarms'
    for (const [i, list] of found.slice(1).entries())
      yield beside({ ...subject, metric }, found[0]!, names[i + 1]!, list)
    yield alone({ ...subject, metric: 'false alarms at its own threshold for 1 %' }, alarmed)
  }
  const subject = {
    bench: 'model',
    case: 'NSL-KDD, unseen family, mean of four',
    metric: 'detection at 1 % false alarms',
    unit: '',
  }
  for (const [i, list] of means.slice(1).entries()) yield beside(subject, means[0]!, names[i + 1]!, list)
}

/** The share of attacks above the score that 1 % of the normal rows are above. */
function detection(scores: Float64Array, codes: Int32Array): number {
  const normal = scores.filter((_, row) => codes[row] === 0).sort()
  const threshold = normal[Math.ceil((1 - RATE) * normal.length) - 1]!
  const attacks = scores.filter((_, row) => codes[row] !== 0)
  return attacks.filter(score => score > threshold).length / attacks.length
}

const rowsOf = ({ codes }: Classed, test: (code: number) => boolean): Int32Array =>
  Int32Array.from(codes.keys()).filter(row => test(codes[row]!))
