import { asEnvelope } from '@ringwall/proof'
import type { Attack } from './attack.ts'
import { meddle } from './sealed.ts'

/** Where a seal names its algorithm, and HMAC 256/64 (RFC 9053, section 3.1) with its shorter tag. */
const PLACE = 2
const HMAC_256_64 = 4
const TAG_BYTES = 8

/**
 * Alters a sealed reading and says that it was sealed by a weaker algorithm. Found as `seal_algorithm`. Effect: readings that reached the
 * observer under another algorithm than the device's.
 */
export const sealedAlgorithm: Attack = {
  name: 'sealed-algorithm',
  technique: 'T0832',
  title: 'Swap the algorithm of a sealed reading',
  expected: 'integrity',
  alone: false,
  steals: 'flow-4',
  sealed: true,
  seconds: () => 4,
  run: range =>
    meddle(range, 'readings of another algorithm', ({ seal, payload, lie }) => [
      asEnvelope(
        { ...seal, secured: seal.secured.with(PLACE, HMAC_256_64), tag: seal.tag.subarray(0, TAG_BYTES) },
        lie,
      ),
      asEnvelope(seal, payload),
    ]),
}
