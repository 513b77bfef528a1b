import type { Attack } from './attackers/attack.ts'
import type { Limits } from './types.ts'

/** How many attacks may run beside each other. They use little; what is measured by time or load runs alone. */
const LANES = 4

/** What runs when: lanes beside each other with pauses before each attack (seconds), then the rest one by one. */
export interface Schedule {
  readonly lanes: readonly { readonly pause: number; readonly attacks: readonly Attack[] }[]
  readonly alone: readonly Attack[]
}

/** Spreads the attacks over `seconds`. If they do not fit they follow each other without pauses and take longer. */
export function schedule(attacks: readonly Attack[], limits: Limits, seconds: number): Schedule {
  const alone = attacks.filter(attack => attack.alone)
  const shared = seconds - duration(alone, limits)
  const lanes = Array.from({ length: LANES }, (): Attack[] => [])
  for (const attack of attacks) {
    if (attack.alone) continue
    const shortest = lanes.reduce((a, b) => (duration(b, limits) < duration(a, limits) ? b : a))
    shortest.push(attack)
  }
  return {
    alone,
    lanes: lanes
      .filter(lane => lane.length > 0)
      .map(lane => ({ attacks: lane, pause: Math.max(0, (shared - duration(lane, limits)) / lane.length) })),
  }
}

function duration(attacks: readonly Attack[], limits: Limits): number {
  return attacks.reduce((sum, attack) => sum + attack.seconds(limits), 0)
}
