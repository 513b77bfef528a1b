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
    const values = range.fleet.works.edge.values()
    const now = Date.now()
    const kept = EDGE_METRICS.slice(0, -1)
    const gone = EDGE_METRICS.slice(-1)
    const { attempts, effect } = await sendAsEdge(
      range,
      node => [
        ...node.births(values, now),
        ...node.births(values, now + 1, '', kept),
        node.deviceData(values, now + 2, kept),
      ],
      node => Array.from({ length: MESSAGES }, (_, i) => node.deviceData([35 + i], Date.now(), gone)),
    )
    return { attempts, effect, detail: `${effect} of ${attempts} messages by the alias of a former birth arrived` }
  },
}
