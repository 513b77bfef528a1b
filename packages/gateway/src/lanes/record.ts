/**
 * The layout of a lane: a record of fixed size for each device, in memory that all workers share. A guard owns the words
 * that stand here under its name and nothing else; the session's worker is the only writer while it holds the lease.
 */
export const LANE_BYTES = 4096
export const LANE_WORDS = LANE_BYTES / Float64Array.BYTES_PER_ELEMENT

/** Indexes into `Lane.words`, each one a float64. */
export const LaneWord = {
  /** Lease number; it grows by one each time that the lane changes hands. */
  epoch: 0,
  /** The guard `rate`: tokens left for the device, and the monotonic millisecond of that count. */
  rateTokens: 8,
  rateTime: 9,
  /** The guard `rate`: since when the device has been over its limit, and when an act was last held back; 0 for never. */
  rateSince: 10,
  rateHeld: 11,
  /**
   * The guard `rate`: load tier and posture that its limit was last made for, and until when they count at least; the rest of the
   * context and the baseline that it was made for; the limit itself.
   */
  rateStrain: 12,
  rateStrainUntil: 13,
  rateContext: 14,
  rateBaseline: 15,
  rateLimit: 16,
  rateBurst: 17,
  /** The guard `integrity`: a device's chain of seals, 38 words of 32 bits; see `seal-chain.ts`. */
  sealFirst: 18,
  sealLast: 36,
  /** The guard `signature`: counts of matches, three words each, from the first to the last of these. */
  signatureFirst: 42,
  signatureLast: 62,
  /** The digest of the profile whose words these are, and the first and the last of them. */
  profileDigest: 63,
  profileFirst: 64,
  profileLast: 511,
} as const
