import { asEnvelope } from '@ringwall/proof'
import type { Attack } from './attack.ts'
import { meddle, thief } from './sealed.ts'

/**
 * A second device with the secret of the first, at the same place of the chain. Found as `seal_fork`. Effect: messages that reached the observer
 * although they contradict one that had come.
 */
export const sealedTwin: Attack = {
  name: 'sealed-twin',
  technique: 'T0848',
  title: 'Speak with the seal key of another device',
  expected: 'integrity',
  alone: false,
  steals: 'temperature-2',
  sealed: true,
  seconds: () => 4,
  run: range =>
    meddle(range, 'readings of a twin', ({ seal, payload, lie }) => {
      const { sequence, previous } = seal.fields
      return [asEnvelope(seal, payload), thief(range, { sequence: sequence - 1, previous })(lie)]
    }),
}
