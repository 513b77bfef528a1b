import type { Attack } from './attack.ts'
import { publish } from './packets.ts'

/** Publishes far more than its own topic allows. Effect: oversize messages that arrived behind the gateway. */
export const oversizePayload: Attack = {
  name: 'oversize-payload',
  technique: 'T0814',
  title: 'Publish payloads larger than the topic allows',
  expected: 'size',
  alone: false,
  seconds: () => 3,
  async run(range) {
    await range.proveAccess()
    const { marker, sighting } = range.mark()
    const topic = range.topic(range.device, 'telemetry')
    const sizes = [range.limits.payloadBytes + 1000, 64 * 1024, 300 * 1024, 300 * 1024]
    const messages = sizes.map((size, i) => {
      const start = JSON.stringify(range.report(marker))
      const payload = `${start.slice(0, -1)},"pad":"${'x'.repeat(size - start.length - 9)}"}`
      return publish(4, { topic, payload, qos: i % 2 === 0 ? 0 : 1 }, i + 1)
    })
    const attempts = await range.deliver(4, messages, 100)
    const detail = `${sighting.count} of ${attempts} payloads of ${sizes.join(', ')} bytes arrived`
    return { attempts, effect: sighting.count, detail }
  },
}
