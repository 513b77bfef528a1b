import { asEnvelope } from '@ringwall/proof'
import { USED } from '../fleet/sealed.ts'
import type { Attack } from './attack.ts'
import { meddle, TRIES, thief } from './sealed.ts'

const HOUR = 3_600_000

/**
 * Sends what a device had sealed an hour ago, byte for byte, between what it says today. Found as `seal_clock` (and `seal_stale`). Effect: old
 * messages that reached the observer.
 */
export const sealedReplayed: Attack = {
  name: 'sealed-replayed',
  technique: 'T1692.002',
  title: 'Replay sealed readings of an hour ago',
  expected: 'integrity',
  alone: false,
  steals: 'pressure-3',
  sealed: true,
  seconds: () => 4,
  run(range) {
    const recorded = thief(range, { sequence: USED - TRIES, previous: new Uint8Array(8) }, Date.now() - HOUR)
    return meddle(range, 'readings of an hour ago', ({ seal, payload, lie }) => [
      recorded(lie),
      asEnvelope(seal, payload),
    ])
  },
}
