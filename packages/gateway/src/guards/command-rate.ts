import type { Scene } from '../contract/index.ts'
import type { CommandRule, Rule } from '../profile/types.ts'

interface Bucket {
  tokens: number
  time: number
}

/**
 * Takes one command from the budget that a connection has for a rule: a sender's for what goes up, the device's own for what
 * comes down. Returns false where it is used up; nothing is taken then. A connection meets as many rules as its site has.
 */
export function takeCommand(rule: Rule, rate: NonNullable<CommandRule['rate']>, scene: Scene, slot: number): boolean {
  let buckets = scene.memo[slot] as Map<Rule, Bucket> | undefined
  if (buckets === undefined) {
    buckets = new Map()
    scene.memo[slot] = buckets
  }
  let bucket = buckets.get(rule)
  if (bucket === undefined) {
    bucket = { tokens: rate.burst, time: scene.now }
    buckets.set(rule, bucket)
  }
  const tokens = Math.min(rate.burst, bucket.tokens + ((scene.now - bucket.time) * rate.perSecond) / 1000)
  bucket.time = scene.now
  bucket.tokens = tokens < 1 ? tokens : tokens - 1
  return tokens >= 1
}
