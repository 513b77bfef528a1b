import { EDGE } from '../fleet/devices.ts'
import type { Attack } from './attack.ts'
import { sendAsEdge } from './edge-data.ts'

const MESSAGES = 4
/** Messages that somebody has taken away. */
const MISSING = 3
/** What is not so in the plant: level, flow, temperature. */
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
    const values = range.fleet.works.edge.values()
    const now = Date.now()
    const { attempts, effect } = await sendAsEdge(
      range,
      node => [...node.births(values, now), node.deviceData(values, now)],
      node => {
        node.skip(MISSING)
        return Array.from({ length: MESSAGES }, (_, i) => node.deviceData(FALSE, Date.now() + i))
      },
    )
    return { attempts, effect, detail: `${effect} of ${attempts} messages behind a gap of ${MISSING} arrived` }
  },
}
