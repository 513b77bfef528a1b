import type { Sighting } from '../observer.ts'
import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'

/** Of the device, ms. */
const PERIOD = 1000
const SETTLE = 500
/** A temperature that is wrong by so much spoils the product, °C. */
const HARM = 5

/** What is said of a true temperature, and what a reader of the message takes it for, both in °C. */
interface Swap {
  readonly unit: string
  readonly say: (truth: number) => number
  readonly taken: (value: number) => number
}

const asIs = (value: number): number => value
const toFahrenheit = (celsius: number): number => (celsius * 9) / 5 + 32
const toCelsius = (fahrenheit: number): number => ((fahrenheit - 32) * 5) / 9

const SWAPS: readonly Swap[] = [
  { unit: 'Cel', say: toFahrenheit, taken: asIs },
  { unit: '[degF]', say: asIs, taken: toCelsius },
  // Nobody declared this one, so whoever reads it takes the number for what it always was.
  { unit: 'degF', say: toFahrenheit, taken: asIs },
  { unit: 'Cel', say: toFahrenheit, taken: asIs },
  { unit: '[degF]', say: asIs, taken: toCelsius },
]

/**
 * Says a temperature in one unit under the name of another, each inside the range. Effect: readings that reached the observer
 * and, as the message reads, were wrong by more than 5 °C.
 */
export const unitSwap: Attack = {
  name: 'unit-swap',
  technique: 'T1692.002',
  title: 'Say a reading in another unit than its message names',
  expected: 'invariant',
  alone: false,
  steals: 'temperature-3',
  seconds: () => 8,
  async run(range) {
    await range.proveAccess()
    const session = await range.enter(4)
    const sent: { readonly sighting: Sighting; readonly wrong: number }[] = []
    for (const swap of SWAPS) {
      await range.sleep(PERIOD)
      const open = session.closed ? await range.enter(4) : session
      const { payload, wrong, sighting } = swapped(range, swap)
      open.send(range.telemetry(payload, sent.length + 1))
      sent.push({ sighting, wrong })
    }
    await range.sleep(SETTLE)
    const came = sent.filter(({ sighting }) => sighting.count > 0)
    const effect = came.filter(({ wrong }) => wrong > HARM).length
    const detail = `${came.length} of ${sent.length} swapped readings arrived, ${effect} of them wrong by more than ${HARM} Cel`
    return { attempts: sent.length, effect, detail }
  },
}

function swapped(range: Range, { unit, say, taken }: Swap): { payload: string; wrong: number; sighting: Sighting } {
  const { marker, sighting } = range.mark()
  const truth = range.fleet.truth(range.device)
  const value = Number(say(truth).toFixed(2))
  const payload = JSON.stringify({ ...range.honest(marker, value), unit })
  return { payload, wrong: Math.abs(taken(value) - truth), sighting }
}
