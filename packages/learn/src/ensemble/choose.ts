import type { Matrix } from '../base/matrix.ts'
import { picked, rowsWhere } from '../base/rows.ts'
import { logLoss } from './figures.ts'
import { fitStack, fitVote, type Pool, pooled } from './pool.ts'

/** A soft vote or stacking: whichever has the lower log loss on folds that it was not fitted on; then fitted on all rows. Errors: those of `fitVote`. */
export function choosePool(members: readonly Matrix[], codes: Int32Array, fold: Int32Array): Pool {
  const folds = [...new Set(fold)]
  if (members.length === 1 || folds.length < 2) return fitVote(members, codes)
  const losses = [fitVote, fitStack].map(fit =>
    folds.reduce((sum, each) => {
      const learned = rowsWhere(fold, its => its !== each)
      const judged = rowsWhere(fold, its => its === each)
      const take = (rows: Int32Array) => ({
        members: members.map(member => picked(member, rows)),
        codes: rows.map(row => codes[row]!),
      })
      const [from, to] = [take(learned), take(judged)]
      return sum + logLoss(pooled(fit(from.members, from.codes), to.members), to.codes) * judged.length
    }, 0),
  )
  return (losses[1]! < losses[0]! ? fitStack : fitVote)(members, codes)
}
