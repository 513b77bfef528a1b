import type { Scene } from '../contract/index.ts'
import type { CommandRule, Rule } from '../profile/types.ts'

/**
 * Takes one command from the budget that a connection has for an action of a device: a sender's for what goes up, the device's
 * own for what comes down. Returns false where it is used up; nothing is taken then.
 */
export function takeCommand(rule: Rule, rate: NonNullable<CommandRule['rate']>, scene: Scene, slot: number): boolean {
  let buckets = scene.memo[slot] as Buckets | undefined
  if (buckets === undefined) {
    buckets = new Buckets()
    scene.memo[slot] = buckets
  }
  return buckets.take(rule, rate, scene.now)
}

interface Bucket {
  readonly name: string
  rate: NonNullable<CommandRule['rate']>
  tokens: number
  time: number
}

/** Most budgets of a connection that are not full; to commands beyond it nothing is given until others are. */
const MOST = 4_096
const FIRST_LOOK = 64

/** The budgets of one connection, by device and action. Only those that are full again are forgotten: whoever names many devices frees none. */
class Buckets {
  readonly #byDevice = new Map<string, Bucket[]>()
  #count = 0
  /** At how many the full ones are looked for. */
  #look = FIRST_LOOK
  /** Not before this time is any full, where there are too many. */
  #next = 0

  take({ device, name }: Rule, rate: NonNullable<CommandRule['rate']>, now: number): boolean {
    let bucket = this.#find(device, name)
    if (bucket === undefined) {
      if (this.#count >= this.#look) this.#forget(now)
      if (this.#count >= MOST) return false
      bucket = { name, rate, tokens: rate.burst, time: now }
      this.#keep(device, bucket)
    }
    const tokens = filled(bucket, rate, now)
    bucket.rate = rate
    bucket.time = now
    bucket.tokens = tokens < 1 ? tokens : tokens - 1
    return tokens >= 1
  }

  #find(device: string, name: string): Bucket | undefined {
    const list = this.#byDevice.get(device)
    if (list !== undefined) for (let i = 0; i < list.length; i++) if (list[i].name === name) return list[i]
    return undefined
  }

  #keep(device: string, bucket: Bucket): void {
    const list = this.#byDevice.get(device)
    if (list === undefined) this.#byDevice.set(device, [bucket])
    else list.push(bucket)
    this.#count++
  }

  #forget(now: number): void {
    if (now < this.#next) return
    this.#count = 0
    this.#next = Number.POSITIVE_INFINITY
    for (const [device, list] of this.#byDevice) {
      const left = list.filter(bucket => filled(bucket, bucket.rate, now) < bucket.rate.burst)
      if (left.length === 0) this.#byDevice.delete(device)
      else if (left.length < list.length) this.#byDevice.set(device, left)
      this.#count += left.length
      for (const { rate, tokens, time } of left) {
        this.#next = Math.min(this.#next, time + ((rate.burst - tokens) * 1000) / rate.perSecond)
      }
    }
    if (this.#count < MOST) this.#next = 0
    this.#look = Math.min(MOST, Math.max(FIRST_LOOK, this.#count * 2))
  }
}

const filled = ({ tokens, time }: Bucket, { burst, perSecond }: NonNullable<CommandRule['rate']>, now: number) =>
  Math.min(burst, tokens + ((now - time) * perSecond) / 1000)
