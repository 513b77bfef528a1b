import type { NetModel } from '../../nets/index.ts'
import type { Scale } from '../../series/net-scorer.ts'
import type { Scorer } from '../../series/scorer.ts'
import type { CopyableStream, ResidualModel } from './residual.ts'

/** A trained net over scaled columns that gives the row behind a window, or the only row of one back. */
export interface GivingNet {
  readonly model: NetModel
  readonly steps: number
  /** Whether it gives the row behind the window. */
  readonly ahead: boolean
  given(window: Float32Array): Float32Array
}

/** A net with the columns that it sees, and their scale. */
export interface ScaledNet {
  readonly net: GivingNet
  readonly chosen: readonly number[]
  readonly scale: Scale
}

/** A residual with its net. */
export interface NetResidual extends ResidualModel {
  readonly scaled: ScaledNet
}

/** No column is hidden. */
const NONE = -1

/** The residual of one sensor by a net that gives whole rows: the same net serves several sensors. @param hides whether the net does not see what the sensor says */
export function netResidual(name: string, sensor: number, scaled: ScaledNet, hides = false): NetResidual {
  const place = scaled.chosen.indexOf(sensor)
  const hidden = hides ? place : NONE
  const stream = (errors: RowErrors): ReturnType<ResidualModel['stream']> => ({
    bytes: errors.bytes,
    push: values => (errors.take(values) ? errors.last[place] / scaled.scale.factor[place] : Number.NaN),
    copy: () => stream(errors.copy()),
  })
  return { name, sensor, scaled, warmUp: warmUpOf(scaled.net), stream: () => stream(new RowErrors(scaled, hidden)) }
}

/** The mean squared error of the columns that a net gives, in their deviations; what each has of it is its squared error. */
export class ErrorScorer implements Scorer {
  readonly name: string
  readonly sensors: number
  readonly warmUp: number
  readonly #scaled: ScaledNet

  constructor(name: string, sensors: number, scaled: ScaledNet) {
    this.name = name
    this.sensors = sensors
    this.warmUp = warmUpOf(scaled.net)
    this.#scaled = scaled
  }

  stream(): CopyableStream {
    const { chosen } = this.#scaled
    const stream = (errors: RowErrors): CopyableStream => {
      const shares = new Float64Array(this.sensors)
      return {
        bytes: errors.bytes + shares.byteLength,
        push: values => {
          if (!errors.take(values)) return Number.NaN
          let sum = 0
          for (const [i, column] of chosen.entries()) {
            shares[column] = errors.last[i] ** 2 / chosen.length
            sum += shares[column]
          }
          return sum
        },
        contributions: () => shares,
        copy: () => stream(errors.copy()),
      }
    }
    return stream(new RowErrors(this.#scaled, NONE))
  }
}

function warmUpOf({ ahead, steps }: GivingNet): number {
  return ahead ? steps : steps - 1
}

/** What rows say less what the net gives, column by column, in deviations. */
class RowErrors {
  readonly last: Float64Array
  readonly #scaled: ScaledNet
  readonly #window: Float32Array
  readonly #row: Float32Array
  /** The place of the column that the net does not see. */
  readonly #hidden: number
  #seen: number

  constructor(scaled: ScaledNet, hidden: number, window?: Float32Array, seen = 0) {
    const width = scaled.chosen.length
    this.#scaled = scaled
    this.#hidden = hidden
    this.#window = window ?? new Float32Array(scaled.net.steps * width)
    this.#row = new Float32Array(width)
    this.last = new Float64Array(width)
    this.#seen = seen
  }

  get bytes(): number {
    return this.#window.byteLength + this.#row.byteLength + this.last.byteLength
  }

  copy(): RowErrors {
    return new RowErrors(this.#scaled, this.#hidden, this.#window.slice(), this.#seen)
  }

  /** Takes a row; false while there is nothing to compare it with. */
  take(values: ArrayLike<number>): boolean {
    const { chosen, scale, net } = this.#scaled
    const row = this.#row
    for (const [i, column] of chosen.entries()) row[i] = (values[column] - scale.mean[i]) * scale.factor[i]
    const ready = this.#seen++ >= warmUpOf(net)
    if (!net.ahead) this.#slide()
    if (ready) {
      const given = net.given(this.#window)
      for (let i = 0; i < row.length; i++) this.last[i] = row[i] - given[i]
    }
    if (net.ahead) this.#slide()
    return ready
  }

  #slide(): void {
    this.#window.copyWithin(0, this.#row.length)
    const at = this.#window.length - this.#row.length
    this.#window.set(this.#row, at)
    // As in training: its mean.
    if (this.#hidden !== NONE) this.#window[at + this.#hidden] = 0
  }
}
