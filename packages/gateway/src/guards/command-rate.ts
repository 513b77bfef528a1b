import type { Keeps, Scene } from '../contract/index.ts'
import type { CommandRule, Rule } from '../profile/types.ts'

/**
 * Whether a connection has a command left of the budget for an action of a device: a sender's for what goes up, the device's
 * own for what comes down.
 */
export function hasCommand(rule: Rule, rate: Rate, scene: Scene, slot: number): boolean {
  return bucketsOf(scene, slot).has(rule, rate, scene.now)
}

/** Takes one command from the budget, once it goes through: one that waits and is judged again is taken once. */
export function takeCommand(rule: Rule, rate: Rate, scene: Scene, slot: number): void {
  bucketsOf(scene, slot).take(rule, rate, scene.now)
}

/** How a recording holds these budgets. */
export function commandsKept(slot: number): Keeps {
  return {
    slot,
    save: kept => (kept as Buckets).save(),
    load: saved => Buckets.load(saved as ReturnType<Buckets['save']>),
  }
}

/** Device and action, their rate, and what is left of it since when. */
type SavedBucket = readonly [string, string, Rate, number, number]

type Rate = NonNullable<CommandRule['rate']>

function bucketsOf(scene: Scene, slot: number): Buckets {
  let buckets = scene.memo[slot] as Buckets | undefined
  if (buckets === undefined) {
    buckets = new Buckets()
    scene.memo[slot] = buckets
  }
  return buckets
}

interface Bucket {
  readonly name: string
  rate: Rate
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

  has({ device, name }: Rule, rate: Rate, now: number): boolean {
    const bucket = this.#find(device, name)
    if (bucket !== undefined) return filled(bucket, rate, now) >= 1
    if (this.#count >= this.#look) this.#forget(now)
    return this.#count < MOST && rate.burst >= 1
  }

  take({ device, name }: Rule, rate: Rate, now: number): void {
    let bucket = this.#find(device, name)
    if (bucket === undefined) {
      bucket = { name, rate, tokens: rate.burst, time: now }
      this.#keep(device, bucket)
    }
    bucket.tokens = filled(bucket, rate, now) - 1
    bucket.rate = rate
    bucket.time = now
  }

  save(): { look: number; next: number | null; list: SavedBucket[] } {
    const list = [...this.#byDevice].flatMap(([device, buckets]) =>
      buckets.map(({ name, rate, tokens, time }): SavedBucket => [device, name, rate, tokens, time]),
    )
    // JSON has no infinity.
    return { look: this.#look, next: Number.isFinite(this.#next) ? this.#next : null, list }
  }

  static load({ look, next, list }: ReturnType<Buckets['save']>): Buckets {
    const buckets = new Buckets()
    for (const [device, name, rate, tokens, time] of list) buckets.#keep(device, { name, rate, tokens, time })
    buckets.#look = look
    buckets.#next = next ?? Number.POSITIVE_INFINITY
    return buckets
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

const filled = ({ tokens, time }: Bucket, { burst, perSecond }: Rate, now: number) =>
  Math.min(burst, tokens + ((now - time) * perSecond) / 1000)
