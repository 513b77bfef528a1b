import { asEnvelope } from '@ringwall/proof'
import { USED } from '../fleet/sealed.ts'
import type { Attack } from './attack.ts'
import { meddle, thief } from './sealed.ts'

/** Numbers that the device had used when the backup was made. */
const BACKUP = USED / 2

/**
 * A device that is set back to an old backup, and goes on with its chain from there. Found as `seal_stale`. Effect: messages of the former
 * state that reached the observer.
 */
export const sealedRestored: Attack = {
  name: 'sealed-restored',
  technique: 'T0848',
  title: 'Go on sealing from an old backup',
  expected: 'integrity',
  alone: false,
  steals: 'temperature-2',
  sealed: true,
  seconds: () => 4,
  run(range) {
    const restored = thief(range, { sequence: BACKUP, previous: new Uint8Array(8) })
    return meddle(range, 'readings of an old backup', ({ seal, payload, lie }) => [
      restored(lie),
      asEnvelope(seal, payload),
    ])
  },
}
