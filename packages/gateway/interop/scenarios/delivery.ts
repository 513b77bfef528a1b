import { shown } from '../peers/kit.ts'
import { message, type Scenario } from './scene.ts'

const SIZE = 256 * 1024
const QUALITIES = [0, 1, 2] as const
const WAVE = 20

function large(): string {
  let state = 12345
  let text = ''
  while (text.length < SIZE) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    text += state.toString(36)
  }
  return text.slice(0, SIZE)
}

export const qualities: Scenario = {
  name: 'QoS 0, 1 and 2 both ways',
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: '#', qos: 2 }] })
    const speaker = await scene.connect('speaker')
    const reasons = []
    for (const qos of QUALITIES) {
      reasons.push(await speaker.publish(scene.topic(`q${qos}`), `at ${qos}`, { qos }))
      await listener.until(qos + 1)
    }
    return { granted: listener.granted, reasons, seen: scene.seen(listener) }
  },
  expected: () => ({
    granted: [2],
    reasons: [0, 0, 0],
    seen: QUALITIES.map(qos => message(`q${qos}`, `at ${qos}`, qos)),
  }),
}

export const downgrade: Scenario = {
  name: 'the subscription limits the quality of service',
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: 'a', qos: 1 }] })
    const speaker = await scene.connect('speaker')
    await speaker.publish(scene.topic('a'), 'two', { qos: 2 })
    await listener.until(1)
    return { granted: listener.granted, seen: scene.seen(listener) }
  },
  expected: () => ({ granted: [1], seen: [message('a', 'two', 1)] }),
}

export const largePayload: Scenario = {
  name: '256 KB intact both ways',
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: 'large', qos: 1 }] })
    const speaker = await scene.connect('speaker')
    const reason = await speaker.publish(scene.topic('large'), large(), { qos: 1 })
    await listener.until(1)
    return { reason, seen: scene.seen(listener) }
  },
  expected: () => ({ reason: 0, seen: [message('large', shown(large()), 1)] }),
}

export const many: Scenario = {
  name: 'two hundred messages in order',
  needs: ['change subscriptions'],
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: 'n', qos: 1 }] })
    const speaker = await scene.connect('speaker')
    const reasons = new Set<number>()
    // In waves: MQTT.js does not heed the broker's Receive Maximum, and who breaks it may be disconnected.
    for (let wave = 0; wave < 200; wave += WAVE) {
      const numbers = Array.from({ length: WAVE }, (_, n) => String(wave + n))
      for (const reason of await Promise.all(numbers.map(n => speaker.publish(scene.topic('n'), n, { qos: 1 })))) {
        reasons.add(reason)
      }
    }
    await listener.until(200)
    return { reasons: [...reasons], seen: listener.received.map(one => one.payload) }
  },
  expected: () => ({ reasons: [0], seen: Array.from({ length: 200 }, (_, n) => String(n)) }),
}

export const retained: Scenario = {
  name: 'retained: set, received, cleared',
  async run(scene) {
    const speaker = await scene.connect('speaker')
    await speaker.publish(scene.topic('kept'), 'first', { qos: 1, retain: true })
    const early = await scene.connect('early', { filters: [{ topic: 'kept', qos: 1 }] })
    await early.until(1)
    await speaker.publish(scene.topic('kept'), 'second', { qos: 1, retain: true })
    await early.until(2)
    await speaker.publish(scene.topic('kept'), '', { qos: 1, retain: true })
    await early.until(3)
    const late = await scene.connect('late', { filters: [{ topic: 'kept', qos: 1 }] })
    await speaker.publish(scene.topic('kept'), 'live', { qos: 1 })
    await late.until(1)
    return { early: scene.seen(early).slice(0, 3), late: scene.seen(late) }
  },
  expected: () => ({
    early: [message('kept', 'first', 1, { retain: true }), message('kept', 'second', 1), message('kept', '', 1)],
    late: [message('kept', 'live', 1)],
  }),
}
