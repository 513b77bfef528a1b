import { asEnvelope } from '@ringwall/proof'
import type { Attack } from './attack.ts'
import { meddle } from './sealed.ts'

/** Bytes of the tag that are left: so few can be guessed. */
const LEFT = 2

/**
 * Alters a sealed reading and cuts its tag to what can be guessed. Found as `seal_truncated`. Effect: readings that reached the observer under a
 * tag that is cut.
 */
export const sealedTruncated: Attack = {
  name: 'sealed-truncated',
  technique: 'T0832',
  title: 'Cut the tag of a sealed reading',
  expected: 'integrity',
  alone: false,
  steals: 'pressure-1',
  sealed: true,
  seconds: () => 4,
  run: range =>
    meddle(range, 'readings with a cut tag', ({ seal, payload, lie }) => [
      asEnvelope({ ...seal, tag: seal.tag.subarray(0, LEFT) }, lie),
      asEnvelope(seal, payload),
    ]),
}
