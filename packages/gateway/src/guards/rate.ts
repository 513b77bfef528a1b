import { filterMatches } from '@ringwall/wire'
import type { Guard, Lane, Report, Scene } from '../contract/index.ts'
import type { Limit, SharedLimits } from '../lanes/limits.ts'
import { LaneWord } from '../lanes/record.ts'
import { type Adaptation, DeviceLimit, NO_ADAPTATION } from './rate-context.ts'

/** A limit on the topics that a filter matches, of the devices that it covers: all where it does not say. */
export interface TopicLimit extends Limit {
  readonly filter: string
  readonly covers?: (device: string) => boolean
}

export interface RateLimits {
  readonly connection: Limit
  readonly device: Limit
  /** Each device has a budget for every topic that a filter matches, whichever of its connections uses it. */
  readonly topics: readonly TopicLimit[]
  /** How long a device is slowed down before what is too much is refused, in milliseconds. */
  readonly patience: number
  /** How the device's limit adapts; where it is left out, to its posture alone. */
  readonly adaptation?: Adaptation
}

/** How long acts are refused, in milliseconds, so that what piled up is read and dropped, before slowing down starts again. */
const PURGE = 300
/** Nobody shortens his patience below this many milliseconds by a short keep-alive. */
const LEAST_PATIENCE = 2_000
/** Waiting for less than this many milliseconds would cost a timer for every few messages. */
const SHORTEST_WAIT = 20
/** So many milliseconds without anything held back end a spell. */
const SPELL_GAP = 1_000

interface Bucket {
  tokens: number
  time: number
}

interface TopicBudget {
  readonly slot: number
  readonly limit: Limit
  readonly filter: string
}

/**
 * Token buckets by connection, device and topic. Over the limit reading stops until there is a token again; a device that
 * keeps on for longer than `patience` (or half its keep-alive, so that its pings are still read in time) has acts refused
 * for a moment, then is slowed down anew. The device's limit follows what was learned of it, its posture, maintenance and the
 * load of the gateway; whoever keeps within his baseline is not narrowed because others flood.
 * Stops: lab/attackers publish-flood (ATT&CK for ICS T0814).
 */
export function rate(limits: RateLimits, shared: SharedLimits, slot: number): Guard {
  const adapted = new DeviceLimit(limits.device, limits.adaptation ?? NO_ADAPTATION)
  return {
    name: 'rate',
    ring: 'network',
    judge(act, lane, scene, report) {
      const { weight } = act
      if (act.direction === 'down' || act.action === 'will' || weight === 0) return
      let bucket = scene.memo[slot] as Bucket | undefined
      if (bucket === undefined) {
        bucket = { tokens: limits.connection.burst, time: scene.now }
        scene.memo[slot] = bucket
      }
      const words = lane.words
      const connection = refill(bucket.tokens, bucket.time, limits.connection, scene.now)
      adapted.update(lane, scene)
      const perSecond = words[LaneWord.rateLimit]
      const burst = words[LaneWord.rateBurst]
      const device = refillLane(words, perSecond, burst, scene.now)
      let topic: TopicBudget | null = null
      if (limits.topics.length > 0 && act.action === 'publish') {
        const memo = act.address.memo[slot] as TopicBudget | null | undefined
        topic = memo === undefined ? budgetFor(limits, shared, act.subject, act.address.text) : memo
        if (memo === undefined) act.address.memo[slot] = topic
      }
      // One packet never asks for more than can ever be there.
      const fromConnection = Math.min(weight, limits.connection.burst)
      const fromDevice = Math.min(weight, burst)
      const lacking = fromConnection - connection
      if (lacking > 0) return slow(limits, limits.connection, 'connection', lacking, lane, scene, report)
      if (device < fromDevice) {
        const wait = ((fromDevice - device) * 1000) / perSecond
        return hold(limits, { perSecond, burst }, 'device', adapted.explain(lane, scene), wait, lane, scene, report)
      }
      if (topic !== null) {
        const wait = shared.take(topic.slot, topic.limit, scene.now)
        if (wait > 0) return hold(limits, topic.limit, `topic ${topic.filter}`, '', wait, lane, scene, report)
      }
      bucket.tokens = connection - fromConnection
      bucket.time = scene.now
      words[LaneWord.rateTokens] = device - fromDevice
      words[LaneWord.rateTime] = scene.now
    },
  }
}

function refill(tokens: number, time: number, limit: Limit, now: number): number {
  return Math.min(limit.burst, tokens + ((now - time) * limit.perSecond) / 1000)
}

function refillLane(words: Float64Array, perSecond: number, burst: number, now: number): number {
  const time = words[LaneWord.rateTime]
  return time === 0 ? burst : Math.min(burst, words[LaneWord.rateTokens] + ((now - time) * perSecond) / 1000)
}

function slow(
  limits: RateLimits,
  limit: Limit,
  scope: string,
  lacking: number,
  lane: Lane,
  scene: Scene,
  report: Report,
): void {
  hold(limits, limit, scope, '', (lacking * 1000) / limit.perSecond, lane, scene, report)
}

function hold(
  limits: RateLimits,
  limit: Limit,
  scope: string,
  context: string,
  wait: number,
  lane: Lane,
  scene: Scene,
  report: Report,
): void {
  const words = lane.words
  // A spell of being over the limit ends when nothing was held back for a while.
  if (words[LaneWord.rateSince] === 0 || scene.now - words[LaneWord.rateHeld] > SPELL_GAP)
    words[LaneWord.rateSince] = scene.now
  words[LaneWord.rateHeld] = scene.now + wait
  const since = words[LaneWord.rateSince]
  const patience =
    scene.keepAlive === 0 ? limits.patience : Math.min(limits.patience, Math.max(LEAST_PATIENCE, scene.keepAlive / 2))
  const over = scene.now - since
  const why = `over ${round(limit.perSecond)} messages a second (burst ${limit.burst}) of the ${scope} limit for ${Math.round(over)} ms${context}`
  if (over < patience) return report.slow('rate_slowed', why, Math.min(Math.max(wait, SHORTEST_WAIT), patience), 'rate')
  if (over > patience + PURGE) words[LaneWord.rateSince] = scene.now
  report.add('rate_exceeded', why, 'rate', 'medium')
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function budgetFor(limits: RateLimits, shared: SharedLimits, device: string, topic: string): TopicBudget | null {
  for (const limit of limits.topics) {
    if (filterMatches(limit.filter, topic) && limit.covers?.(device) !== false) {
      return { slot: shared.slot(`topic ${limit.filter}`, `${device} ${topic}`), limit, filter: limit.filter }
    }
  }
  return null
}
