import { setTimeout as sleep } from 'node:timers/promises'
import type { LabEvent } from '../types.ts'
import type { Fleet } from './fleet.ts'
import { say } from './line.ts'

/** The valve that is looked after. */
const VALVE = 'valve-1'
/** Honest traffic goes first, and whoever opens a maintenance window is given time for it, ms. */
const AFTER = 2500
const NOTICE = 1000
/** States that it tells while somebody tries it, and milliseconds from one to the next: twenty times its own beat. */
const STATES = 20
const PERIOD = 150

/**
 * Somebody looks after a valve: it tells its state far more often than ever, and nothing is wrong. Whoever runs a gateway opens a
 * maintenance window between the two events.
 */
export async function service(fleet: Fleet, on: (event: LabEvent) => void, signal: AbortSignal): Promise<void> {
  const line = fleet.works.lines.get(VALVE)
  if (!line) throw new Error(`No device is called ${VALVE}`)
  await sleep(AFTER, undefined, { signal })
  on({ kind: 'service', time: Date.now(), device: VALVE, begins: true })
  await sleep(NOTICE, undefined, { signal })
  for (let i = 0; i < STATES; i++) {
    const value = fleet.truth(VALVE)
    say(line, line.topic('state'), { ts: Math.round(line.wall()), value }, 1, true)
    await sleep(PERIOD, undefined, { signal })
  }
  await sleep(NOTICE, undefined, { signal })
  on({ kind: 'service', time: Date.now(), device: VALVE, begins: false })
}
