import { largest } from '../base/largest.ts'
import { coarseOf, MOST_PLACES } from './coarse.ts'
import type { Cost } from './costs/cost.ts'
import type { Cuts } from './pelt.ts'

/**
 * Binary segmentation (Scott and Knott 1974): cuts the piece that gains most by it, until none gains more than the penalty or there are `most` cuts.
 * Quick, and not the best of all: a cut is never taken back. Beyond 4,000 rows it searches every k-th row only and then sets each cut to the row, so that no
 * series asks more than 4,000 squared costs: pieces shorter than a 4,000th of the series are not told apart.
 */
export function binarySegmentation(cost: Cost, penalty: number, most = Infinity, least = cost.least): Cuts {
  const { cost: coarse, refine } = coarseOf({ ...cost, least: Math.max(least, cost.least) }, MOST_PLACES)
  const open = [bestCut(coarse, 0, coarse.rows, coarse.least)]
  const cuts: number[] = []
  while (cuts.length < most) {
    const chosen = largest(open.map(({ gain }) => gain))
    const piece = open[chosen]
    if (piece === undefined || piece.gain <= penalty) break
    cuts.push(piece.at)
    const parts = [
      bestCut(coarse, piece.from, piece.at, coarse.least),
      bestCut(coarse, piece.at, piece.to, coarse.least),
    ]
    open.splice(chosen, 1, ...parts)
  }
  return refine(
    cuts.sort((a, b) => a - b),
    penalty,
  )
}

/** Where one cut of `[from, to)` gains most; a gain of -Infinity where it is too short to be cut. */
function bestCut(cost: Cost, from: number, to: number, least: number) {
  let at = from
  let gain = -Infinity
  if (to - from < 2 * least) return { from, to, at, gain }
  const whole = cost.between(from, to)
  for (let cut = from + least; cut <= to - least; cut++) {
    const gained = whole - cost.between(from, cut) - cost.between(cut, to)
    if (gained <= gain) continue
    gain = gained
    at = cut
  }
  return { from, to, at, gain }
}
