import type { Config } from '../config/index.ts'
import type { Tap } from '../contract/index.ts'
import type { Material } from '../keys/material.ts'
import type { SharedSeries } from '../lanes/series.ts'
import type { Judge, Plan } from '../path/judge.ts'
import type { SparkplugDesk } from '../profile/sparkplug.ts'
import { groundsOf } from '../recording/head.ts'
import { SharedRing } from '../recording/ring.ts'
import { ActWriter } from '../recording/writer.ts'
import type { SealSlots } from '../seals/slots.ts'
import type { WorkerMemory } from './memory.ts'

/** A segment ends after a hundredth of what all may take, and after so many milliseconds at the latest. */
const PARTS = 100
const LEAST = 256 * 1024
const MOST = 64 * 1024 ** 2
const LONGEST = 3_600_000

/** What a worker's guards were compiled from, and what they read. */
export interface Recordable {
  readonly config: Config
  readonly material: Material
  readonly planFor: (device: string, isBypassed: boolean) => Plan
  readonly series: SharedSeries
  readonly seals: SealSlots | null
}

/** One worker's part in recording: off until the main thread hands it a ring. */
export class WorkerRecording {
  readonly #worker: number
  readonly #judge: Judge
  readonly #memory: Pick<WorkerMemory, 'lanes' | 'topics' | 'approvals'>
  readonly #sparkplug: SparkplugDesk
  #recordable: Recordable | null = null
  #writer: ActWriter | null = null

  constructor(
    worker: number,
    judge: Judge,
    memory: Pick<WorkerMemory, 'lanes' | 'topics' | 'approvals'>,
    sparkplug: SparkplugDesk,
  ) {
    this.#worker = worker
    this.#judge = judge
    this.#memory = memory
    this.#sparkplug = sparkplug
  }

  /** Records from now on into a ring, or no more. */
  turn(ring: SharedArrayBuffer | null): void {
    this.#writer?.stop()
    this.#writer = null
    const record = this.#recordable?.config.record ?? 'off'
    if (ring !== null && this.#recordable !== null && record !== 'off') {
      const bytes = Math.min(MOST, Math.max(LEAST, record.size / PARTS))
      this.#writer = new ActWriter(new SharedRing(ring), {
        worker: this.#worker,
        lanes: this.#memory.lanes.capacity,
        segment: { bytes, time: LONGEST },
        ...this.#parts(this.#recordable),
      })
    }
    this.#listen()
  }

  /** Another configuration holds. */
  configure(recordable: Recordable): void {
    for (const each of this.#own) each.tap = null
    this.#recordable = recordable
    this.#writer?.configure(this.#parts(recordable))
    this.#listen()
  }

  /** What is kept of a lane was changed by something else than its acts. */
  forget(lane: number): void {
    this.#writer?.forget(lane)
  }

  #listen(): void {
    const { topics, approvals } = this.#memory
    for (const each of [topics, approvals, this.#sparkplug, ...this.#own]) each.tap = this.#writer
    this.#judge.witness = this.#writer
  }

  /** What comes and goes with a configuration. */
  get #own(): { tap: Tap | null }[] {
    if (this.#recordable === null) return []
    const { series, seals } = this.#recordable
    return seals === null ? [series] : [series, seals]
  }

  #parts({ config, material, planFor, series }: Recordable) {
    const usual = (device: string): Plan => planFor(device, false)
    const payloads = config.record === 'off' ? 'full' : config.record.payloads
    const grounds = JSON.stringify(groundsOf(config, { profiles: material.profiles, rules: material.rules }, payloads))
    return { grounds, planFor: usual, neighbors: series, series: series.count, keepers: [this.#sparkplug] }
  }
}
