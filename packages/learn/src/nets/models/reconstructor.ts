import type { Matrix } from '../../base/matrix.ts'
import type { FitOptions, FitReport } from '../fit.ts'
import type { InputGradient } from '../model.ts'
import { type Samples, windowSamples } from '../samples.ts'
import { reconstructorNetwork, WindowModel, type WindowOptions } from './window-model.ts'

/** How a window is given back. */
export interface ReconstructorOptions extends WindowOptions {
  /** Numbers of the code through which a window goes whole (GRU, LSTM) or each row by itself (Transformer); half the features, rounded up, if absent. */
  readonly code?: number
}

/** A GRU, LSTM or Transformer that learns to give windows of a series back through a narrow code. Takes series that are scaled. */
export class Reconstructor extends WindowModel {
  readonly #given: Float32Array

  /** Error: `shape_wrong`. */
  constructor({ code, ...options }: ReconstructorOptions) {
    const network = reconstructorNetwork(options, code ?? Math.ceil(options.features / 2))
    super(network, { loss: { kind: 'squared' }, own: true }, options.seed ?? 1)
    this.#given = new Float32Array(this.steps * this.features)
  }

  /** The windows of a series. Error: `series_short`. */
  windows(series: Matrix, stride = 1): Samples {
    return windowSamples(series, { steps: this.steps, stride })
  }

  /** Learns windows, which should be normal ones. See `fit` for options and errors. */
  fit(windows: Samples, options: FitOptions = {}): Promise<FitReport> {
    return this.train(windows, null, options)
  }

  /** What comes out for each window, step by step in one row. */
  reconstruct(windows: Samples): Matrix {
    return this.run(windows)
  }

  /** For each window the mean squared error. */
  scores(windows: Samples): Float64Array {
    return this.errorsOf(windows, null)
  }

  /** The same of one window, without allocation. NaN where it holds NaN. */
  score(window: ArrayLike<number>): number {
    return this.runWindow(window).program.tape.loss
  }

  /** One window given back, in an array that holds until the next call. */
  reconstructionOf(window: ArrayLike<number>): Float32Array {
    this.runWindow(window).readOutput(0, this.#given)
    return this.#given
  }

  /** How the loss moves with each number of the windows. */
  gradient(windows: Samples): InputGradient {
    return this.inputGradient(windows, null)
  }
}
