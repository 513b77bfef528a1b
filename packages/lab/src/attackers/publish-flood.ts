import type { Attack } from './attack.ts'
import { publish } from './packets.ts'
import type { Session } from './session.ts'

const MESSAGES = 3000
const BATCH = 60
const PAUSE = 20
/** The flood is over when nothing has arrived for so long (ms), and after `LONGEST` at the latest. */
const SILENCE = 1000
const LONGEST = 6000
/** What an exact limit lets through may differ from what is measured here by the ends of the interval. */
const TOLERANCE = 1.2
const RECONNECTS = 3

/**
 * A valid device publishes 3,000 messages at 3,000 a second. Effect: messages that arrived above what its limit allows
 * (burst and rate times the time from the first sent to the last seen, and a fifth more).
 */
export const publishFlood: Attack = {
  name: 'publish-flood',
  technique: 'T0814',
  title: 'Flood the broker with messages of a valid device',
  expected: 'rate',
  alone: true,
  seconds: () => 7,
  async run(range) {
    await range.proveAccess()
    const { marker, sighting } = range.mark()
    const message = publish(4, {
      topic: range.topic(range.device, 'telemetry'),
      payload: JSON.stringify(range.report(marker)),
    })
    const batch = Buffer.concat(Array.from({ length: BATCH }, () => message))
    const before = range.observer.latency.p99
    const start = performance.now()
    let session: Session | null = await range.enter(4)
    let sent = 0
    for (let reconnects = 0; sent < MESSAGES && performance.now() - start < LONGEST / 2; ) {
      if (session.closed) {
        reconnects += 1
        const again: Session | null = reconnects > RECONNECTS ? null : await range.enter(4).catch(() => null)
        if (!again) break
        session = again
      }
      session.send(batch)
      sent += BATCH
      await range.sleep(PAUSE)
    }
    await range.until(
      () => performance.now() - Math.max(sighting.last, start) > SILENCE && sent > 0,
      LONGEST - (performance.now() - start),
    )
    const seconds = Math.max(0, sighting.last - start) / 1000
    const allowed = Math.ceil(TOLERANCE * (range.limits.burst + range.limits.messagesPerSecond * seconds))
    const effect = Math.max(0, sighting.count - allowed)
    const detail =
      `${sighting.count} of ${sent} arrived in ${seconds.toFixed(1)} s where ${allowed} are allowed; ` +
      `honest p99 ${before} ms before, ${range.observer.latency.p99} ms after`
    return { attempts: sent, effect, detail }
  },
}
