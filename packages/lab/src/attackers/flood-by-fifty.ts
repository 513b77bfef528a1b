import { flooders } from '../fleet/devices.ts'
import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'
import { connect, publish } from './packets.ts'

/** Messages of each device, how many at a time, and milliseconds from one time to the next: 300 a second. */
const MESSAGES = 600
const BURST = 30
const PAUSE = 100
const SETTLE = 1500
/** What an exact limit lets through may differ from what is measured here by the ends of the interval. */
const TOLERANCE = 1.2

/**
 * Fifty devices with valid certificates publish all at once, each above its limit. Effect: messages above what their limits allow
 * together, and sessions of honest devices that ended meanwhile.
 */
export const floodByFifty: Attack = {
  name: 'flood-by-fifty',
  technique: 'T0814',
  title: 'Flood the broker with fifty valid devices',
  expected: 'rate',
  alone: true,
  seconds: () => 5,
  async run(range) {
    await range.proveAccess()
    const dropped = range.fleet.dropped
    const { marker, sighting } = range.mark()
    const start = performance.now()
    const sent = await Promise.all(flooders.map((device, place) => flood(range, device, place, marker)))
    await range.until(() => performance.now() - Math.max(sighting.last, start) > SETTLE, 4 * SETTLE)
    const attempts = sent.reduce((sum, count) => sum + count, 0)
    const seconds = Math.max(0, sighting.last - start) / 1000
    const { burst, messagesPerSecond } = range.limits
    const allowed = Math.ceil(TOLERANCE * flooders.length * (burst + messagesPerSecond * seconds))
    const ended = range.fleet.dropped - dropped
    const effect = Math.max(0, sighting.count - allowed) + ended
    const detail =
      `${sighting.count} of ${attempts} messages of ${flooders.length} devices arrived in ${seconds.toFixed(1)} s where ` +
      `${allowed} are allowed; ${ended} honest sessions ended, honest p99 ${range.observer.latency.p99} ms`
    return { attempts, effect, detail }
  },
}

/** @returns how many messages were handed over. A device that is not let in sends none. */
async function flood(range: Range, device: string, place: number, marker: string): Promise<number> {
  const session = await range.dial({ device, place }).catch(() => null)
  if ((await session?.login(connect({ version: 4, clientId: device }))) !== 0 || session === null) return 0
  const message = publish(4, {
    topic: range.topic(device, 'telemetry'),
    payload: JSON.stringify({ ...range.report(marker), device }),
  })
  const burst = Buffer.concat(Array.from({ length: BURST }, () => message))
  let sent = 0
  while (sent < MESSAGES && !session.closed) {
    session.send(burst)
    sent += BURST
    await range.sleep(PAUSE)
  }
  await session.until(() => session.unsent === 0, SETTLE)
  return sent
}
