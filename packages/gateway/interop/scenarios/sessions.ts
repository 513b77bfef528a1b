import { message, type Scenario, type Scene } from './scene.ts'

const HOUR = 3600

const WITH_WILL = { filters: [{ topic: 'unused', qos: 0 }], will: { topic: 'will', payload: 'gone', qos: 1 } } as const

export const willOnDirtyEnd: Scenario = {
  name: 'a will on a dirty end',
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: '#', qos: 1 }] })
    const rude = await scene.connect('rude', WITH_WILL)
    await rude.kill()
    await listener.until(1)
    return { seen: scene.seen(listener) }
  },
  expected: () => ({ seen: [message('will', 'gone', 1)] }),
}

export const willOnDisconnect: Scenario = {
  name: 'no will on DISCONNECT, unless it asks for it',
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: '#', qos: 1 }] })
    const polite = await scene.connect('polite', WITH_WILL)
    await polite.end()
    const speaker = await scene.connect('speaker')
    // The will, if there is one, and the end come by two connections: only their set is sure.
    await speaker.publish(scene.topic('last'), 'end', { qos: 1 })
    await listener.until(1)
    await speaker.publish(scene.topic('last'), 'end', { qos: 1 })
    await listener.until(2)
    return { wills: scene.seen(listener).filter(one => one['topic'] === 'will') }
  },
  expected: (version, abilities) => ({
    wills: version === '5' && !abilities.has('plain disconnect') ? [message('will', 'gone', 1)] : [],
  }),
}

export const retainedWill: Scenario = {
  name: 'a retained will',
  async run(scene) {
    const listener = await scene.connect('listener', { filters: [{ topic: 'state', qos: 1 }] })
    const rude = await scene.connect('rude', {
      filters: [{ topic: 'unused', qos: 0 }],
      will: { topic: 'state', payload: 'offline', qos: 1, retain: true },
    })
    await rude.kill()
    await listener.until(1)
    const late = await scene.connect('late', { filters: [{ topic: 'state', qos: 1 }] })
    await late.until(1)
    return { seen: scene.seen(listener), late: scene.seen(late) }
  },
  expected: () => ({
    seen: [message('state', 'offline', 1)],
    late: [message('state', 'offline', 1, { retain: true })],
  }),
}

export const resume: Scenario = {
  name: 'a session resumes with what was queued',
  async run(scene) {
    const first = await keeping(scene)
    await first.end()
    const speaker = await scene.connect('speaker')
    for (const n of [1, 2, 3]) await speaker.publish(scene.topic('q'), `queued ${n}`, { qos: 1 })
    const again = await keeping(scene)
    await again.until(3)
    return { seen: scene.seen(again) }
  },
  expected: () => ({ seen: [1, 2, 3].map(n => message('q', `queued ${n}`, 1)) }),
}

export const sessionPresent: Scenario = {
  name: 'CONNACK tells of a session; a clean start ends it',
  needs: ['tell session present'],
  async run(scene) {
    const present = []
    for (const connect of [keeping, keeping, cleanly, keeping]) {
      const connection = await connect(scene)
      present.push(connection.sessionPresent)
      await connection.end()
    }
    return { present }
  },
  expected: () => ({ present: [false, true, false, false] }),
}

export const reconnect: Scenario = {
  name: 'a device that leaves may come back at once',
  needs: ['tell session present'],
  async run(scene) {
    let connected = 0
    for (; connected < 10; connected++) await (await scene.connect('hasty')).end()
    return { connected }
  },
  expected: () => ({ connected: 10 }),
}

export const shared: Scenario = {
  name: 'a shared subscription gives each message once',
  async run(scene) {
    const filters = [{ topic: '$share/group/work', qos: 1 as const }]
    const workers = [await scene.connect('one', { filters }), await scene.connect('two', { filters })]
    const speaker = await scene.connect('speaker')
    for (let n = 0; n < 6; n++) await speaker.publish(scene.topic('work'), String(n), { qos: 1 })
    const all = () => workers.flatMap(worker => worker.received.map(one => one.payload))
    await Promise.all(workers.map(worker => worker.until(3)))
    return { granted: workers.map(worker => worker.granted), all: all().sort() }
  },
  expected: () => ({ granted: [[1], [1]], all: ['0', '1', '2', '3', '4', '5'] }),
}

export const keepAlive: Scenario = {
  name: 'keep-alive is answered',
  async run(scene) {
    const quiet = await scene.connect('quiet', {
      keepAlive: scene.leastKeepAlive,
      filters: [{ topic: 'unused', qos: 0 }],
    })
    await quiet.pinged()
    return { pinged: true }
  },
  expected: () => ({ pinged: true }),
}

function keeping(scene: Scene) {
  const expiry = scene.version === '5' ? { sessionExpiry: HOUR } : {}
  return scene.connect('keeper', { clean: false, ...expiry, filters: [{ topic: 'q', qos: 1 }] })
}

function cleanly(scene: Scene) {
  return scene.connect('keeper')
}
