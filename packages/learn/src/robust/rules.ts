/** What can be done to a column by somebody who is not the machine. Nothing said: anything. */
export interface ColumnRule {
  /** It stays as it is. */
  readonly fixed?: boolean
  readonly least?: number
  readonly most?: number
  /** It moves by whole multiples of this, in its own unit. */
  readonly step?: number
  /** How values here are told in the column's own unit, where a model takes them otherwise: a count's logarithm, say. Both must rise. */
  readonly own?: {
    /** A value in the column's own unit. */
    readonly from: (value: number) => number
    readonly to: (own: number) => number
  }
  /** It only grows: a counter, a size to which bytes can be added and not taken. */
  readonly only?: 'up' | 'down'
}

/** A linear law of the machine over a row: a sum of weighted columns stays what it is (a balance), or is at most `most`. */
export interface LinearRule {
  /** One a column. */
  readonly weights: readonly number[]
  readonly most?: number
}

/** How far an attack may go: by column (L-infinity), or in all, in units of each column's scale (L2). */
export interface Reach {
  readonly norm: 'linf' | 'l2'
  /** The size of the ball. */
  readonly epsilon: number
  /** What one unit of each column is measured by: its standard deviation, say; 1 where nothing is said. */
  readonly scale?: ArrayLike<number>
}
