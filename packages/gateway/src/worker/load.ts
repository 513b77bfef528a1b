import { Tier } from '../contract/index.ts'

/** From what on a worker is in a tier: the delay of its event loop in milliseconds, the share of its buffers in use. */
export interface TierBound {
  readonly delay: number
  readonly buffered: number
}

export interface LoadBounds {
  readonly busy: TierBound
  readonly strained: TierBound
  readonly overloaded: TierBound
  /** How long it must have been better for a step down, in milliseconds. */
  readonly recovery: number
}

/** Better is what is below so much of a bound, so that what lies at a bound does not go to and fro. */
const BETTER = 0.7
/** So many looks in a row must be worse for a step up: one long turn (a collection of garbage, a reload) is none. */
const LOOKS = 2

/**
 * Comes to a worker's load tier from how late its own timer is and how many bytes wait, as often as it is asked. A tier up takes
 * two looks, a tier down a while of being clearly better.
 */
export class LoadMeter {
  tier: Tier = Tier.calm
  bounds: LoadBounds
  #worse = 0
  #betterSince = Number.POSITIVE_INFINITY

  constructor(bounds: LoadBounds) {
    this.bounds = bounds
  }

  /**
   * @param now monotonic milliseconds
   * @param delay how late the timer came that asks, in milliseconds
   * @param buffered the share of the buffers in use, 0 to 1
   */
  look(now: number, delay: number, buffered: number): Tier {
    const reached = this.#reached(delay, buffered)
    this.#worse = reached > this.tier ? this.#worse + 1 : 0
    if (this.#worse >= LOOKS) {
      this.tier = reached
      this.#worse = 0
    }
    const isBetter = this.tier > Tier.calm && this.#reached(delay / BETTER, buffered / BETTER) < this.tier
    if (!isBetter) this.#betterSince = Number.POSITIVE_INFINITY
    else if (this.#betterSince === Number.POSITIVE_INFINITY) this.#betterSince = now
    else if (now - this.#betterSince >= this.bounds.recovery) {
      this.tier = (this.tier - 1) as Tier
      this.#betterSince = now
    }
    return this.tier
  }

  #reached(delay: number, buffered: number): Tier {
    const { busy, strained, overloaded } = this.bounds
    const is = (bound: TierBound): boolean => delay >= bound.delay || buffered >= bound.buffered
    return is(overloaded) ? Tier.overloaded : is(strained) ? Tier.strained : is(busy) ? Tier.busy : Tier.calm
  }
}
