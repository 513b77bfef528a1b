import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'

/** Samples that lie in one run of numbers: sample i is the `steps * columns` floats from `starts[i]` on, row by row. Windows may overlap; none is copied. */
export interface Samples {
  readonly data: Float32Array
  readonly starts: Uint32Array
  readonly steps: number
  readonly columns: number
}

/** Each row of a matrix is a sample. */
export function rowSamples({ data, rows, columns }: Matrix): Samples {
  return { data, starts: Uint32Array.from({ length: rows }, (_, i) => i * columns), steps: 1, columns }
}

/** How windows are cut from a series. */
export interface Cut {
  /** Rows of a window. */
  readonly steps: number
  /** Rows from one window's beginning to the next one's; 1 if absent. */
  readonly stride?: number
  /** Rows behind a window that must be there too, to be forecast; 0 if absent. */
  readonly ahead?: number
}

/** The windows of a series, a row an instant, oldest first. Errors: `cut_wrong`; `series_short` where not one window fits. */
export function windowSamples({ data, rows, columns }: Matrix, { steps, stride = 1, ahead = 0 }: Cut): Samples {
  for (const [name, value, least] of [
    ['steps', steps, 1] as const,
    ['stride', stride, 1] as const,
    ['ahead', ahead, 0] as const,
  ]) {
    if (!Number.isInteger(value) || value < least)
      throw new LearnError('cut_wrong', `${name} is a whole number from ${least}, not ${value}`)
  }
  const count = Math.floor((rows - steps - ahead) / stride) + 1
  if (count < 1)
    throw new LearnError('series_short', `${rows} rows hold no window of ${steps} rows with ${ahead} behind it`)
  return { data, starts: Uint32Array.from({ length: count }, (_, i) => i * stride * columns), steps, columns }
}

/** What comes right behind windows of a series: `rows` rows each, as one row of targets. */
export function behind({ data, starts, steps, columns }: Samples, rows: number): Samples {
  return { data, starts: starts.map(start => start + steps * columns), steps: 1, columns: rows * columns }
}

/** Some of the samples. */
export function someOf(samples: Samples, from: number, to: number): Samples {
  return { ...samples, starts: samples.starts.subarray(from, to) }
}

/** Refuses samples of another shape than a net's, and numbers that are none. Errors: `samples_empty`, `samples_shape`, `samples_not_finite`. */
export function checkSamples(samples: Samples, steps: number, columns: number, what = 'samples'): void {
  const { data, starts } = samples
  if (starts.length === 0) throw new LearnError('samples_empty', `there are no ${what}`)
  if (samples.steps !== steps || samples.columns !== columns)
    throw new LearnError(
      'samples_shape',
      `${what} have ${samples.steps} x ${samples.columns} numbers each, and the net takes ${steps} x ${columns}`,
    )
  const size = steps * columns
  // What one window has shown to be finite is not looked at again for the next.
  let clean = 0
  let before = 0
  for (const start of starts) {
    if (start + size > data.length) throw new LearnError('samples_shape', `the ${what} end behind their data`)
    if (start < before) clean = 0
    for (let i = Math.max(start, clean); i < start + size; i++) {
      if (!Number.isFinite(data[i]))
        throw new LearnError('samples_not_finite', `${what} hold ${data[i]} at row ${Math.floor(i / columns)}`)
    }
    clean = Math.max(clean, start + size)
    before = start
  }
}
