import type { Captures } from '@ringwall/wire'
import type { Signal } from '../profile/types.ts'

/** What says in which unit a captured number was sent. */
type Sent = Pick<Signal, 'slot' | 'unitSlot' | 'conversions'>

/**
 * A captured number in the unit that its property declares; NaN where the payload has none, or does not tell its unit. Where payloads
 * do not say it (`unitSlot` is -1), it is the declared one.
 */
export function measured({ slot, unitSlot, conversions }: Sent, { values }: Captures): number {
  if (unitSlot === -1) return values[slot]
  const conversion = conversions[values[unitSlot]]
  return conversion === undefined ? Number.NaN : values[slot] * conversion.factor + conversion.offset
}
