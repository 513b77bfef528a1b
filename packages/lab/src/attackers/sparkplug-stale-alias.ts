import { EDGE } from '../fleet/devices.ts'
import { EDGE_METRICS } from '../fleet/edge-node.ts'
import type { Attack } from './attack.ts'
import { sendAsEdge } from './edge-data.ts'

const MESSAGES = 3

/**
 * As a Sparkplug B edge node: is born, born again with fewer metrics, and then speaks by an alias of its former life. Effect:
 * such messages that reached the observer.
 */
export const sparkplugStaleAlias: Attack = {
  name: 'sparkplug-stale-alias',
  technique: 'T1692.002',
  title: 'Send Sparkplug data by an alias of a former birth',
  expected: 'schema',
  alone: false,
  steals: EDGE,
  seconds: () => 5,
  async run(range) {
    await range.proveAccess()
    const { edge } = range.fleet.works
    const now = Date.now()
    const kept = EDGE_METRICS.slice(0, -1)
    const gone = EDGE_METRICS.slice(-1)
    const values = edge.values()
    const legal = [
      ...edge.node.births(values, now),
      ...edge.node.births(values, now + 1, '', kept),
      edge.node.deviceData(values, now + 2, kept),
    ]
    const stale = Array.from({ length: MESSAGES }, (_, i) => edge.node.deviceData([35 + i], now + 3, gone))
    const sightings = await sendAsEdge(range, [...legal, ...stale])
    const [first, rest] = [sightings.slice(0, legal.length), sightings.slice(legal.length)]
    if (first.some(({ count }) => count === 0)) throw new Error('Births and data in order did not come through')
    const effect = rest.filter(({ count }) => count > 0).length
    return {
      attempts: MESSAGES,
      effect,
      detail: `${effect} of ${MESSAGES} messages by the alias of a former birth arrived`,
    }
  },
}
