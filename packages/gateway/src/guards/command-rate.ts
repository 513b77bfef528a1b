import type { Scene } from '../contract/index.ts'
import type { CommandRule, Rule } from '../profile/types.ts'

interface Bucket {
  tokens: number
  time: number
}

/**
 * Whether a connection has a command left of the budget for a rule: a sender's for what goes up, the device's own for what
 * comes down. A connection meets as many rules as its site has.
 */
export function hasCommand(rule: Rule, rate: Rate, scene: Scene, slot: number): boolean {
  const bucket = bucketOf(rule, rate, scene, slot)
  bucket.tokens = Math.min(rate.burst, bucket.tokens + ((scene.now - bucket.time) * rate.perSecond) / 1000)
  bucket.time = scene.now
  return bucket.tokens >= 1
}

/** Takes one command from the budget, once it goes through: one that waits and is judged again is taken once. */
export function takeCommand(rule: Rule, rate: Rate, scene: Scene, slot: number): void {
  bucketOf(rule, rate, scene, slot).tokens--
}

type Rate = NonNullable<CommandRule['rate']>

function bucketOf(rule: Rule, rate: Rate, scene: Scene, slot: number): Bucket {
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
  return bucket
}
