import type { Attack } from './attack.ts'
import { tellState } from './state.ts'

/** States, and milliseconds from one to the next: far below every limit, thirty times the actuator's own beat. */
const STATES = 60
const PERIOD = 100
/** So many at once may be what could not be said before. */
const HARMLESS = 30

/**
 * Tells the state of a valve far more often than the valve does, each message as legal as can be, so that whoever records states
 * is worn out. Effect: messages that arrived beyond the thirtieth.
 */
export const offBeat: Attack = {
  name: 'off-beat',
  technique: 'T0832',
  title: 'Speak far more often than the device ever did',
  expected: 'rhythm',
  alone: false,
  steals: 'valve-2',
  seconds: () => 9,
  async run(range) {
    await range.proveAccess()
    const arrived = await tellState(range, { count: STATES, period: PERIOD, qos: 1, retain: true })
    const detail = `${arrived} of ${STATES} states arrived, one every ${PERIOD} ms; more than ${HARMLESS} do harm`
    return { attempts: STATES, effect: Math.max(0, arrived - HARMLESS), detail }
  },
}
