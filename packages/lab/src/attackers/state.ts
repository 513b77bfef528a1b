import type { Sighting } from '../observer.ts'
import type { Range } from '../range.ts'
import { publish } from './packets.ts'

const SETTLE = 600

/** How a state is told: an actuator's own way is QoS 1 and retained. */
export interface Telling {
  readonly count: number
  /** Milliseconds from one to the next. */
  readonly period: number
  readonly qos: 0 | 1
  readonly retain: boolean
}

/**
 * Tells the true state of an actuator whose key was stolen, again and again: nothing in it is false. In a new session whenever the
 * gateway has ended the last one. @returns how many of them arrived
 */
export async function tellState(range: Range, { count, period, qos, retain }: Telling): Promise<number> {
  const topic = range.topic(range.device, 'state')
  const sightings: Sighting[] = []
  let session = await range.enter(4)
  for (let i = 0; i < count; i++) {
    if (session.closed) session = await range.enter(4).catch(() => session)
    const { marker, sighting } = range.mark()
    const payload = JSON.stringify({ ts: Date.now(), value: range.fleet.truth(range.device), trace: marker })
    session.send(publish(4, { topic, payload, qos, retain }, i + 1))
    sightings.push(sighting)
    await range.sleep(period)
  }
  await range.sleep(SETTLE)
  session.destroy()
  return sightings.filter(sighting => sighting.count > 0).length
}
