import { isDeepStrictEqual } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import type { Alarm } from '../evidence/alarm.ts'
import { type Batch, RECORD } from '../evidence/batch.ts'
import { readIntrusion } from './intrusion/source.ts'
import type { DetectorNotice, DetectorOrder, DetectorStart } from './messages.ts'
import { provenSources, readSources } from './sources.ts'

/** A thread that died is started anew after so many milliseconds. */
const REVIVE = 1_000
/** Batches under way to the thread: with more than this it is behind, and what comes is let go and counted. */
const MOST_BEHIND = 64

export interface DetectorEvents {
  alarm(alarm: Alarm): void
}

/** The thread in which scenarios look at what the workers record: neither the straight way nor the main thread waits for them. */
export class DetectorThread {
  /** Happenings that were let go because the thread was behind. */
  dropped = 0
  readonly #log: Log
  readonly #events: DetectorEvents
  #start: DetectorStart
  #worker: Worker | null = null
  #behind = 0

  /** Errors: `ConfigError` with what is wrong in the files. */
  constructor(config: Config, log: Log, events: DetectorEvents) {
    this.#log = log
    this.#events = events
    this.#start = startOf(config)
  }

  start(): void {
    this.#behind = 0
    if (this.#start.sources.scenarios.length > 0 || this.#start.intrusion !== null) this.#run()
  }

  /**
   * Reads what a new configuration names. What scenarios have gathered stays where none of their files has changed.
   * @returns what makes it count. Errors: `ConfigError`.
   */
  prepare(config: Config): () => void {
    const start = startOf(config)
    return () => {
      if (isDeepStrictEqual(start, this.#start)) return
      this.#start = start
      if (this.#worker === null) this.start()
      else this.#tell({ kind: 'configure', start })
    }
  }

  /** What a worker has recorded; the batch is given away. */
  evidence(worker: number, batch: Batch): void {
    if (batch.records.length === 0 || this.#worker === null) return
    this.#behind++
    if (this.#behind > MOST_BEHIND) {
      this.dropped += batch.records.length / RECORD
      // Its names are told all the same: without them no later record could be read.
      return this.#tell({ kind: 'evidence', worker, batch: { ...batch, records: new Float64Array(0) } })
    }
    this.#tell({ kind: 'evidence', worker, batch }, [batch.records.buffer as ArrayBuffer])
  }

  died(worker: number): void {
    this.#tell({ kind: 'died', worker })
  }

  async stop(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }

  #tell(order: DetectorOrder, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(order, transfer)
  }

  #run(): void {
    const worker = new Worker(new URL('./main.ts', import.meta.url), { workerData: this.#start })
    this.#worker = worker
    worker.on('message', (notice: DetectorNotice) => {
      if (notice.kind === 'alarm') return this.#events.alarm(notice.alarm)
      if (notice.kind === 'unusable') return this.#log.error(notice, 'the model of intrusions cannot be used')
      if (notice.kind === 'crowded') return this.#log.warn(notice, 'a scenario keeps fewer subjects than there are')
      this.#behind--
    })
    worker.on('error', error => this.#log.error({ error }, 'the thread of scenarios died'))
    worker.on('exit', () => {
      if (this.#worker === worker) setTimeout(() => this.#revive(worker), REVIVE).unref()
    })
  }

  #revive(dead: Worker): void {
    if (this.#worker === dead) this.start()
  }
}

function startOf(config: Config): DetectorStart {
  const { site, roles, scenarios } = config
  const sources = readSources(scenarios)
  provenSources(sources)
  return { sources, intrusion: readIntrusion(config), site, roles }
}
