import type {
  Act,
  Finding,
  Keeper,
  Lane,
  Neighbors,
  Sample,
  Scene,
  Tap,
  Witness,
  WitnessedPlan,
} from '../contract/index.ts'
import { encodeAct } from './encode.ts'
import type { SegmentHead, SessionHead } from './head.ts'
import { Kind, MOST_READS } from './layout.ts'
import { outcomeBytes } from './outcome.ts'
import { writeMemo } from './plain.ts'
import type { SharedRing } from './ring.ts'
import { sparse } from './sparse.ts'

/** What one worker's recording takes. */
export interface WriterOptions {
  readonly worker: number
  /** `Grounds` as JSON, written once for all segments. */
  readonly grounds: string
  /** The plan that a device's acts are judged by under these grounds. */
  readonly planFor: (device: string) => WitnessedPlan
  /** What keeps state of devices beside lanes and memos. */
  readonly keepers: readonly Keeper[]
  readonly neighbors: Neighbors
  /** How many series the neighbors have. */
  readonly series: number
  /** How many lanes there are. */
  readonly lanes: number
  /** A segment ends after so many bytes or milliseconds. */
  readonly segment: { readonly bytes: number; readonly time: number }
}

/**
 * Writes down what one worker judges: each act with its scene, what the guards read from memory that others write, and what it came
 * to. A lane begins with its state as it stood, once a segment and again after a gap. Everything is copied into a ring and nobody
 * is waited for; an act that finds no room is missing, and its lane says how many are.
 */
export class ActWriter implements Witness, Tap {
  readonly #ring: SharedRing
  #options: WriterOptions
  /** By lane: the lease that is being recorded, 0 for none; acts missed since it was last. */
  readonly #leases: Float64Array
  readonly #missed: Uint32Array
  /** By lane: the plan that its recorded acts are judged by. */
  readonly #plans: (WitnessedPlan | null)[]
  readonly #reads = new Float64Array(MOST_READS)
  #readCount = 0
  /** Between `before` and `after`, where the act is to be recorded. */
  #active = false
  #begun = false
  #bytes = 0
  #until = 0
  /** The packet that was recorded last, and of which act. */
  #serial = -1
  #packet: Uint8Array | null = null
  #start = 0

  constructor(ring: SharedRing, options: WriterOptions) {
    this.#ring = ring
    this.#options = options
    this.#leases = new Float64Array(options.lanes)
    this.#missed = new Uint32Array(options.lanes)
    this.#plans = new Array(options.lanes).fill(null)
  }

  /** Other grounds hold from now on: a new segment begins. */
  configure(options: Omit<WriterOptions, 'lanes' | 'segment' | 'worker'>): void {
    this.#options = { ...this.#options, ...options }
    this.#begun = false
  }

  /** What is kept of a lane was changed by something else than its acts: it is taken down anew before the next of them. */
  forget(lane: number): void {
    this.#leases[lane] = 0
  }

  /** The last record of this worker. Where even that finds no room, the recorder's thread ends all the same. */
  stop(): void {
    const at = this.#ring.reserve(1)
    if (at === -1) return
    this.#ring.bytes[at] = Kind.stop
    this.#ring.commit()
  }

  before(plan: WitnessedPlan, act: Act, lane: Lane, scene: Scene): void {
    this.#readCount = 0
    this.#active = false
    // What guards keep from one filter of a SUBSCRIBE to the next, or of a CONNECT for its will, is nowhere written down.
    if (!isLater(act)) {
      if (!this.#begun || this.#bytes > this.#options.segment.bytes || scene.now > this.#until) this.#begin(scene)
    }
    if (!this.#begun) return
    const isKnown = this.#leases[lane.index] === lane.epoch && this.#plans[lane.index] === plan
    this.#active = isKnown || (!isLater(act) && this.#open(plan, act, lane, scene))
  }

  pass(value: number): number {
    if (!this.#active) return value
    if (this.#readCount < MOST_READS) this.#reads[this.#readCount] = value
    this.#readCount++
    return value
  }

  after(
    act: Act,
    lane: Lane,
    scene: Scene,
    outcome: number,
    findings: readonly Finding[],
    wait: number,
    isGlance: boolean,
  ): void {
    const isComplete = this.#active && this.#readCount <= MOST_READS
    this.#active = false
    if (isComplete && this.#write(act, lane, scene, outcomeBytes(outcome, findings, wait), isGlance)) return
    this.#ring.lose()
    this.#missed[lane.index]++
    // What the missing act has taught is in the lane's state, with which it begins again.
    this.#leases[lane.index] = 0
  }

  #write(act: Act, lane: Lane, scene: Scene, outcome: Uint8Array, isGlance: boolean): boolean {
    const isNext = this.#serial === act.serial - 1
    const same = isLater(act) && isNext && this.#packet === act.bytes && this.#start === act.start
    const judged = { outcome, reads: this.#reads, readCount: this.#readCount, same, isGlance }
    if (!encodeAct(this.#ring, act, lane, scene, judged)) return false
    this.#serial = act.serial
    this.#packet = act.bytes
    this.#start = act.start
    this.#bytes += act.end - act.start + outcome.length
    return true
  }

  #begin({ now, wall }: Scene): void {
    const { worker, grounds, neighbors, series, segment } = this.#options
    const sample: Sample = { value: 0, time: 0, integral: 0 }
    const values = Array.from({ length: series }, (_, index) => {
      neighbors.read(index, sample)
      return [sample.value, sample.time, sample.integral] as const
    })
    const head: Omit<SegmentHead, 'grounds'> = { worker, wall, now, series: values }
    this.#begun = this.#put(Kind.segment, `{"grounds":${grounds},${JSON.stringify(head).slice(1)}`)
    this.#leases.fill(0)
    this.#serial = -1
    this.#bytes = 0
    this.#until = now + segment.time
  }

  #open(plan: WitnessedPlan, { speaker }: Act, lane: Lane, { memo, peer }: Scene): boolean {
    const { planFor, keepers } = this.#options
    // A connection that has not taken on the new configuration yet is judged by guards that this segment knows nothing of.
    if (!hasSameGuards(plan, planFor(speaker.device))) return false
    const { device, site, roles, assurance, fingerprint } = speaker
    const saved = keepers.map(keeper => [keeper.name, keeper.save(device)] as const)
    const head: SessionHead = {
      lane: lane.index,
      epoch: lane.epoch,
      device,
      peer,
      site,
      roles,
      assurance,
      fingerprint,
      missed: this.#missed[lane.index],
      plan: plan.map(({ guard, mode }) => [guard.name, mode] as const),
      ...writeMemo(
        memo,
        plan.map(({ guard }) => guard),
      ),
      kept: Object.fromEntries(saved.filter(([, state]) => state !== undefined)),
    }
    if (!this.#put(Kind.session, JSON.stringify(head), [sparse(lane.words), sparse(lane.rhythm)])) return false
    this.#leases[lane.index] = lane.epoch
    this.#missed[lane.index] = 0
    this.#plans[lane.index] = plan
    return true
  }

  /** A record of JSON behind its length, then what else it has, each behind its own. */
  #put(kind: number, json: string, parts: readonly Buffer[] = []): boolean {
    const text = Buffer.from(json)
    const length = parts.reduce((sum, part) => sum + 4 + part.length, 5 + text.length)
    let at = this.#ring.reserve(length)
    if (at === -1) return false
    const { bytes, view } = this.#ring
    bytes[at++] = kind
    for (const part of [text, ...parts]) {
      view.setUint32(at, part.length, true)
      bytes.set(part, at + 4)
      at += 4 + part.length
    }
    this.#ring.commit()
    this.#bytes += text.length
    return true
  }
}

/** Further filters of a SUBSCRIBE, and the will of a CONNECT, come in the packet of the act before. */
function isLater({ action, weight }: Act): boolean {
  return action === 'will' || (action === 'subscribe' && weight === 0)
}

/** Whether two plans have the same guards; their modes may differ, as in a bypass. */
function hasSameGuards(a: WitnessedPlan, b: WitnessedPlan): boolean {
  return a.length === b.length && a.every(({ guard }, index) => guard === b[index]?.guard)
}
