import { LearnError } from '../base/error.ts'

/** How the learning rate moves in training: `warmup` is the share of all steps in which it rises from nothing. */
export type Schedule =
  | { readonly kind: 'constant'; readonly warmup?: number }
  /** Along half a cosine down to `least` of the rate. */
  | { readonly kind: 'cosine'; readonly least?: number; readonly warmup?: number }
  /** Times `factor` after every `share` of all steps. */
  | { readonly kind: 'stairs'; readonly factor: number; readonly share: number; readonly warmup?: number }

/** The factor of the learning rate at a step, from 0 on, of so many. */
export function rateAt(schedule: Schedule, step: number, steps: number): number {
  const rising = Math.ceil((schedule.warmup ?? 0) * steps)
  if (step < rising) return (step + 1) / rising
  const done = steps === rising ? 1 : (step - rising) / (steps - rising)
  if (schedule.kind === 'cosine') {
    const { least = 0 } = schedule
    return least + ((1 - least) * (1 + Math.cos(Math.PI * done))) / 2
  }
  return schedule.kind === 'stairs' ? schedule.factor ** Math.floor(done / schedule.share) : 1
}

/** Error: `option_wrong`. */
export function checkSchedule(schedule: Schedule): void {
  const { warmup = 0 } = schedule
  const shares: [string, number, boolean][] = [['warmup', warmup, warmup >= 0 && warmup < 1]]
  if (schedule.kind === 'cosine') {
    const { least = 0 } = schedule
    shares.push(['least', least, least >= 0 && least <= 1])
  } else if (schedule.kind === 'stairs') {
    const { factor, share } = schedule
    shares.push(['factor', factor, factor > 0 && factor <= 1], ['share', share, share > 0 && share <= 1])
  }
  for (const [name, value, good] of shares) {
    if (!good) throw new LearnError('option_wrong', `a schedule's ${name} is a share of 1, not ${value}`)
  }
}
