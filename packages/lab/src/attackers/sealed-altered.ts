import { asEnvelope } from '@ringwall/proof'
import type { Attack } from './attack.ts'
import { meddle } from './sealed.ts'

/**
 * Sits on the wire of a device that seals, and sends another reading under its seal before the true one. Found as `seal_forged`. Effect:
 * readings that reached the observer although nobody had sealed them.
 */
export const sealedAltered: Attack = {
  name: 'sealed-altered',
  technique: 'T0832',
  title: 'Alter a sealed reading in flight',
  expected: 'integrity',
  alone: false,
  steals: 'pressure-1',
  sealed: true,
  seconds: () => 4,
  run: range =>
    meddle(range, 'altered readings', ({ seal, payload, lie }) => [asEnvelope(seal, lie), asEnvelope(seal, payload)]),
}
