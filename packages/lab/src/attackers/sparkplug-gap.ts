import { EDGE } from '../fleet/devices.ts'
import type { Attack } from './attack.ts'
import { sendAsEdge } from './edge-data.ts'

const MESSAGES = 4
/** Messages that somebody has taken away. */
const MISSING = 3
/** A level that is not the plant's, m. */
const FALSE = [1.5, 2, 30]

/**
 * As a Sparkplug B edge node: births and one message of data in order, then data behind a gap in the sequence. Effect: messages
 * behind the gap that reached the observer.
 */
export const sparkplugGap: Attack = {
  name: 'sparkplug-gap',
  technique: 'T1692.002',
  title: 'Send Sparkplug data behind a gap in the sequence',
  expected: 'schema',
  alone: false,
  steals: EDGE,
  seconds: () => 5,
  async run(range) {
    await range.proveAccess()
    const { node } = range.fleet.works.edge
    const now = Date.now()
    const legal = [
      ...node.births(range.fleet.works.edge.values(), now),
      node.deviceData(range.fleet.works.edge.values(), now),
    ]
    node.skip(MISSING)
    const behind = Array.from({ length: MESSAGES }, (_, i) => node.deviceData(FALSE, now + i))
    const sightings = await sendAsEdge(range, [...legal, ...behind])
    const [first, rest] = [sightings.slice(0, legal.length), sightings.slice(legal.length)]
    if (first.some(({ count }) => count === 0)) throw new Error('Births and data in order did not come through')
    const effect = rest.filter(({ count }) => count > 0).length
    return {
      attempts: MESSAGES,
      effect,
      detail: `${effect} of ${MESSAGES} messages behind a gap of ${MISSING} arrived`,
    }
  },
}
