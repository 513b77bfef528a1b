import { randomInt } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { systemClock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import type { Material } from '../keys/material.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import type { HashKey } from '../lanes/approvals-hash.ts'
import { SharedCounters } from '../lanes/counters.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { Registrar } from '../lanes/registrar.ts'
import { SharedSeries } from '../lanes/series.ts'
import { LaneTable } from '../lanes/table.ts'
import { bookOf, rulesOf } from './compose.ts'
import type { Notice, Order, Report, WorkerStart } from './messages.ts'

/**
 * Helper threads that share the collection of a young generation of a few megabytes cost more in waking up than they take over:
 * some 0.2 cores at sixteen messages a record. They stay for the old generation.
 */
const COLLECTOR = ['--no-parallel-scavenge', '--no-concurrent-array-buffer-sweeping']
/** Words for rates and counts by address and topic. */
const WORDS = 65_536
/** Megabytes of a worker's young generation: what the straight way allocates dies at once, and a small one stays in the cache. */
const YOUNG = 4
/** Commands that are on their way through the broker at once; their proofs take 16 bytes each. */
const APPROVALS = 65_536
/** Words are swept this often, in milliseconds: well before their clock comes round. */
const SWEEP_LIMITS = 3_600_000
/** A worker that does not take its leave within so many milliseconds is ended all the same. */
const DRAINED_WITHIN = 6_000
/** A worker that died is started anew after so many milliseconds. */
const REVIVE = 1_000

export interface CrewEvents {
  report(worker: number, report: Report): void
  /** A worker died; what it held is free again. */
  died(worker: number): void
}

/** The worker threads, the memory that they share, and the leases of lanes. */
export class Crew {
  readonly #log: Log
  readonly #events: CrewEvents
  readonly #workers: (Worker | null)[] = []
  readonly #lanes: LaneTable
  // A table each: a word read under another limit than wrote it would seem stale.
  readonly #limits: SharedLimits
  readonly #topics: SharedLimits
  readonly #generations: number[] = []
  readonly #counters: SharedCounters
  readonly #seed: number
  readonly #registrar: Registrar
  readonly #sweeper: NodeJS.Timeout
  #config: Config
  #material: Material
  readonly #approvalsKey: HashKey
  readonly #approvals: SharedApprovals
  #series: SharedSeries
  #meanings: readonly string[]
  #port: number
  #stopping = false

  constructor(config: Config, material: Material, port: number, seed: number, log: Log, events: CrewEvents) {
    this.#config = config
    this.#material = material
    this.#port = port
    this.#seed = seed
    this.#log = log
    this.#events = events
    this.#lanes = new LaneTable(config.limits.devices)
    const secret = (): number => randomInt(2 ** 32) | 0
    this.#approvalsKey = [secret(), secret(), secret(), secret()]
    this.#approvals = new SharedApprovals(APPROVALS, this.#approvalsKey)
    rulesOf(config, material)
    this.#meanings = bookOf(config, material).meanings
    this.#series = new SharedSeries(this.#meanings.length)
    this.#limits = new SharedLimits(WORDS, seed)
    this.#topics = new SharedLimits(WORDS, seed)
    this.#counters = new SharedCounters(WORDS, config.listen.mqtts.workers)
    this.#registrar = new Registrar(this.#lanes, {
      probe: ({ worker, session }) => this.#order(worker, { kind: 'probe', session }),
      revoke: ({ worker, session }) => this.#order(worker, { kind: 'revoke', session }),
    })
    this.#sweeper = setInterval(() => {
      this.#limits.sweep(systemClock.now())
      this.#topics.sweep(systemClock.now())
    }, SWEEP_LIMITS).unref()
  }

  /** Devices with a live session. */
  get devices(): number {
    return this.#registrar.leased
  }

  /** Starts all workers. @returns the port. Throws what the first that failed said. */
  async start(): Promise<number> {
    for (const flag of COLLECTOR) setFlagsFromString(flag)
    for (let index = 0; index < this.#config.listen.mqtts.workers; index++) this.#port = await this.#spawn(index)
    return this.#port
  }

  /** Hands a new configuration to all workers; connections stay. Errors: `ConfigError` of its profiles or rules, and nothing has changed. */
  configure(config: Config, material: Material): void {
    rulesOf(config, material)
    const { meanings } = bookOf(config, material)
    // A value of old would be read in another unit, a mode as another one.
    if (!isDeepStrictEqual(meanings, this.#meanings)) {
      this.#meanings = meanings
      this.#series = new SharedSeries(meanings.length)
    }
    this.#config = config
    this.#material = material
    const series = this.#series.buffer
    for (const index of this.#workers.keys()) this.#order(index, { kind: 'configure', config, material, series })
  }

  /** Takes leave of all devices, then ends the workers. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#sweeper)
    const workers = this.#workers.filter(worker => worker !== null)
    await Promise.all(workers.map(drained))
    await Promise.all(workers.map(worker => worker.terminate()))
  }

  #order(index: number, order: Order): void {
    this.#workers[index]?.postMessage(order)
  }

  #spawn(index: number): Promise<number> {
    const generation = (this.#generations[index] ?? -1) + 1
    this.#generations[index] = generation
    const start: WorkerStart = {
      index,
      config: this.#config,
      material: this.#material,
      port: this.#port,
      lanes: this.#lanes.buffer,
      limits: this.#limits.buffer,
      topics: this.#topics.buffer,
      generation,
      seed: this.#seed,
      counters: this.#counters.buffer,
      series: this.#series.buffer,
      approvals: this.#approvals.buffer,
      approvalsKey: this.#approvalsKey,
    }
    const worker = new Worker(new URL('./main.ts', import.meta.url), {
      workerData: start,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
    })
    this.#workers[index] = worker
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    worker.on('message', (notice: Notice) => {
      if (notice.kind === 'listening') resolve(notice.port)
      else if (notice.kind === 'failed') {
        reject(Object.assign(new Error(notice.what), { code: notice.code }))
        void worker.terminate()
      } else this.#hear(index, notice)
    })
    worker.on('error', error => {
      this.#log.error({ worker: index, error }, 'a worker died')
      reject(error)
    })
    worker.on('exit', () => this.#exited(index))
    return promise
  }

  #hear(worker: number, notice: Exclude<Notice, { kind: 'listening' | 'failed' }>): void {
    if (notice.kind === 'report') return this.#events.report(worker, notice.report)
    if (notice.kind === 'drained') return
    const { session, device } = notice
    const holder = { worker, session }
    if (notice.kind === 'release') return this.#registrar.release(device, holder)
    if (notice.kind === 'alive') return this.#registrar.alive(device, holder)
    const { takeover } = this.#config.session
    this.#registrar.lease(device, holder, takeover, answer => this.#order(worker, { kind: 'lease', session, answer }))
  }

  #exited(index: number): void {
    this.#workers[index] = null
    this.#registrar.releaseWorker(index)
    this.#counters.forget(index)
    this.#events.died(index)
    if (this.#stopping) return
    setTimeout(() => {
      if (!this.#stopping)
        this.#spawn(index).catch(error => this.#log.error({ worker: index, error }, 'a worker does not start'))
    }, REVIVE)
  }
}

function drained(worker: Worker): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  worker.on('message', (notice: Notice) => {
    if (notice.kind === 'drained') resolve()
  })
  worker.on('exit', () => resolve())
  worker.postMessage({ kind: 'drain' } satisfies Order)
  const deadline = setTimeout(resolve, DRAINED_WITHIN)
  return promise.finally(() => clearTimeout(deadline))
}
