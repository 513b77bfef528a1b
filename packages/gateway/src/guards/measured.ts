import type { Captures } from '@ringwall/wire'
import type { Signal } from '../profile/types.ts'

/** What says in which unit a captured number was sent. */
type Sent = Pick<Signal, 'slot' | 'unitSlot' | 'conversions'>

/** A captured number in the unit that its property declares; NaN where the payload has none, or does not tell its unit. */
export function measured({ slot, unitSlot, conversions }: Sent, { values }: Captures): number {
  const conversion = conversions[unitSlot === -1 ? 0 : values[unitSlot]]
  return conversion === undefined ? Number.NaN : values[slot] * conversion.factor + conversion.offset
}
