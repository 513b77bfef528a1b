import type { Range } from '../range.ts'
import { subscribe, type Version } from './packets.ts'
import type { Outcome } from './report.ts'
import { topicOf } from './session.ts'

const LISTEN = 1200

/** Subscribes to each of the filters in a session of its own. Effect: messages received that are not the listener's own. */
export async function eavesdrop(range: Range, wanted: Version, filters: readonly string[]): Promise<Outcome> {
  const version = range.observer.version === 4 ? 4 : wanted
  await range.proveAccess()
  const own = `${range.site}/${range.device}/`
  const heard: string[] = []
  let effect = 0
  let sent = 0
  for (const filter of filters) {
    const session = await range.enter(version).catch(() => null)
    if (!session) continue
    session.send(subscribe(version, filter))
    sent += 1
    await session.until(() => false, LISTEN)
    range.signal.throwIfAborted()
    const count = session.packets.filter(packet => packet.type === 3 && !topicOf(packet).startsWith(own)).length
    heard.push(`${filter} ${count}`)
    effect += count
    session.destroy()
  }
  return { attempts: sent, effect, detail: `messages of others received: ${heard.join(', ')}` }
}
