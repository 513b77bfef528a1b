import type { Attack } from './attack.ts'
import { harmful, type Lie, lie } from './lie.ts'
import type { Named } from './report.ts'

const MESSAGES = 16
/** Of the device, ms. */
const PERIOD = 500
/** How much the lie grows from one reading to the next, m: a fifth of the tolerance. */
const STEP = 0.01
/** Harm begins at so many times the tolerance of the mass balance. */
const MULTIPLE = 2

/**
 * Lets the level of tank 2 drift away from the truth, each step small enough to pass alone. Effect: readings that reached the
 * observer and were wrong by more than twice the tolerance of the mass balance. Reports where the drift was first stopped.
 */
export const slowDrift: Attack = {
  name: 'slow-drift',
  technique: 'T1692.002',
  title: 'Let a level drift slowly away from the truth',
  expected: 'invariant',
  alone: false,
  steals: 'level-2',
  seconds: () => 11,
  async run(range) {
    await range.proveAccess()
    const tolerance = range.limits.levelTolerance
    const bound = MULTIPLE * tolerance
    const told = await lie(range, MESSAGES, PERIOD, (i, truth) => truth + STEP * (i + 1))
    const effect = harmful(told, bound)
    const lost = told.find(({ sighting }) => sighting.count === 0)
    const named = lost ? from(lost, tolerance) : null
    const where = named ? `first stopped at ${named.deviation} m` : `never stopped, up to ${last(told)} m`
    const detail = `${effect} levels wrong by more than ${bound} m arrived; ${where}, the tolerance is ${tolerance} m`
    const track = told.map(each => ({ time: each.time, ...from(each, tolerance) }))
    return { attempts: told.length, effect, detail, named, track }
  },
}

function from({ value, truth }: Lie, tolerance: number): Named {
  return { deviation: Number(Math.abs(value - truth).toFixed(3)), tolerance, unit: 'm' }
}

function last(told: readonly Lie[]): number {
  return told.length === 0 ? 0 : from(told[told.length - 1], 0).deviation
}
