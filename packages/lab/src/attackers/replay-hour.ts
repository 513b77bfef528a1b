import { readObject } from '../fleet/command.ts'
import type { Range } from '../range.ts'
import { simulate } from '../simulate.ts'
import type { Attack } from './attack.ts'
import { arrived, harmful, lie } from './lie.ts'

const HOUR = 3_600_000
/** Minutes of the plant's former life that were recorded. */
const RECORDED = 2.4
const VERBATIM = 8
const RESTAMPED = 6
/** Of the device, ms. */
const PERIOD = 500
/** An old level that differs from the true one by so much does harm, m. */
const HARM = 0.1

/**
 * Sends again what the level sensor of tank 3 said an hour ago, at another set point: first byte by byte, then with the counter
 * and the clock of today, so that only the neighbors contradict. Effect: messages of the first kind that reached the observer,
 * and of the second those that were wrong by more than 10 cm.
 */
export const replayHour: Attack = {
  name: 'replay-hour',
  technique: 'T1692.002',
  title: 'Replay recorded messages of a sensor',
  expected: 'invariant',
  alone: false,
  steals: 'level-3',
  seconds: () => 9,
  async run(range) {
    await range.proveAccess()
    const { payloads, values } = recorded(range)
    const chosen = payloads.slice(-VERBATIM)
    const sightings = chosen.map(payload => range.sight(payload))
    const verbatim = await range.deliver(
      4,
      chosen.map((payload, i) => range.telemetry(payload, i + 1)),
      100,
    )
    const old = sightings.filter(({ count }) => count > 0).length

    const told = await lie(range, RESTAMPED, PERIOD, i => values[values.length - RESTAMPED + i])
    const wrong = harmful(told, HARM)
    const detail =
      `${old} of ${verbatim} messages of an hour ago arrived, and ${arrived(told)} of ${told.length} with today's clock, ` +
      `${wrong} of them wrong by more than ${HARM} m`
    return { attempts: verbatim + told.length, effect: old + wrong, detail }
  },
}

/** The telemetry of the device in another hour of the same plant, as far as its readings differ from today's. */
function recorded({ options, site, device, fleet }: Range): { payloads: Uint8Array[]; values: number[] } {
  const found: { payload: Uint8Array; value: number }[] = []
  const past = simulate({ seed: options.seed + 1, site, minutes: RECORDED, start: Date.now() - HOUR })
  for (const { device: speaker, action, topic, payload } of past) {
    if (speaker !== device || action !== 'publish' || !topic.endsWith('/telemetry')) continue
    const value = readObject(payload)?.['value']
    if (typeof value === 'number' && Math.abs(value - fleet.truth(device)) > HARM) found.push({ payload, value })
  }
  if (found.length < Math.max(VERBATIM, RESTAMPED)) throw new Error('The recording is too much like today to do harm')
  return { payloads: found.map(({ payload }) => payload), values: found.map(({ value }) => value) }
}
