import type { SetpointName } from './plant/setpoints.ts'

/** What the operator does, so many seconds after the beginning. */
export type Order = { readonly at: number } & (
  | { readonly order: 'start' | 'stop' }
  | { readonly target: SetpointName; readonly value: number }
)

/** Seconds of one round through all modes. */
const ROUND = 200

/** What happens in a round: the tanks are run down before the stop, so that the next start-up has something to fill. */
const PLAN: readonly Order[] = [
  { at: 10, order: 'start' },
  { at: 50, target: 'feed', value: 1.1 },
  { at: 65, target: 'temperature', value: 37 },
  { at: 80, target: 'hot', value: 0.6 },
  { at: 95, target: 'product', value: 0.95 },
  { at: 110, target: 'temperature', value: 25 },
  { at: 120, target: 'feed', value: 0.5 },
  { at: 130, target: 'hot', value: 0.45 },
  { at: 140, target: 'product', value: 0.35 },
  { at: 175, order: 'stop' },
  { at: 198, target: 'feed', value: 0.9 },
  { at: 198, target: 'hot', value: 0.8 },
  { at: 198, target: 'product', value: 0.7 },
  { at: 198, target: 'temperature', value: 32 },
]

/** A script for so many minutes: shutdown, start-up, normal operation with other set points, shutdown, and again. */
export function everyMode(minutes: number): Order[] {
  const rounds = Math.ceil((minutes * 60) / ROUND)
  return Array.from({ length: rounds }, (_, round) =>
    PLAN.map(step => ({ ...step, at: step.at + round * ROUND })),
  ).flat()
}
