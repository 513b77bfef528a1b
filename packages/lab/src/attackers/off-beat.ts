import type { Sighting } from '../observer.ts'
import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'
import { publish } from './packets.ts'

/** Alarms, and milliseconds from one to the next: below the limit of the profile. */
const ALARMS = 20
const PERIOD = 260
/** So few are nothing that an operator is not used to. */
const HARMLESS = 4
const SETTLE = 600

/**
 * Raises and clears an alarm again and again, each message as legal as can be, so that nobody looks at alarms any more. Effect:
 * alarms that arrived beyond the fourth.
 */
export const offBeat: Attack = {
  name: 'off-beat',
  technique: 'T0832',
  title: 'Wear the operators out with legal alarms',
  expected: 'rhythm',
  alone: false,
  steals: 'pressure-3',
  seconds: () => 8,
  async run(range) {
    await range.proveAccess()
    const sightings = await alarms(range, ALARMS, PERIOD)
    const arrived = sightings.filter(({ count }) => count > 0).length
    const detail = `${arrived} of ${sightings.length} alarms arrived, one every ${PERIOD} ms; more than ${HARMLESS} do harm`
    return { attempts: sightings.length, effect: Math.max(0, arrived - HARMLESS), detail }
  },
}

/** Sends alarms of the stolen device at an even beat, in a new session whenever the gateway has ended the last one. */
export async function alarms(range: Range, count: number, period: number): Promise<Sighting[]> {
  const topic = range.topic(range.device, 'alarm')
  const sightings: Sighting[] = []
  let session = await range.enter(4)
  for (let i = 0; i < count; i++) {
    if (session.closed) session = await range.enter(4).catch(() => session)
    const { marker, sighting } = range.mark()
    session.send(publish(4, { topic, payload: JSON.stringify(range.alarm(marker, i % 2 === 0)) }))
    sightings.push(sighting)
    await range.sleep(period)
  }
  await range.sleep(SETTLE)
  session.destroy()
  return sightings
}
