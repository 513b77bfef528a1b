/**
 * One series of the site: a device's value by the name that its profile gives it (`level-1/level`). Filled by
 * `Neighbors.read`; reused by its owner.
 */
export interface Sample {
  /** In the series' own unit; a state is the index in its `enum`. */
  value: number
  /** When it came, wall milliseconds since the Unix epoch; 0 where nothing has come yet. */
  time: number
  /** The area under the series until `time`, in its unit times seconds, by the trapezoidal rule. */
  integral: number
}

/** The last values of the site's series. A series is named by the number that the compiled profiles give it. */
export interface Neighbors {
  /** Copies a series' state into `into` as one consistent reading. */
  read(series: number, into: Sample): void
  /** Sets a series' next value. Called by the worker that holds the device's lease, from `learn` only. */
  write(series: number, value: number, time: number): void
}
