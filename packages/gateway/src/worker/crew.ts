import { isDeepStrictEqual } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { systemClock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import type { Posture } from '../contract/index.ts'
import type { Material } from '../keys/material.ts'
import { SharedHold } from '../lanes/hold.ts'
import { Maintenance } from '../lanes/maintenance.ts'
import { Registrar } from '../lanes/registrar.ts'
import { RhythmKeeper } from '../lanes/rhythm-keeper.ts'
import type { RhythmTask } from '../lanes/rhythm-tasks.ts'
import { CHAINS, SealKeeper } from '../lanes/seal-keeper.ts'
import { SharedSeries } from '../lanes/series.ts'
import type { Recorder } from '../recording/recorder.ts'
import { Document } from '../store/document.ts'
import { FolderStore } from '../store/folder-store.ts'
import { bookOf, maintenancePlansOf, rulesOf } from './compose.ts'
import { CrewMemory } from './memory.ts'
import type { Notice, Order, Report, WorkerStart } from './messages.ts'
import { modeNames } from './plan.ts'

/**
 * Helper threads that share the collection of a young generation of a few megabytes cost more in waking up than they take over:
 * some 0.2 cores at sixteen messages a record. They stay for the old generation.
 */
const COLLECTOR = ['--no-parallel-scavenge', '--no-concurrent-array-buffer-sweeping']
/** Megabytes of a worker's young generation: what the straight way allocates dies at once, and a small one stays in the cache. */
const YOUNG = 4
/** Words are swept this often, in milliseconds: well before their clock comes round. */
const SWEEP_LIMITS = 3_600_000
/** What was learned is saved, and windows that have ended are told, this often, in milliseconds. */
const KEEP = 20_000
/** A worker that does not take its leave within so many milliseconds is ended all the same. */
const DRAINED_WITHIN = 6_000
/** A worker that died is started anew after so many milliseconds. */
const REVIVE = 1_000

export interface CrewEvents {
  /** A device has got a lane of its own. */
  assigned(device: string): void
  report(worker: number, report: Report): void
  /** A worker died; what it held is free again. */
  died(worker: number): void
}

/** The worker threads, the memory that they share, and the leases of lanes. */
export class Crew {
  readonly memory: CrewMemory
  /** Whether devices may be read. */
  readonly hold = new SharedHold()
  readonly rhythms: RhythmKeeper
  readonly #seals: SealKeeper
  readonly maintenance: Maintenance
  #isBypassed = false
  readonly #log: Log
  readonly #events: CrewEvents
  readonly #workers: (Worker | null)[] = []
  readonly #generations: number[] = []
  readonly #registrar: Registrar
  readonly #sweeper: NodeJS.Timeout
  readonly #keeping: NodeJS.Timeout
  #config: Config
  #material: Material
  #series: SharedSeries
  #meanings: readonly string[]
  #port: number
  #recorder: Recorder | null = null
  #stopping = false

  constructor(config: Config, material: Material, port: number, seed: number, log: Log, events: CrewEvents) {
    this.#config = config
    this.#material = material
    this.#port = port
    this.#log = log
    this.#events = events
    this.memory = new CrewMemory(config, seed)
    const { lanes, standing } = this.memory
    rulesOf(config, material)
    const book = bookOf(config, material)
    this.#meanings = book.meanings
    const store = config.store === 'off' ? null : new FolderStore(config.store.folder, 'rhythm')
    this.rhythms = new RhythmKeeper(lanes, store, modeNames(config, book), log)
    this.#seals = sealKeeperOf(config, this.memory, log)
    this.maintenance = new Maintenance(standing, systemClock, () => this.#registrar.lanes())
    this.#series = new SharedSeries(this.#meanings.length)
    this.#registrar = new Registrar(lanes, {
      probe: ({ worker, session }) => this.#order(worker, { kind: 'probe', session }),
      revoke: ({ worker, session }) => this.#order(worker, { kind: 'revoke', session }),
      assigned: (device, index) => {
        this.rhythms.assigned(device, index)
        this.#seals.assigned(device, index)
        this.maintenance.assigned(device, index)
        events.assigned(device)
      },
      evicted: (device, index) => {
        this.rhythms.evicted(device, index)
        this.#seals.evicted(device)
        standing.clear(index)
      },
    })
    this.#sweeper = setInterval(() => this.memory.sweep(systemClock.now()), SWEEP_LIMITS).unref()
    this.#keeping = setInterval(() => {
      void this.rhythms.save()
      void this.#seals.save()
      for (const window of this.maintenance.expire()) log.info({ ...window }, 'maintenance is over')
      for (const window of this.maintenance.begin()) log.info({ ...window }, 'maintenance begins')
    }, KEEP).unref()
  }

  /** Devices with a live session. */
  get devices(): number {
    return this.#registrar.leased
  }

  /** A device stands elsewhere from now on; where it has no lane yet, that is asked for when it gets one. */
  place(device: string, posture: Posture): void {
    const lane = this.#registrar.laneOf(device)
    if (lane !== -1) this.memory.standing.setPosture(lane, posture, Number.POSITIVE_INFINITY)
  }

  /** How many devices have a session from addresses that fit. */
  devicesFrom(fits: (address: string) => boolean): number {
    return this.#registrar.count(fits)
  }

  /** Ends whoever is blocked by now. */
  expel(): void {
    for (const index of this.#workers.keys()) this.#order(index, { kind: 'expel' })
  }

  /** Whether a device has had a session since the gateway began, and is still remembered. */
  knows(device: string): boolean {
    return this.#registrar.laneOf(device) >= 0
  }

  /** Ends a device's session. @returns whether it has one */
  dismiss(device: string, why: string): boolean {
    const holder = this.#registrar.holderOf(device)
    if (holder === null) return false
    this.#order(holder.worker, { kind: 'dismiss', session: holder.session, why })
    return true
  }

  /** Lets all workers record, or none of them. */
  record(recorder: Recorder | null): void {
    this.#recorder = recorder
    for (const index of this.#workers.keys()) {
      this.#order(index, { kind: 'record', ring: recorder?.ring(index) ?? null })
    }
  }

  /** Lets all guards only observe, or do again what the configuration says. */
  bypass(isBypassed: boolean): void {
    this.#isBypassed = isBypassed
    for (const index of this.#workers.keys()) this.#order(index, { kind: 'bypass', isBypassed })
  }

  /** Starts all workers. @returns the port. Throws what the first that failed said. */
  async start(): Promise<number> {
    for (const flag of COLLECTOR) setFlagsFromString(flag)
    await this.rhythms.load()
    await this.#seals.load()
    this.maintenance.plan(maintenancePlansOf(this.#config))
    this.maintenance.begin()
    for (let index = 0; index < this.#config.listen.mqtts.workers; index++) this.#port = await this.#spawn(index)
    return this.#port
  }

  /** Hands a new configuration to all workers; connections stay. Errors: `ConfigError` of its profiles or rules, and nothing has changed. */
  configure(config: Config, material: Material): void {
    rulesOf(config, material)
    const book = bookOf(config, material)
    const { meanings } = book
    // A value of old would be read in another unit, a mode as another one.
    if (!isDeepStrictEqual(meanings, this.#meanings)) {
      this.#meanings = meanings
      this.#series = new SharedSeries(meanings.length)
    }
    this.rhythms.rename(modeNames(config, book), (device, task) => this.decide(device, task))
    if (!isDeepStrictEqual(config.context.maintenance, this.#config.context.maintenance)) {
      this.maintenance.plan(maintenancePlansOf(config))
      this.maintenance.begin()
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
    clearInterval(this.#keeping)
    const workers = this.#workers.filter(worker => worker !== null)
    await Promise.all(workers.map(drained))
    await Promise.all(workers.map(worker => worker.terminate()))
    await this.rhythms.save()
    await this.#seals.save(true)
  }

  /** Carries out what a person decided about a device's rhythm: by whoever holds its lane. */
  decide(device: string, task: RhythmTask): void {
    const holder = this.#registrar.holderOf(device)
    if (holder === null) return this.rhythms.apply(device, task)
    this.#order(holder.worker, { kind: 'rhythm', session: holder.session, task })
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
      generation,
      isBypassed: this.#isBypassed,
      series: this.#series.buffer,
      ...this.memory.given,
      recording: this.#recorder?.ring(index) ?? null,
      hold: this.hold.buffer,
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
    if (notice.kind === 'report') {
      this.rhythms.name(notice.report.topics)
      return this.#events.report(worker, notice.report)
    }
    if (notice.kind === 'drained') return
    const { session, device } = notice
    const holder = { worker, session }
    if (notice.kind !== 'lease') {
      if (notice.kind === 'release') return this.#registrar.release(device, holder)
      return this.#registrar.alive(device, holder)
    }
    const { takeover } = this.#config.session
    this.#registrar.lease(device, { ...holder, address: notice.address }, takeover, answer => {
      this.#order(worker, { kind: 'lease', session, answer })
    })
  }

  #exited(index: number): void {
    this.#workers[index] = null
    this.#registrar.releaseWorker(index)
    this.memory.counters.forget(index)
    this.#events.died(index)
    if (this.#stopping) return
    setTimeout(() => {
      if (!this.#stopping)
        this.#spawn(index).catch(error => this.#log.error({ worker: index, error }, 'a worker does not start'))
    }, REVIVE)
  }
}

function sealKeeperOf({ store }: Config, { lanes }: CrewMemory, log: Log): SealKeeper {
  if (store === 'off') return new SealKeeper(lanes, null, log)
  return new SealKeeper(
    lanes,
    new Document(new FolderStore(store.folder, CHAINS.kind), CHAINS.name, CHAINS.version),
    log,
  )
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
