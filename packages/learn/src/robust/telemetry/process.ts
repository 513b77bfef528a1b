/** A machine with its controller, as an attacker who knows it can run it ahead. */
export interface Process {
  /**
   * Moves on by an instant. `report` may change readings before they are heard, in place; the controller acts on what it hears.
   * @returns the row as it was reported, in an array of its own
   */
  advance(report: (row: Float64Array) => void): Float64Array
  /** The true value behind a column, at the row that was last reported. */
  truth(column: number): number
  /** The same machine at the same instant, that goes its own way from here on. The same seed of noise goes on in both. */
  copy(): Process
}

/** What a sensor could say at all: the attacker stays within. */
export interface SensorLimits {
  readonly column: number
  readonly low: number
  readonly high: number
  /** The least step between two readings. */
  readonly resolution: number
  /** The most that a reading moves from one row to the next. */
  readonly rate: number
}
