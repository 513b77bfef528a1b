import type { Random } from '../../base/random.ts'
import { Forecaster, type NetModel, type Samples } from '../../nets/index.ts'
import type { Windows } from './training-windows.ts'

/** Steps of the adversary, and the share of the radius that they go together: twice as far as it is wide, so that any place can be reached. */
const PGD_STEPS = 4
const REACH = 2

/** Moves sensors in windows so that the net shows it least. */
export class Adversary {
  readonly #net: NetModel
  readonly #windows: Windows
  readonly #places: readonly number[]
  readonly #radius: number
  readonly #random: Random

  constructor(net: NetModel, windows: Windows, places: readonly number[], radius: number, random: Random) {
    this.#net = net
    this.#windows = windows
    this.#places = places
    this.#radius = radius
    this.#random = random
  }

  /** The windows, half of them spoofed; what should come out stays true. @param climbs whether the gradient is followed, or a lie drawn by chance is enough */
  half(climbs: boolean): Windows {
    const own = !(this.#net instanceof Forecaster)
    const { inputs, targets } = this.#windows
    const { steps, columns } = inputs
    const data = inputs.data.slice()
    const said = targets.data.slice()
    const spoofed = inputs.starts.filter((_, i) => i % 2 === 1)
    const lies = Array.from(spoofed, () => {
      const place = this.#places[this.#random.below(this.#places.length)]
      const sign = this.#random.next() < 0.5 ? -1 : 1
      return { place, sign, size: this.#radius * this.#random.next() }
    })
    for (const [i, start] of spoofed.entries()) {
      const { place, sign, size } = lies[i]
      for (let step = 0; step < steps; step++) data[start + step * columns + place] += sign * size
      said[(start / (steps * columns)) * columns + place] += sign * size
    }
    const moved: Samples = { data, starts: spoofed, steps, columns }
    const wanted: Samples = { ...targets, data: said, starts: spoofed.map(start => start / steps) }
    for (let step = 0; climbs && step < PGD_STEPS; step++) {
      // Toward where what comes out is what was said.
      const { gradient } = this.#net.inputGradient(moved, wanted)
      const far = (REACH * this.#radius) / PGD_STEPS
      for (const [i, start] of spoofed.entries()) {
        const { place, sign, size } = lies[i]
        for (let row = 0; row < steps; row++) {
          const at = start + row * columns + place
          const clean = inputs.data[at]
          const slope = Math.sign(gradient[i * steps * columns + row * columns + place])
          const offset = sign * (data[at] - far * slope - clean)
          data[at] = clean + sign * Math.min(this.#radius, Math.max(size / 2, offset))
          // A row that is to be given back is what was said itself.
          if (own) said[at] = data[at]
        }
      }
    }
    return { inputs: { ...inputs, data }, targets }
  }
}
