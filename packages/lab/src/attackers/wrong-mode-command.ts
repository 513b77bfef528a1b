import { CONTROLLER } from '../fleet/devices.ts'
import type { Attack } from './attack.ts'
import { publish } from './packets.ts'

const VICTIMS = ['valve-1', 'pump-1', 'valve-4', 'heater-1']
/** The plant is shut down within so many milliseconds. */
const SHUTDOWN = 8000
/** An actuator obeys within so many milliseconds. */
const SETTLE = 800

/**
 * With the plant shut down, first commands actuators as the controller, whose key it has, then at the broker itself, behind the
 * gateway. Effect: commands that an actuator obeyed.
 */
export const wrongModeCommand: Attack = {
  name: 'wrong-mode-command',
  technique: 'T1692.001',
  title: 'Command actuators while the plant is shut down',
  expected: 'command',
  alone: true,
  steals: CONTROLLER,
  seconds: () => 5,
  async prepare(range) {
    const { fleet } = range
    fleet.works.order('stop')
    if (await range.until(() => fleet.mode === 'shutdown', SHUTDOWN)) return
    throw new Error('The plant did not shut down, so no command was illegal')
  },
  conclude({ fleet }) {
    fleet.works.order('start')
  },
  async run(range) {
    await range.proveAccess()
    const outside = range.mark()
    const messages = VICTIMS.map(device =>
      publish(4, { topic: range.topic(device, 'set'), payload: command(outside.marker), qos: 1 }),
    )
    const sent = await range.deliver(4, messages, 60)
    const inside = range.mark()
    for (const device of VICTIMS) {
      // Whoever refuses on the way down says so of the actuator.
      range.devices.add(device)
      await range.observer.inject(range.topic(device, 'set'), command(inside.marker))
    }
    await range.sleep(SETTLE)
    const [first, second] = [outside, inside].map(({ marker }) => range.fleet.obeyed(marker))
    const detail =
      `${first} of ${sent} commands of the stolen controller were obeyed, ` +
      `and ${second} of ${VICTIMS.length} that were sent at the broker`
    return { attempts: sent + VICTIMS.length, effect: first + second, detail }
  },
}

function command(trace: string): string {
  return JSON.stringify({ trace, ts: Date.now(), source: CONTROLLER, value: 1 })
}
