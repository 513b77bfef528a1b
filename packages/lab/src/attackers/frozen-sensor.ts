import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'
import { lie } from './lie.ts'
import { publish } from './packets.ts'

const MESSAGES = 30
/** Of the device, ms. */
const PERIOD = 200
/** So many identical readings in a row hide three seconds of a bearing. */
const HARM = 15
/** How often one message is sent again, and milliseconds from one time to the next. */
const AGAIN = 20
const PAUSE = 150
const SETTLE = 500

/**
 * Repeats one reading of a bearing's vibration as if nothing ever happened: as new messages, then as one message of QoS 1 that is
 * sent with the DUP flag for seconds, as if its acknowledgement were lost again and again. Effect: identical readings in a row
 * that reached the observer, beyond the 15th of each kind.
 */
export const frozenSensor: Attack = {
  name: 'frozen-sensor',
  technique: 'T0832',
  title: 'Freeze the reading of a vibration sensor',
  expected: 'invariant',
  alone: false,
  steals: 'vibration-1',
  seconds: () => 11.5,
  async run(range) {
    await range.proveAccess()
    const still = range.fleet.truth(range.device)
    const told = await lie(range, MESSAGES, PERIOD, () => still)
    // They are identical, so those that arrived stand in a row wherever the gaps are.
    const row = told.filter(({ sighting }) => sighting.count > 0).length
    const { sent, arrived } = await repeat(range)
    const detail =
      `${row} of ${told.length} identical readings arrived in a row, ` +
      `and one message ${arrived} times of ${sent}; more than ${HARM} do harm`
    const effect = Math.max(0, row - HARM) + Math.max(0, arrived - HARM)
    return { attempts: told.length + sent, effect, detail }
  },
}

/** Sends a true message, and then the same again and again as if for the sake of its acknowledgement. */
async function repeat(range: Range): Promise<{ sent: number; arrived: number }> {
  const session = await range.enter(4)
  const { marker, sighting } = range.mark()
  const payload = JSON.stringify(range.honest(marker))
  const message = { topic: range.topic(range.device, 'telemetry'), payload, qos: 1 } as const
  session.send(publish(4, message))
  let sent = 1
  for (; sent <= AGAIN && !session.closed; sent += 1) {
    await range.sleep(PAUSE)
    session.send(publish(4, { ...message, dup: true }))
  }
  await range.sleep(SETTLE)
  session.destroy()
  return { sent, arrived: sighting.count }
}
