/** Water at 20 °C, in SI units. */
export const DENSITY = 998
export const HEAT_CAPACITY = 4184
export const GRAVITY = 9.81

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value))
}

/** Moves `from` toward `to` by at most `step`. */
export function approach(from: number, to: number, step: number): number {
  return from + clamp(to - from, -step, step)
}

/** Pressure of a column of water, kPa. */
export function hydrostatic(meters: number): number {
  return (DENSITY * GRAVITY * meters) / 1000
}
