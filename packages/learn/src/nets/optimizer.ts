import { LearnError } from '../base/error.ts'
import type { Engine } from './engine.ts'
import type { ParameterPlan } from './parameters.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

/** Adam's options; what is absent is as its authors have it. */
export interface AdamOptions {
  readonly kind: 'adam'
  readonly rate: number
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
}

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** How steps are taken. `rate` is the learning rate before its schedule. */
export type OptimizerOptions = AdamOptions | { readonly kind: 'sgd'; readonly rate: number; readonly momentum?: number }

/** What holds weights (not biases and gains) small. */
export interface Regularization {
  /** How far each weight shrinks towards zero in a step, times the rate (the proximal step, which makes zeros). */
  readonly l1: number
  /** L2: this much of a weight is added to its gradient, or, `decoupled`, times the rate taken from the weight (AdamW). */
  readonly l2: number
  readonly decoupled: boolean
}

/** Bytes that an optimizer keeps beside parameters and gradients. */
export function optimizerBytes(plan: ParameterPlan): number {
  return 2 * (plan.size * FLOAT + FLOAT * 4)
}

/** Adam, or gradient descent with momentum, over the whole block at once. */
export class Optimizer {
  readonly #engine: Engine
  readonly #options: OptimizerOptions
  readonly #adam: Required<Omit<AdamOptions, 'kind' | 'rate'>>
  readonly #held: Regularization
  readonly #clip: number
  readonly #decaying: number
  readonly #size: number
  readonly #mean: number
  readonly #square: number
  /** The betas to the power of the steps so far: multiplied up, since machines may differ over powers. */
  #fade1 = 1
  #fade2 = 1

  /** @param clip the largest norm of all gradients together; Infinity: any. Error: `option_wrong` */
  constructor(engine: Engine, plan: ParameterPlan, options: OptimizerOptions, held: Regularization, clip: number) {
    checkOptions(options, held, clip)
    this.#engine = engine
    this.#options = options
    this.#adam = { ...ADAM, ...(options.kind === 'adam' ? options : {}) }
    this.#held = held
    this.#clip = clip
    this.#decaying = plan.decaying
    this.#size = plan.size
    this.#mean = engine.arena.zeros(plan.size * FLOAT)
    this.#square = engine.arena.zeros(plan.size * FLOAT)
  }

  /** Takes a step against the gradients, which become zero. @param factor of the learning rate, from its schedule */
  step(factor: number): void {
    const scale = this.#scale()
    const { l1, l2, decoupled } = this.#held
    const { beta1, beta2 } = this.#adam
    this.#fade1 *= beta1
    this.#fade2 *= beta2
    const rate = this.#options.rate * factor
    // What nothing holds small is moved in one go.
    const decaying = l1 === 0 && l2 === 0 ? 0 : this.#decaying
    this.#move(0, decaying, scale, rate, decoupled ? 0 : l2, decoupled ? 1 - rate * l2 : 1, rate * l1)
    this.#move(decaying, this.#size - decaying, scale, rate, 0, 1, 0)
  }

  /** By what gradients are multiplied, so that their norm is not above the limit. */
  #scale(): number {
    if (this.#clip === Number.POSITIVE_INFINITY) return 1
    const norm = Math.sqrt(this.#engine.kernels.squares(this.#size, this.#engine.gradients))
    return norm > this.#clip ? this.#clip / norm : 1
  }

  #move(from: number, count: number, scale: number, rate: number, l2: number, keep: number, l1: number): void {
    if (count === 0) return
    const { kernels, parameters, gradients } = this.#engine
    const at = from * FLOAT
    const options = this.#options
    if (options.kind === 'sgd') {
      const { momentum = 0 } = options
      kernels.descend(count, parameters + at, gradients + at, this.#mean + at, scale, rate, momentum, l2, keep, l1)
      return
    }
    const { beta1, beta2, epsilon } = this.#adam
    const stepSize = rate / (1 - this.#fade1)
    const correction = 1 / Math.sqrt(1 - this.#fade2)
    kernels.adam(
      count,
      parameters + at,
      gradients + at,
      this.#mean + at,
      this.#square + at,
      scale,
      beta1,
      beta2,
      stepSize,
      correction,
      epsilon,
      l2,
      keep,
      l1,
    )
  }
}

function checkOptions(options: OptimizerOptions, { l1, l2 }: Regularization, clip: number): void {
  const wrong = (what: string, value: number) => {
    throw new LearnError('option_wrong', `${what}, not ${value}`)
  }
  if (!(options.rate > 0 && options.rate < Number.POSITIVE_INFINITY)) wrong('a learning rate is above 0', options.rate)
  if (options.kind === 'sgd') {
    const { momentum = 0 } = options
    if (!(momentum >= 0 && momentum < 1)) wrong('a momentum is from 0 to below 1', momentum)
  } else {
    const { beta1, beta2, epsilon } = { ...ADAM, ...options }
    for (const beta of [beta1, beta2]) if (!(beta >= 0 && beta < 1)) wrong('a beta is from 0 to below 1', beta)
    if (!(epsilon > 0)) wrong('an epsilon is above 0', epsilon)
  }
  if (!(l1 >= 0 && l1 < Number.POSITIVE_INFINITY)) wrong('l1 is 0 or more', l1)
  if (!(l2 >= 0 && l2 < Number.POSITIVE_INFINITY)) wrong('l2 is 0 or more', l2)
  if (!(clip > 0)) wrong('a gradient is clipped to a norm above 0', clip)
}
