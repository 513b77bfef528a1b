import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import type { FitOptions, FitReport } from '../fit.ts'
import type { InputGradient } from '../model.ts'
import type { Runner } from '../runner.ts'
import { behind, type Samples, windowSamples } from '../samples.ts'
import { STREAMING } from '../tape.ts'
import { forecasterNetwork, WindowModel, type WindowOptions } from './window-model.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

/** What is forecast. */
export interface ForecasterOptions extends WindowOptions {
  /** Rows behind the window; 1 if absent. */
  readonly horizon?: number
}

/** A GRU, LSTM or Transformer that forecasts the rows behind a window of a series. Takes series that are scaled. */
export class Forecaster extends WindowModel {
  readonly horizon: number
  #stream: Runner | null = null
  /** Numbers of a state. */
  #carries = 0

  /** Error: `shape_wrong`. */
  constructor({ horizon = 1, ...options }: ForecasterOptions) {
    const network = forecasterNetwork(options, horizon)
    super(network, { loss: { kind: 'squared' }, own: false }, options.seed ?? 1)
    this.horizon = horizon
  }

  /** The windows of a series behind which there is what is to be forecast. Error: `series_short`. */
  windows(series: Matrix, stride = 1): Samples {
    return windowSamples(series, { steps: this.steps, stride, ahead: this.horizon })
  }

  /** Learns what comes behind windows, which lie in one series (see `windows`). See `fit` for options and errors. */
  fit(windows: Samples, options: FitOptions = {}): Promise<FitReport> {
    return this.train(windows, this.#behind(windows), options)
  }

  /** For each window the rows behind it, one after another in one row. */
  forecast(windows: Samples): Matrix {
    return this.run(windows)
  }

  /** For each window the mean squared error of the forecast. */
  scores(windows: Samples): Float64Array {
    return this.errorsOf(windows, this.#behind(windows))
  }

  /** How the loss moves with each number of the windows. */
  gradient(windows: Samples): InputGradient {
    return this.inputGradient(windows, this.#behind(windows))
  }

  /** The rows behind one window, without allocation, in a view that holds until the next call. */
  forecastOf(window: ArrayLike<number>): Float32Array {
    return this.runWindow(window).row
  }

  /** A state as it is before the first row: layer by layer h, and an LSTM's c behind it. Error: `no_state`, for a Transformer. */
  state(): Float32Array {
    this.#streaming()
    return new Float32Array(this.#carries)
  }

  /**
   * Takes one row more and moves the state, in place; returns the forecast of the rows that follow, in a view that holds until the next call. The state is the
   * caller's to keep: one net follows as many series as there is memory for states. A number that is none is refused, for it would stay in the state.
   * Errors: `samples_shape`, `samples_not_finite`, `state_wrong`, `no_state`.
   */
  step(row: ArrayLike<number>, state: Float32Array): Float32Array {
    const runner = this.#streaming()
    const { program, engine } = runner
    if (row.length !== this.features)
      throw new LearnError('samples_shape', `a row has ${row.length} numbers, and the net takes ${this.features}`)
    if (state.length !== this.#carries)
      throw new LearnError('state_wrong', `a state has ${state.length} numbers, and the net keeps ${this.#carries}`)
    const { f32 } = engine.arena
    const x = program.x.at / FLOAT
    for (let i = 0; i < row.length; i++) {
      if (!Number.isFinite(row[i])) throw new LearnError('samples_not_finite', `a row holds ${row[i]} at ${i}`)
      f32[x + i] = row[i]
    }
    const { carried } = program
    let at = 0
    for (let layer = 0; layer < carried.length; layer++) {
      const { before, units } = carried[layer]
      for (let i = 0; i < units; i++) f32[before / FLOAT + i] = state[at++]
    }
    program.tape.forward()
    at = 0
    for (let layer = 0; layer < carried.length; layer++) {
      const { after, units } = carried[layer]
      for (let i = 0; i < units; i++) state[at++] = f32[after / FLOAT + i]
    }
    return runner.row
  }

  #streaming(): Runner {
    if (!this.#stream?.has(this.block)) {
      this.#stream = this.runner(STREAMING, 1)
      this.#carries = this.#stream.program.carried.reduce((sum, { units }) => sum + units, 0)
    }
    if (this.#carries === 0)
      throw new LearnError('no_state', 'a Transformer keeps no state from row to row: give it windows')
    return this.#stream
  }

  #behind(windows: Samples): Samples {
    return behind(windows, this.horizon)
  }
}
