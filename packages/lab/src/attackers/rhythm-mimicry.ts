import type { Attack } from './attack.ts'
import { arrived, harmful, lie } from './lie.ts'

const MESSAGES = 8
/** Of the device, ms. */
const PERIOD = 1000
/** A temperature that is off by so much does harm, degrees Celsius. */
const HARM = 4

/**
 * Keeps beat, size, topic and form of the device whose key was stolen, and tells a temperature that leaps. Effect: readings wrong by
 * more than 4 degrees that arrived.
 */
export const rhythmMimicry: Attack = {
  name: 'rhythm-mimicry',
  technique: 'T1692.002',
  title: "Lie in a sensor's own rhythm",
  expected: 'invariant',
  alone: false,
  steals: 'temperature-1',
  seconds: () => 11,
  async run(range) {
    await range.proveAccess()
    const told = await lie(range, MESSAGES, PERIOD, (i, truth) => truth + (i % 2 === 0 ? 22 : 18))
    const effect = harmful(told, HARM)
    const detail = `${arrived(told)} of ${told.length} readings arrived, ${effect} of them wrong by more than ${HARM} degrees`
    return { attempts: told.length, effect, detail }
  },
}
