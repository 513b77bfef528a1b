import type { Attack } from './attack.ts'
import { arrived, harmful, lie } from './lie.ts'

const MESSAGES = 10
/** Of the device, ms. */
const PERIOD = 500
/** So much lower each time, m: as fast as the sensor may ever say, and several times what the flows allow. */
const STEP = 0.05
/** A level that is wrong by so much moves pumps and valves, m. */
const HARM = 0.1

/**
 * Says that tank 1 runs empty, inside the range of its level and no faster than it may change; only the flows contradict.
 * Effect: readings that reached the observer and were wrong by more than 10 cm.
 */
export const spoofBalance: Attack = {
  name: 'spoof-balance',
  technique: 'T1692.002',
  title: 'Report a falling level that inflow and outflow contradict',
  expected: 'invariant',
  alone: false,
  steals: 'level-1',
  seconds: () => 7,
  async run(range) {
    await range.proveAccess()
    const told = await lie(range, MESSAGES, PERIOD, (i, truth) => Math.max(0.12, truth - STEP * (i + 1)))
    const effect = harmful(told, HARM)
    const detail = `${arrived(told)} of ${told.length} false levels arrived, ${effect} of them wrong by more than ${HARM} m`
    return { attempts: told.length, effect, detail }
  },
}
