import type { Outgoing } from '../fleet/line.ts'
import type { Sighting } from '../observer.ts'
import type { Range } from '../range.ts'
import { publish } from './packets.ts'

const GAP = 150
const SETTLE = 600

/** Sends an edge node's messages over one session, and again over the next where a refusal has ended it. */
export async function sendAsEdge(range: Range, messages: readonly Outgoing[]): Promise<Sighting[]> {
  const sightings = messages.map(({ payload }) => range.sight(payload))
  let session = await range.enter(4)
  for (const message of messages) {
    if (session.closed) session = await range.enter(4)
    session.send(publish(4, message))
    await range.sleep(GAP)
  }
  await range.sleep(SETTLE)
  session.destroy()
  return sightings
}
