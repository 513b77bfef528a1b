import type { Attack } from './attack.ts'
import { lie } from './lie.ts'

const MESSAGES = 30
/** Of the device, ms. */
const PERIOD = 200
/** So many identical readings in a row hide three seconds of a bearing. */
const HARM = 15

/**
 * Repeats one reading of a bearing's vibration as if nothing ever happened. Effect: identical readings in a row that reached
 * the observer, beyond the 15th.
 */
export const frozenSensor: Attack = {
  name: 'frozen-sensor',
  technique: 'T0832',
  title: 'Freeze the reading of a vibration sensor',
  expected: 'invariant',
  alone: false,
  steals: 'vibration-1',
  seconds: () => 8,
  async run(range) {
    await range.proveAccess()
    const still = range.fleet.truth(range.device)
    const told = await lie(range, MESSAGES, PERIOD, () => still)
    // They are identical, so those that arrived stand in a row wherever the gaps are.
    const row = told.filter(({ sighting }) => sighting.count > 0).length
    const detail = `${row} of ${told.length} identical readings arrived in a row; more than ${HARM} do harm`
    return { attempts: told.length, effect: Math.max(0, row - HARM), detail }
  },
}
