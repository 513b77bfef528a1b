import { LearnError } from '../base/error.ts'
import type { Samples } from './samples.ts'
import type { TrainingData } from './trainer.ts'

/** The last share is judged. What is learned from ends before it begins, targets included, so that windows which overlap do not tell. Errors: `option_wrong`, `samples_empty`. */
export function split(samples: Samples, targets: TrainingData['targets'], share: number): TrainingData {
  if (!(share >= 0 && share < 1)) throw new LearnError('option_wrong', `validation is a share below 1, not ${share}`)
  const count = samples.starts.length
  const judged = count - Math.floor(count * share)
  let learned = judged
  if (judged < count) {
    const begins = samples.starts[judged]
    const size = samples.steps * samples.columns
    const ahead = targets !== null && 'steps' in targets && targets.data === samples.data ? targets : null
    const ends = (i: number) =>
      Math.max(samples.starts[i] + size, ahead === null ? 0 : ahead.starts[i] + ahead.steps * ahead.columns)
    while (learned > 0 && ends(learned - 1) > begins) learned--
  }
  if (learned < 1) throw new LearnError('samples_empty', 'nothing is left to learn from before the validation share')
  return { samples, targets, judged, learned }
}
