import type { Cost } from './costs/cost.ts'
import { placeOfMost } from './most.ts'
import type { Cuts } from './pelt.ts'

/**
 * Binary segmentation (Scott and Knott 1974): cuts the piece that gains most by it, until none gains more than the penalty or there are `most` cuts.
 * Quick, and not the best of all: a cut is never taken back. Time is quadratic in cuts: a long series is given by `coarseOf`.
 */
export function binarySegmentation(cost: Cost, penalty: number, most = Infinity, least = cost.least): Cuts {
  const shortest = Math.max(least, cost.least)
  const open = [bestCut(cost, 0, cost.rows, shortest)]
  const cuts: number[] = []
  while (cuts.length < most) {
    const chosen = placeOfMost(open.map(({ gain }) => gain))
    const piece = open[chosen]
    if (piece === undefined || piece.gain <= penalty) break
    cuts.push(piece.at)
    open.splice(chosen, 1, bestCut(cost, piece.from, piece.at, shortest), bestCut(cost, piece.at, piece.to, shortest))
  }
  return cuts.sort((a, b) => a - b)
}

/** Where one cut of `[from, to)` gains most; a gain of -Infinity where it is too short to be cut. */
export function bestCut(cost: Cost, from: number, to: number, least: number) {
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
