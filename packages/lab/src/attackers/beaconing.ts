import type { Attack } from './attack.ts'
import { alarms } from './off-beat.ts'

/** Beacons, and milliseconds from one to the next, as even as an implant's. */
const BEACONS = 10
const PERIOD = 850
/** So many must be seen before anybody can speak of a beat. */
const UNSEEN = 4

/**
 * Reports to a master at an even beat, in the digits of alarms, which the stolen device hardly ever sends. Effect: beacons that
 * arrived beyond the fourth.
 */
export const beaconing: Attack = {
  name: 'beaconing',
  technique: 'T0869',
  title: 'Hide a beacon in legal messages',
  expected: 'rhythm',
  alone: false,
  steals: 'pressure-1',
  seconds: () => 11,
  async run(range) {
    await range.proveAccess()
    const sightings = await alarms(range, BEACONS, PERIOD)
    const arrived = sightings.filter(({ count }) => count > 0).length
    const detail = `${arrived} of ${sightings.length} beacons arrived, one every ${PERIOD} ms`
    return { attempts: sightings.length, effect: Math.max(0, arrived - UNSEEN), detail }
  },
}
