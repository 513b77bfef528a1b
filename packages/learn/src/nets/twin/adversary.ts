/** What can be reached of one number. */
export interface Reachable {
  readonly was: number
  readonly reach: number
  readonly least: number
  readonly most: number
}

/** The nearest number to x that can be reached. */
export function reachable(x: number, { was, reach, least, most }: Reachable): number {
  const low = Math.max(was - reach, Math.min(least, was))
  return Math.min(was + reach, Math.max(most, was), Math.max(x, low))
}

/** A step of `rate` of the reach along the sign of a gradient. */
export function climb(x: number, gradient: number, rate: number, where: Reachable): number {
  return reachable(x + rate * where.reach * Math.sign(gradient), where)
}
