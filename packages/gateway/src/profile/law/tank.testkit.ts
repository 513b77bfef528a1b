import type { Breach } from '../types.ts'
import type { Place } from './law.testkit.ts'

/** Square meters. */
const AREA = 0.4
/** Seconds of one step. */
const STEP = 0.05

/** A seeded source of figures in [0, 1): a linear congruential generator (Numerical Recipes). */
export function figures(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export interface Lie {
  /** What the level sensor says instead of what it measures; null for silence. Seconds since the beginning. */
  level?(measured: number, seconds: number): number | null
  /** Whether a flow meter speaks. */
  flow?(meter: 1 | 2, seconds: number): boolean
}

/**
 * Two flow meters and a level sensor at a tank whose valve and pump keep moving, each with its own uneven clock and noise of
 * 0.5 % of the flow and 4 mm (three deviations at most, evenly spread otherwise). Gives what the law found, by seconds.
 */
export function runTank(
  place: Place,
  seconds: number,
  seed: number,
  lie: Lie = {},
): { at: number; breach: Breach; off: number }[] {
  const random = figures(seed)
  const noise = (size: number) => (random() + random() + random() - 1.5) * 2 * size
  const found: { at: number; breach: Breach; off: number }[] = []
  const due = [random(), random(), random()]
  let level = 0.9
  let inflow = 5
  let outflow = 5
  const wall = 1_700_000_000_000
  place.tell(3, 2, wall)
  for (let time = 0; time < seconds; time += STEP) {
    // The valve follows a slow wave, the pump steps now and then and takes two seconds to do so.
    const wanted = 5 + 3 * Math.sign(Math.sin(time / 23)) * Math.min(1, Math.abs(level - 0.4))
    outflow += Math.max(-0.2, Math.min(0.2, wanted - outflow))
    inflow = 5 + 4 * Math.sin(time / 17)
    level += ((inflow - outflow) / 1000 / AREA) * STEP
    for (let device = 0; device < 3; device++) {
      if (time < due[device]) continue
      due[device] += 0.35 + 0.3 * random()
      const now = Math.round(wall + time * 1000)
      if (device === 2) place.tell(3, 2, now)
      if (device > 0) {
        const flow = device === 1 ? inflow : outflow
        if (lie.flow?.(device as 1 | 2, time) ?? true) place.tell(device, flow * (1 + noise(0.005)), now)
        continue
      }
      const measured = level + noise(0.004)
      const told = lie.level === undefined ? measured : lie.level(measured, time)
      const breach = told === null ? null : place.say({ 0: told }, now)
      if (breach !== null && told !== null) found.push({ at: time, breach, off: told - level })
    }
  }
  return found
}
