import type { Matrix } from '../base/matrix.ts'
import { picked, rowsWhere } from '../base/rows.ts'
import { fitMember, type MemberName, type MemberOptions, Widened } from './fit-member.ts'

/** Rows with the class of each, of so many. */
export interface Classed {
  readonly x: Matrix
  readonly codes: Int32Array
  readonly classes: number
}

/** Each row's probabilities by a member that was fitted without its fold. */
export async function heldOutProbabilities(
  name: MemberName,
  x: Matrix,
  codes: Int32Array,
  classes: number,
  fold: Int32Array,
  options: MemberOptions,
): Promise<Matrix> {
  const out = new Float32Array(x.rows * classes)
  const folds = 1 + fold.reduce((most, each) => Math.max(most, each), 0)
  for (let each = 0; each < folds; each++) {
    const held = rowsWhere(fold, its => its === each)
    const learned = rowsWhere(fold, its => its !== each)
    const member = await fitTo(name, { x, codes, classes }, learned, {
      ...options,
      progress: (done, loss) => options.progress?.((each + done) / folds, loss),
    })
    const { data } = member.probabilities(picked(x, held))
    for (const [at, row] of held.entries()) out.set(data.subarray(at * classes, (at + 1) * classes), row * classes)
  }
  return { rows: x.rows, columns: classes, data: out }
}

/** A member that is fitted to some of the rows. A class that none of them has is unknown to it. */
export async function fitTo(
  name: MemberName,
  { x, codes, classes }: Classed,
  learned: Int32Array,
  options: MemberOptions,
): Promise<Widened> {
  const its = learned.map(row => codes[row]!)
  const places = [...new Set(its)].sort((a, b) => a - b)
  const own = its.map(code => places.indexOf(code))
  return new Widened(await fitMember(name, picked(x, learned), own, places.length, options), classes, places)
}
