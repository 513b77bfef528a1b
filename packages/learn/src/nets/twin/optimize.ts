/** What a step is taken with; see the kernel `adam`. */
export interface StepRates {
  readonly scale: number
  readonly rate: number
  /** Added to gradients. */
  readonly l2: number
  /** Multiplies weights. */
  readonly keep: number
  /** How far weights shrink towards zero. */
  readonly l1: number
}

/** Weights with what an optimizer keeps of each. */
export interface Weights {
  readonly w: readonly number[]
  readonly m: readonly number[]
  readonly v: readonly number[]
}

/** Adam's step number `step`, from 1. */
export function adam({ w, m, v }: Weights, g: readonly number[], step: number, rates: StepRates): Weights {
  const { scale, rate, l2, keep, l1 } = rates
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]
  const gradient = g.map((value, i) => value * scale + l2 * w[i])
  const mean = m.map((value, i) => beta1 * value + (1 - beta1) * gradient[i])
  const square = v.map((value, i) => beta2 * value + (1 - beta2) * gradient[i] ** 2)
  const next = w.map((value, i) => {
    const direction = mean[i] / (1 - beta1 ** step)
    return value * keep - (rate * direction) / (Math.sqrt(square[i] / (1 - beta2 ** step)) + epsilon)
  })
  return { w: next.map(value => shrunk(value, l1)), m: mean, v: square }
}

/** A step of gradient descent with momentum. */
export function descend({ w, m, v }: Weights, g: readonly number[], momentum: number, rates: StepRates): Weights {
  const { scale, rate, l2, keep, l1 } = rates
  const mean = m.map((value, i) => momentum * value + g[i] * scale + l2 * w[i])
  return { w: w.map((value, i) => shrunk(value * keep - rate * mean[i], l1)), m: mean, v }
}

function shrunk(value: number, by: number): number {
  return Math.sign(value) * Math.max(Math.abs(value) - by, 0)
}

/** Which of `count` numbers a dropout keeps, and the draws behind it: xorshift32 in four lanes. */
export function dropoutMask(
  count: number,
  rate: number,
  state: readonly number[],
): { kept: boolean[]; state: number[] } {
  const lanes = state.map(lane => lane | 0)
  const kept = Array.from({ length: count }, (_, i) => {
    let lane = lanes[i & 3]
    lane ^= lane << 13
    lane ^= lane >>> 17
    lane ^= lane << 5
    lanes[i & 3] = lane
    return lane >>> 1 >= Math.floor(rate * 2 ** 31)
  })
  return { kept, state: lanes }
}
