import type { Config } from '../config/index.ts'
import { Judge, Outcome, planOf } from '../path/judge.ts'
import type { Watch } from '../recording/container.ts'
import type { RecordedAct } from '../recording/decode.ts'
import type { SegmentFile } from '../recording/folder.ts'
import type { SegmentHead, SessionHead, Sources } from '../recording/head.ts'
import { readOutcome } from '../recording/outcome.ts'
import { changeOf, type Fate, Fates } from './fates.ts'
import { buildHouse, type House } from './house.ts'
import { ActReader, ableOf, judgeAgain, type Learned, type Stand, sceneOf, standOf } from './stand.ts'
import { type Happened, happened } from './stream.ts'

/** What other rules would have done with what is recorded. */
export interface WhatIf {
  readonly segments: number
  readonly cut: readonly string[]
  readonly from: string
  readonly until: string
  readonly devices: number
  /** Acts that were judged. */
  readonly acts: number
  /** Acts of which nothing is said, or not by all guards: the payload or the beginning is missing, or they come after the device would have been disconnected. */
  readonly unjudged: number
  /** Acts that the recording itself is missing. */
  readonly missed: number
  /** Guards that cannot be evaluated, for lack of a secret. */
  readonly silent: readonly string[]
  readonly fates: readonly Fate[]
  /** Kinds of fates that are not listed for their number. */
  readonly more: number
  /** Where each lane first came apart: from there on what the device would have done is assumed. */
  readonly divergences: readonly { readonly device: string; readonly id: string; readonly time: string }[]
}

/** A gateway that started anew has another monotonic clock, and knows nothing of before. */
const ANEW = 60_000
/** Of commands that were said before the recording began nothing is known, for so many milliseconds. */
const COMMANDS = 60_000

/** The result of MACs was recorded for other keys: here the guard needs what they cover. */
const INTEGRITY: readonly string[] = ['integrity']

interface Lane {
  readonly stand: Stand
  /** Under the rules of now its connection would have ended. */
  isGone: boolean
}

/**
 * Judges recordings by another configuration, as if it had been there. Errors: those of `openContainer`, `ConfigError`.
 * @param sealSecret of the site, without which the guard `integrity` says nothing
 */
export async function whatIf(
  config: Config,
  sources: Sources,
  segments: readonly SegmentFile[],
  identities: readonly string[],
  watch?: Watch,
  sealSecret: Uint8Array | null = null,
): Promise<WhatIf> {
  const cut: string[] = []
  const inquiry = new Inquiry(config, sources, sealSecret)
  for await (const each of happened(segments, identities, segment => cut.push(segment), watch)) inquiry.take(each)
  return { segments: segments.length, cut, ...inquiry.result() }
}

class Inquiry {
  readonly #config: Config
  readonly #sources: Sources
  readonly #sealSecret: Uint8Array | null
  readonly #silent: readonly string[]
  readonly #judge = new Judge()
  readonly #fates = new Fates()
  readonly #diverged = new Map<string, { id: string; time: string }>()
  readonly #devices = new Set<string>()
  readonly #readers = new Map<number, ActReader>()
  #house: House
  /** By worker and lane, and by device. */
  #lanes = new Map<string, Lane>()
  #stands = new Map<string, Stand>()
  #base = Number.NaN
  #began = 0
  #from = 0
  #until = 0
  #acts = 0
  #unjudged = 0
  #missed = 0

  constructor(config: Config, sources: Sources, sealSecret: Uint8Array | null) {
    this.#config = config
    this.#sources = sources
    this.#sealSecret = sealSecret
    this.#silent = config.seals !== 'off' && sealSecret === null ? ['integrity'] : []
    this.#house = buildHouse(config, sources, null, sealSecret)
  }

  take(each: Happened): void {
    if (each.kind === 'segment') this.#segment(each.head)
    else if (each.kind === 'session') this.#session(each.worker, each.head, each)
    else this.#act(each.worker, each.id, each.recorded)
  }

  result(): Omit<WhatIf, 'segments' | 'cut'> {
    return {
      from: this.#from === 0 ? '' : new Date(this.#from).toISOString(),
      until: this.#until === 0 ? '' : new Date(this.#until).toISOString(),
      devices: this.#devices.size,
      acts: this.#acts,
      unjudged: this.#unjudged,
      missed: this.#missed,
      silent: this.#silent,
      fates: this.#fates.list(),
      more: this.#fates.more,
      divergences: [...this.#diverged].map(([device, where]) => ({ device, ...where })),
    }
  }

  #segment(head: SegmentHead): void {
    const base = head.wall - head.now
    if (Math.abs(base - this.#base) <= ANEW) return
    this.#base = base
    this.#began = head.wall
    this.#house = buildHouse(this.#config, this.#sources, null, this.#sealSecret)
    this.#lanes = new Map()
    this.#stands = new Map()
    restoreSeries(this.#house, head)
  }

  #session(worker: number, head: SessionHead, learned: Learned): void {
    this.#missed += head.missed
    this.#devices.add(head.device)
    const known = this.#stands.get(head.device)
    // A further segment, or after a gap: the lane goes on as these rules have it.
    if (known !== undefined && known.lane.epoch === head.epoch) return
    const { guards, sparkplug, planFor } = this.#house
    const stand = standOf(head, known?.lane ?? learned, [...guards.values()], [sparkplug])
    stand.plan = planOf(planFor(head.device).filter(({ guard }) => !this.#silent.includes(guard.name)))
    this.#stands.set(head.device, stand)
    this.#lanes.set(`${worker} ${head.lane}`, { stand, isGone: false })
  }

  #act(worker: number, id: string, recorded: RecordedAct): void {
    const lane = this.#lanes.get(`${worker} ${recorded.lane}`)
    const { wall } = recorded.scene
    this.#from ||= wall
    this.#until = wall
    let reader = this.#readers.get(worker)
    if (reader === undefined) {
      reader = new ActReader()
      this.#readers.set(worker, reader)
    }
    const { decision: before, findings: found } = readOutcome(recorded.outcome)
    if (lane === undefined || lane.stand.lane.epoch !== recorded.epoch) return void this.#unjudged++
    const act = reader.read(recorded, lane.stand, this.#house.seals !== null)
    // It had to wait and comes again.
    if (before === Outcome.throttle) return
    if (lane.isGone || lane.stand.isUnknown) return void this.#unjudged++
    const { stand } = lane
    const plan = ableOf(stand.plan, recorded, INTEGRITY)
    if (plan.length === stand.plan.length) this.#acts++
    else this.#unjudged++
    const now = judgeAgain(this.#judge, plan, act, recorded, stand.lane, sceneOf(recorded, stand, this.#house.series))
    const change = changeOf(before, now)
    if (now === Outcome.disconnect) lane.isGone = true
    // Whom no guard could ask would pass.
    if (change === null || (change === 'freed' && plan.length < stand.plan.length)) return
    const reason = change === 'freed' ? found[0] : this.#judge.findings[0]
    if (reason.code === 'command_unproven' && wall - this.#began < COMMANDS) return void this.#unjudged++
    const { device } = stand.principal
    this.#fates.count(change, device, reason, !this.#diverged.has(device), id)
    if ((change === 'refused' || change === 'freed') && !this.#diverged.has(device)) {
      this.#diverged.set(device, { id, time: new Date(wall).toISOString() })
    }
  }
}

/** Puts the series where they stood, by their meanings: in another configuration they have other numbers. */
function restoreSeries(house: House, { grounds, series }: SegmentHead): void {
  const then = buildHouse(grounds.config, grounds.sources, null).book.meanings
  for (const [number, [value, time, integral]] of series.entries()) {
    const place = house.book.meanings.indexOf(then[number])
    if (place !== -1) house.series.restore(place, { value, time, integral })
  }
}
