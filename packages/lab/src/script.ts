import { CONTROLLER, EDGE, instruments, SPARE } from './fleet/devices.ts'
import type { SetpointName } from './plant/setpoints.ts'

/** What happens so many seconds after the beginning. */
export type Order = { readonly at: number } & (
  | { readonly order: 'start' | 'stop' }
  | { readonly target: SetpointName; readonly value: number }
  /** A device loses its power and comes back: its counts begin anew. */
  | { readonly restart: string }
  /** A device loses its connection and comes back as it was. */
  | { readonly reconnect: string }
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

/** Who is gone for a while: everybody but the operator, who gives the orders. */
const MISHAPS: readonly string[] = [...instruments.map(({ device }) => device), CONTROLLER, EDGE, SPARE]
/** So many in a round, one every so many seconds: by day and by night, but none while the plant is being stopped. */
const IN_ROUND = 17
const EVERY = 12
const FIRST = 3

/** A script for so many minutes: shutdown, start-up, normal operation with other set points, shutdown, and again; with it everybody loses the connection or the power some time. */
export function everyMode(minutes: number): Order[] {
  return rounds(minutes, round => [...PLAN, ...mishaps(round)])
}

/** As `everyMode`, but everybody stays connected. */
export function undisturbed(minutes: number): Order[] {
  return rounds(minutes, () => PLAN)
}

function rounds(minutes: number, plan: (round: number) => readonly Order[]): Order[] {
  const count = Math.ceil((minutes * 60) / ROUND)
  return Array.from({ length: count }, (_, round) =>
    plan(round).map(step => ({ ...step, at: step.at + round * ROUND })),
  ).flat()
}

function mishaps(round: number): Order[] {
  return Array.from({ length: IN_ROUND }, (_, i) => {
    const number = round * IN_ROUND + i
    const device = MISHAPS[number % MISHAPS.length]
    const at = FIRST + i * EVERY
    // The next time it is the other of the two, since the devices are an odd number.
    return number % 2 === 0 ? { at, restart: device } : { at, reconnect: device }
  })
}
