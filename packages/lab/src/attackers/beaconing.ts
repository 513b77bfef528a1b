import type { Attack } from './attack.ts'
import { tellState } from './state.ts'

/** Beacons, and milliseconds from one to the next, as even as an implant's. */
const BEACONS = 10
const PERIOD = 850
/** So many must be seen before anybody can speak of a beat. */
const UNSEEN = 4

/**
 * Reports to a master at an even beat, in legal states of a valve that nobody acknowledges. Effect: beacons that arrived beyond
 * the fourth.
 */
export const beaconing: Attack = {
  name: 'beaconing',
  technique: 'T0869',
  title: 'Hide a beacon in legal messages',
  expected: 'rhythm',
  alone: false,
  steals: 'valve-3',
  seconds: () => 11,
  async run(range) {
    await range.proveAccess()
    const arrived = await tellState(range, { count: BEACONS, period: PERIOD, qos: 0, retain: true })
    const detail = `${arrived} of ${BEACONS} beacons arrived, one every ${PERIOD} ms`
    return { attempts: BEACONS, effect: Math.max(0, arrived - UNSEEN), detail }
  },
}
