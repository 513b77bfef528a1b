import type { Matrix } from '../base/matrix.ts'
import { picked, rowsWhere } from '../base/rows.ts'
import { fitMember, type MemberName, type MemberOptions, Widened } from './fit-member.ts'

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
    const its = learned.map(row => codes[row]!)
    // A class whose rows are all held out is unknown to this fold's member.
    const places = [...new Set(its)].sort((a, b) => a - b)
    const member = await fitMember(
      name,
      picked(x, learned),
      its.map(code => places.indexOf(code)),
      places.length,
      { ...options, progress: (done, loss) => options.progress?.((each + done) / folds, loss) },
    )
    const { data } = new Widened(member, classes, places).probabilities(picked(x, held))
    for (const [at, row] of held.entries()) out.set(data.subarray(at * classes, (at + 1) * classes), row * classes)
  }
  return { rows: x.rows, columns: classes, data: out }
}
