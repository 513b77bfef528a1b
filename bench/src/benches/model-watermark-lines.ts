import type { AnyModel } from '../../../packages/learn/src/io/index.ts'
import { type MarkedAlgorithm, type Verdict, verifyMark } from '../../../packages/learn/src/watermark/index.ts'
import { alone, type Line } from '../base/report.ts'
import { recordOf, type Subject } from './model-watermark-data.ts'

export const BENCH = 'model'
export const CASE = 'model-watermark'
export const ALGORITHMS: readonly MarkedAlgorithm[] = ['net', 'boosting', 'forest']

/** What a subject's key finds in a model. */
export function verdictOf(model: AnyModel, { prepared, key }: Subject): Promise<Verdict> {
  return verifyMark(recordOf(model, prepared), key, prepared.space)
}

/** What was found, with the worst chance of all. */
export function* linesOf(name: string, verdicts: readonly Verdict[]): Generator<Line> {
  const worst = (ps: readonly number[]): string => `worst p ${Math.max(...ps).toExponential(1)}`
  const bits = verdicts.flatMap(({ bits: each }) => (each === null ? [] : [each]))
  const triggers = verdicts.flatMap(({ triggers: each }) => (each === null ? [] : [each]))
  const subject = { bench: BENCH, case: name, unit: 'of 128' }
  if (bits.length > 0) {
    const note = `${worst(bits.map(({ p }) => p))}, least of 252 coded ${Math.min(...bits.map(each => each.codedAgreeing))}`
    yield alone(
      { ...subject, metric: 'bits', note },
      bits.map(({ agreeing }) => agreeing),
    )
  }
  const note = worst(triggers.map(({ p }) => p))
  yield alone(
    { ...subject, metric: 'triggers', note },
    triggers.map(({ agreeing }) => agreeing),
  )
}
