import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { House } from '../interop/peers/house.ts'
import { until } from '../interop/peers/processes.ts'
import { Publisher } from './publisher.ts'
import { type Outcome, random, type SoakOptions } from './soak.ts'

const WAY = 'gateway over TCP'
const PUBLISHERS = 4
/** A round lasts until so many acknowledgements came, and then some milliseconds: counts keep slow machines busy too. */
const ACKNOWLEDGEMENTS = { least: 50, more: 400 }
const STRAY_MS = 30
const LAST = 'last'

/**
 * Kills the gateway under load, round after round. Its promise: it acknowledges nothing on its own, so every message that a
 * publisher saw acknowledged is with the broker, and reaches a subscriber that the broker keeps a session for.
 */
export async function crash({ rounds, seed, tell }: SoakOptions): Promise<Outcome> {
  const dice = random(seed)
  const house = await House.build({ persistence: true })
  const started = performance.now()
  tell(`crash: ${rounds} rounds, ${PUBLISHERS} publishers, seed ${seed}`)
  try {
    const target = await house.target(WAY)
    const gateway = await house.gateway(WAY)
    const subscriber = await listen(house.mosquitto.tcp)
    const publishers = await Promise.all(
      Array.from({ length: PUBLISHERS }, (_, n) => Publisher.start(target, `soak-${n}`, n % 2 === 0 ? '5' : '3.1.1')),
    )
    const acknowledged = () => publishers.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0)

    for (let round = 1; round <= rounds; round++) {
      const goal = acknowledged() + ACKNOWLEDGEMENTS.least + Math.floor(dice() * ACKNOWLEDGEMENTS.more)
      await until(`${goal} acknowledgements`, () => acknowledged() >= goal)
      await sleep(Math.floor(dice() * STRAY_MS))
      await gateway.kill()
      await gateway.restart()
      if (round % 10 === 0 || round === rounds)
        tell(`crash: round ${round} of ${rounds}, ${acknowledged()} acknowledged`)
    }

    await Promise.all(publishers.map(publisher => publisher.drain()))
    const all = publishers.flatMap(publisher => [...publisher.acknowledged])
    // The broker keeps a topic's order: once the last message is there, what is missing will not come.
    await Promise.all(publishers.map(publisher => publisher.end(`${LAST} ${publisher.topic}`)))
    await until('the last messages', () =>
      publishers.every(({ topic }) => subscriber.delivered.has(`${LAST} ${topic}`)),
    )
    const lost = all.filter(payload => !subscriber.delivered.has(payload)).length
    await subscriber.end()
    const seconds = Math.round((performance.now() - started) / 1000)
    const delivered = subscriber.delivered.size - PUBLISHERS
    const figures = {
      rounds,
      seed,
      acknowledged: all.length,
      delivered,
      repeated: subscriber.repeated(),
      lost,
      seconds,
    }
    return { good: lost === 0 && all.length > 0, figures }
  } finally {
    await house.close()
  }
}

/** A subscriber at the broker itself, with a session that outlives its connection. */
async function listen(port: number) {
  const delivered = new Set<string>()
  let count = 0
  const client = await connectAsync({ host: '127.0.0.1', port, clientId: 'soak-subscriber', clean: false })
  client.on('message', (_, payload) => {
    count++
    delivered.add(payload.toString())
  })
  await client.subscribeAsync('t/soak/#', { qos: 1 })
  return { delivered, repeated: () => count - delivered.size, end: () => client.endAsync() }
}
