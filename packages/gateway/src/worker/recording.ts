import type { Config } from '../config/index.ts'
import type { Tap } from '../contract/index.ts'
import type { Material } from '../keys/material.ts'
import type { SharedSeries } from '../lanes/series.ts'
import type { Judge, Plan } from '../path/judge.ts'
import type { SparkplugDesk } from '../profile/sparkplug.ts'
import { groundsOf } from '../recording/head.ts'
import { SharedRing } from '../recording/ring.ts'
import { ActWriter } from '../recording/writer.ts'
import type { SharedMemory } from './plan.ts'

/** A segment ends after a hundredth of what all may take, and after so many milliseconds at the latest. */
const PARTS = 100
const LEAST = 256 * 1024
const MOST = 64 * 1024 ** 2
const LONGEST = 3_600_000

/** What a worker's guards were compiled from, and what they read. */
export interface Recordable {
  readonly config: Config
  readonly material: Material
  readonly planFor: (device: string) => Plan
  readonly series: SharedSeries
}

/** One worker's part in recording: off until the main thread hands it a ring. */
export class WorkerRecording {
  readonly #worker: number
  readonly #judge: Judge
  readonly #lanes: number
  readonly #shared: SharedMemory
  readonly #sparkplug: SparkplugDesk
  #series: SharedSeries | null = null
  #writer: ActWriter | null = null

  constructor(worker: number, judge: Judge, lanes: number, shared: SharedMemory, sparkplug: SparkplugDesk) {
    this.#worker = worker
    this.#judge = judge
    this.#lanes = lanes
    this.#shared = shared
    this.#sparkplug = sparkplug
  }

  /** Records from now on into a ring, or no more. */
  turn(ring: SharedArrayBuffer | null, recordable: Recordable): void {
    this.#writer?.stop()
    this.#writer = null
    const { record } = recordable.config
    if (ring !== null && record !== 'off') {
      const bytes = Math.min(MOST, Math.max(LEAST, record.size / PARTS))
      this.#writer = new ActWriter(new SharedRing(ring), {
        worker: this.#worker,
        lanes: this.#lanes,
        segment: { bytes, time: LONGEST },
        ...this.#parts(recordable),
      })
    }
    this.#listen(recordable.series)
  }

  /** Another configuration holds. */
  configure(recordable: Recordable): void {
    this.#writer?.configure(this.#parts(recordable))
    this.#listen(recordable.series)
  }

  #listen(series: SharedSeries): void {
    const tap: Tap | null = this.#writer
    if (this.#series !== null) this.#series.tap = null
    this.#series = series
    series.tap = tap
    this.#shared.topics.tap = tap
    this.#shared.approvals.tap = tap
    this.#sparkplug.tap = tap
    this.#judge.witness = this.#writer
  }

  #parts({ config, material, planFor, series }: Recordable) {
    const payloads = config.record === 'off' ? 'full' : config.record.payloads
    const grounds = JSON.stringify(groundsOf(config, { profiles: material.profiles }, payloads))
    return { grounds, planFor, neighbors: series, series: series.count, keepers: [this.#sparkplug] }
  }
}
