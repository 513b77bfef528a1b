import { message, type Scenario } from './scene.ts'

export const unsubscribe: Scenario = {
  name: 'unsubscribe',
  needs: ['change subscriptions'],
  async run(scene) {
    const listener = await scene.connect('listener', {
      filters: [
        { topic: 'a', qos: 1 },
        { topic: 'b', qos: 1 },
      ],
    })
    await listener.unsubscribe([scene.topic('a')])
    const speaker = await scene.connect('speaker')
    await speaker.publish(scene.topic('a'), 'unheard', { qos: 1 })
    await speaker.publish(scene.topic('b'), 'heard', { qos: 1 })
    await listener.until(1)
    return { granted: listener.granted, seen: scene.seen(listener) }
  },
  expected: () => ({ granted: [1, 1], seen: [message('b', 'heard', 1)] }),
}

export const wildcards: Scenario = {
  name: 'wildcards and a filter in the middle of others',
  async run(scene) {
    const filters = ['+/state', 'deep/#', 'plain'].map(topic => ({ topic, qos: 1 as const }))
    const listener = await scene.connect('listener', { filters })
    const speaker = await scene.connect('speaker')
    for (const name of ['one/state', 'other', 'deep/er/still', 'plain']) {
      await speaker.publish(scene.topic(name), name, { qos: 1 })
    }
    await listener.until(3)
    return { granted: listener.granted, seen: scene.seen(listener) }
  },
  expected: () => ({
    granted: [1, 1, 1],
    seen: ['one/state', 'deep/er/still', 'plain'].map(name => message(name, name, 1)),
  }),
}

/** Mosquitto's ACL file knows read and write; it refuses no subscription. So this one has no direct counterpart. */
export const refusedFilter: Scenario = {
  name: 'one refused filter among good ones',
  async run(scene) {
    const listener = await scene.connect('listener', {
      filters: [
        { topic: 'a', qos: 1 },
        { topic: '/forbidden/#', qos: 1 },
        { topic: 'b', qos: 1 },
      ],
    })
    const speaker = await scene.connect('speaker')
    for (const name of ['a', 'b']) await speaker.publish(scene.topic(name), name, { qos: 1 })
    await listener.until(2)
    return { granted: listener.granted, seen: scene.seen(listener) }
  },
  expected: version => ({
    granted: [1, version === '5' ? 0x87 : 0x80, 1],
    seen: ['a', 'b'].map(name => message(name, name, 1)),
  }),
}

export const refusedPublish: Scenario = {
  name: 'a refused publish is answered and not delivered',
  needs: ['tell refusal'],
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: '#', qos: 2 }] })
    const spy = await scene.connect('spy', { filters: [{ topic: '$share/x/#', qos: 2 }] })
    const speaker = await scene.connect('speaker')
    const reasons = []
    for (const qos of [1, 2] as const) {
      reasons.push(await speaker.publish(`forbidden/${scene.topic('')}`, 'no', { qos }))
      reasons.push(await speaker.publish(scene.topic('good'), `after ${qos}`, { qos }))
    }
    await listener.until(2)
    await spy.until(2)
    return { reasons, seen: scene.seen(listener) }
  },
  expected: version => ({
    reasons: version === '5' ? [0x87, 0, 0x87, 0] : [0, 0, 0, 0],
    seen: [1, 2].map(qos => message('good', `after ${qos}`, qos)),
  }),
}
