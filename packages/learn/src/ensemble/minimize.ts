/** A function's value at a point, and its slope there into `gradient`. */
export type Slope = (at: Float64Array, gradient: Float64Array) => number

const MEMORY = 8
const MOST_STEPS = 200
const MOST_HALVINGS = 30
const FLAT = 1e-9
/** Armijo's share of the fall that the slope promises. */
const FALL = 1e-4

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)

/** The lowest point from a start on, by L-BFGS (Liu and Nocedal 1989) with steps halved until they fall enough. For smooth convex functions of few variables. */
export function minimize(slope: Slope, start: Float64Array): Float64Array {
  let at = start.slice()
  let gradient = new Float64Array(at.length)
  let value = slope(at, gradient)
  const moves: { step: Float64Array; turn: Float64Array; along: number }[] = []
  for (let count = 0; count < MOST_STEPS; count++) {
    if (Math.sqrt(dot(gradient, gradient)) < FLAT) break
    const direction = downhill(gradient, moves)
    const promise = dot(gradient, direction)
    let length = moves.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1
    let [next, nextGradient, nextValue] = [at, gradient, value]
    for (let halving = 0; halving < MOST_HALVINGS; halving++, length /= 2) {
      next = at.map((each, i) => each + length * direction[i]!)
      nextGradient = new Float64Array(at.length)
      nextValue = slope(next, nextGradient)
      if (nextValue <= value + FALL * length * promise) break
    }
    if (!(nextValue < value)) break
    const step = next.map((each, i) => each - at[i]!)
    const turn = nextGradient.map((each, i) => each - gradient[i]!)
    const along = dot(step, turn)
    if (along > 0) moves.push({ step, turn, along })
    if (moves.length > MEMORY) moves.shift()
    const fallen = value - nextValue
    ;[at, gradient, value] = [next, nextGradient, nextValue]
    if (fallen < FLAT * Math.max(1, Math.abs(value))) break
  }
  return at
}

/** Where to go: the slope, bent by what the last steps told of the curvature. */
function downhill(
  gradient: Float64Array,
  moves: readonly { step: Float64Array; turn: Float64Array; along: number }[],
): Float64Array {
  let direction = gradient.map(each => -each)
  const shares: number[] = []
  for (const { step, turn, along } of moves.toReversed()) {
    const share = dot(step, direction) / along
    shares.push(share)
    direction = direction.map((each, i) => each - share * turn[i]!)
  }
  const last = moves.at(-1)
  if (last !== undefined) {
    const scale = last.along / dot(last.turn, last.turn)
    direction = direction.map(each => each * scale)
  }
  for (const { step, turn, along } of moves) {
    const share = shares.pop()! - dot(turn, direction) / along
    direction = direction.map((each, i) => each + share * step[i]!)
  }
  return direction
}
