import { message, type Scenario } from './scene.ts'

const EXPIRY = 100_000

export const properties: Scenario = {
  name: 'the properties of a message arrive unchanged',
  versions: ['5'],
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: 'p', qos: 1 }], subscriptionIdentifier: 77 })
    const speaker = await scene.connect('speaker')
    await speaker.publish(scene.topic('p'), 'with all', {
      qos: 1,
      properties: {
        userProperties: { unit: 'bar', place: 'hall 3' },
        responseTopic: 't/answer',
        correlationData: 'c-1',
        contentType: 'text/plain',
        messageExpiry: EXPIRY,
      },
    })
    await listener.until(1)
    const [{ messageExpiry, ...seen }] = scene.seen(listener)
    // The broker counts it down while it holds the message.
    const left = typeof messageExpiry === 'number' && messageExpiry > EXPIRY / 2 && messageExpiry <= EXPIRY
    return { seen, left }
  },
  expected: () => ({
    left: true,
    seen: message('p', 'with all', 1, {
      userProperties: { unit: 'bar', place: 'hall 3' },
      responseTopic: 't/answer',
      correlationData: 'c-1',
      contentType: 'text/plain',
      subscriptionIdentifier: 77,
    }),
  }),
}

export const aliases: Scenario = {
  name: 'topic aliases, both ways where the broker uses them',
  versions: ['5'],
  needs: ['alias'],
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: '#', qos: 1 }], topicAliases: 10 })
    const speaker = await scene.connect('speaker', { topicAliases: 10 })
    for (const round of [1, 2, 3]) {
      for (const name of ['a', 'b']) await speaker.publish(scene.topic(name), `${name}${round}`, { qos: 1 })
    }
    await listener.until(6)
    return { seen: scene.seen(listener) }
  },
  expected: () => ({
    seen: [1, 2, 3].flatMap(round => ['a', 'b'].map(name => message(name, `${name}${round}`, 1))),
  }),
}
