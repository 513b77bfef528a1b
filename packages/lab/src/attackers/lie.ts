import type { Sighting } from '../observer.ts'
import type { Range } from '../range.ts'
import type { Session } from './session.ts'

/** What is on its way has so long to arrive, ms. */
const SETTLE = 600

/** A false reading that was sent. */
export interface Lie {
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  readonly value: number
  /** What the plant's true value was, in the same unit. */
  readonly truth: number
  readonly sighting: Sighting
}

/**
 * Reports false readings in the place of an honest device, in its own form and rhythm, with everything that says the same once
 * more: only the reading is a lie.
 * @param invent the i-th reading, beside the true one
 * @param period milliseconds from one to the next
 */
export async function lie(
  range: Range,
  count: number,
  period: number,
  invent: (i: number, truth: number) => number,
): Promise<Lie[]> {
  const told: Lie[] = []
  let session: Session | null = null
  for (let i = 0; i < count; i += 1) {
    await range.sleep(period)
    if (!session || session.closed) session = await range.enter(4).catch(() => null)
    if (!session) continue
    const { marker, sighting } = range.mark()
    const truth = range.fleet.truth(range.device)
    const value = Number(invent(i, truth).toFixed(4))
    const payload = JSON.stringify(range.honest(marker, value))
    session.send(range.telemetry(payload, i + 1))
    told.push({ time: Date.now(), value, truth, sighting })
  }
  await range.sleep(SETTLE)
  session?.destroy()
  return told
}

/** How many of them arrived and are further from the truth than does no harm. */
export function harmful(told: readonly Lie[], bound: number): number {
  return told.filter(({ value, truth, sighting }) => sighting.count > 0 && Math.abs(value - truth) > bound).length
}

export function arrived(told: readonly Lie[]): number {
  return told.filter(({ sighting }) => sighting.count > 0).length
}
