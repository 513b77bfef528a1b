import { EDGE } from '../fleet/devices.ts'
import { EdgeNode } from '../fleet/edge-node.ts'
import type { Outgoing } from '../fleet/line.ts'
import type { Sighting } from '../observer.ts'
import type { Range } from '../range.ts'
import { publish } from './packets.ts'
import type { Session } from './session.ts'

const GAP = 150
const SETTLE = 600

/**
 * Takes the place of the edge node in a session with its own will, sends what is in order and then what is not. Throws where
 * not even the first came through.
 * @returns how many of the messages that are not in order came through
 */
export async function sendAsEdge(
  range: Range,
  inOrder: (node: EdgeNode) => Outgoing[],
  outOfOrder: (node: EdgeNode) => Outgoing[],
): Promise<{ attempts: number; effect: number }> {
  const node = new EdgeNode(range.site, EDGE)
  const session = await range.enter(4, { will: node.death() })
  const legal = await send(range, session, inOrder(node))
  if (legal.some(({ count }) => count === 0)) throw new Error('Births and data in order did not come through')
  const illegal = await send(range, session, outOfOrder(node))
  session.destroy()
  return { attempts: illegal.length, effect: illegal.filter(({ count }) => count > 0).length }
}

/** Where a refusal ends the session, the rest is sent to nobody and does not arrive. */
async function send(range: Range, session: Session, messages: readonly Outgoing[]): Promise<Sighting[]> {
  const sightings = messages.map(({ payload }) => range.sight(payload))
  for (const message of messages) {
    session.send(publish(4, message))
    await range.sleep(GAP)
  }
  await range.sleep(SETTLE)
  return sightings
}
