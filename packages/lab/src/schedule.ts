import type { Attack } from './attackers/attack.ts'
import type { Limits } from './types.ts'

/** How many attacks may run beside each other. They use little; what is measured by time or load runs alone. */
const LANES = 22

/** The attacks that may run beside each other, in lanes of about the same length. */
export function lanes(attacks: readonly Attack[], limits: Limits): Attack[][] {
  const found = Array.from({ length: LANES }, (): Attack[] => [])
  const shared = attacks.filter(({ alone }) => !alone)
  // Two that steal the same device would wait for each other: they go together.
  const groups = Map.groupBy(shared, attack => attack.steals || attack.name)
  const longestFirst = [...groups.values()].sort((a, b) => duration(b, limits) - duration(a, limits))
  for (const group of longestFirst)
    found.reduce((a, b) => (duration(b, limits) < duration(a, limits) ? b : a)).push(...group)
  return found
}

/** Seconds that these attacks take one after the other. */
export function duration(attacks: readonly Attack[], limits: Limits): number {
  return attacks.reduce((sum, attack) => sum + attack.seconds(limits), 0)
}

/** Seconds to wait before the first of `rest`, so that they are spread evenly over the `left` seconds; 0 when late. */
export function pause(rest: readonly Attack[], limits: Limits, left: number): number {
  return Math.max(0, (left - duration(rest, limits)) / (rest.length + 1))
}
