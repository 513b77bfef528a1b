import { asEnvelope } from '@ringwall/proof'
import type { Attack } from './attack.ts'
import { meddle } from './sealed.ts'

/**
 * Holds every other sealed message back. Found as `seal_gap`. Effect: messages that reached the observer as if nothing had been held back before
 * them, where gaps are refused.
 */
export const sealedSuppressed: Attack = {
  name: 'sealed-suppressed',
  technique: 'T0815',
  title: 'Hold sealed readings back',
  expected: 'integrity',
  alone: false,
  steals: 'pressure-3',
  sealed: true,
  seconds: () => 4,
  // What `meddle` had sealed is dropped, and the next one is sent.
  run: range => meddle(range, 'readings behind a suppressed one', ({ lie }) => [asEnvelope(range.seal(lie), lie)]),
}
