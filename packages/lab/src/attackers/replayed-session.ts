import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'

/** Milliseconds of the device's own telemetry that are recorded, and that pass before it is sent again. */
const RECORDED = 2000
const LATER = 5200

const recordings = new WeakMap<Range, Uint8Array[]>()

/**
 * Records what an honest device says and sends it again some seconds later in its place, byte for byte and at the recorded pace.
 * Effect: old messages that arrived a second time.
 */
export const replayedSession: Attack = {
  name: 'replayed-session',
  technique: 'T1692.002',
  title: 'Send a recorded session again',
  expected: 'invariant',
  alone: false,
  steals: 'vibration-2',
  seconds: () => 11.5,
  async prepare(range) {
    const payloads = await range.observer.record(range.topic(range.device, 'telemetry'), RECORDED)
    recordings.set(range, payloads)
  },
  async run(range) {
    await range.proveAccess()
    const payloads = recordings.get(range) ?? []
    if (payloads.length === 0) throw new Error(`${range.device} said nothing that could be recorded`)
    await range.sleep(LATER)
    const sightings = payloads.map(payload => range.sight(payload))
    const attempts = await range.deliver(
      4,
      payloads.map((payload, i) => range.telemetry(payload, i + 1)),
      RECORDED / payloads.length,
    )
    const effect = sightings.filter(({ count }) => count > 0).length
    return { attempts, effect, detail: `${effect} of ${attempts} recorded messages arrived again` }
  },
}
