import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import type { FitOptions, FitReport } from '../fit.ts'
import type { InputGradient, Runner } from '../model.ts'
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

  /** The rows behind one window, without allocation but for a view, which holds until the next call. */
  forecastOf(window: ArrayLike<number>): Float32Array {
    return outputOf(this.runWindow(window), this.horizon * this.features)
  }

  /** A state as it is before the first row. Error: `no_state`, for a Transformer. */
  state(): Float32Array {
    const { carried } = this.#streaming().program
    return new Float32Array(carried.reduce((sum, { units }) => sum + units, 0))
  }

  /**
   * Takes one row more and moves the state, in place; returns the forecast of the rows that follow, in a view that holds until the next call. The state is the
   * caller's to keep: one net follows as many series as there is memory for states.
   */
  step(row: ArrayLike<number>, state: Float32Array): Float32Array {
    const runner = this.#streaming()
    const { program, engine } = runner
    if (row.length !== this.features)
      throw new LearnError('samples_shape', `a row has ${row.length} numbers, and the net takes ${this.features}`)
    const { f32 } = engine.arena
    const x = program.x.at / FLOAT
    for (let i = 0; i < row.length; i++) f32[x + i] = row[i]
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
    return outputOf(runner, this.horizon * this.features)
  }

  #streaming(): Runner {
    if (this.#stream?.block !== this.block) this.#stream = this.runner(STREAMING, 1)
    if (this.#stream.program.carried.length === 0)
      throw new LearnError('no_state', 'a Transformer keeps no state from row to row: give it windows')
    return this.#stream
  }

  #behind(windows: Samples): Samples {
    return behind(windows, this.horizon)
  }
}

function outputOf({ engine, program }: Runner, count: number): Float32Array {
  const at = program.y.at / FLOAT
  return engine.arena.f32.subarray(at, at + count)
}
