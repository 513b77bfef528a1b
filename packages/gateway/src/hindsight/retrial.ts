import { isDeepStrictEqual } from 'node:util'
import type { Tap } from '../contract/index.ts'
import { Judge } from '../path/judge.ts'
import type { RecordedAct } from '../recording/decode.ts'
import type { SegmentHead, SessionHead } from '../recording/head.ts'
import { outcomeBytes, readOutcome } from '../recording/outcome.ts'
import { buildHouse, type House } from './house.ts'
import { ActReader, ableOf, judgeAgain, type Learned, type Stand, sceneOf, standOf } from './stand.ts'

/** What judging a recorded act again came to. */
export interface Again {
  /** As `outcomeBytes` writes it; null where not all of it can be said. */
  readonly outcome: Uint8Array | null
  /** Whether all that can be said is what was said then, and the guards asked shared memory for as much as then. */
  readonly same: boolean
  /** Guards that could not judge. */
  readonly silent: readonly string[]
}

const INTEGRITY: readonly string[] = ['integrity']
const UNKNOWN: Again = { outcome: null, same: true, silent: ['all'] }

/** Answers guards from the record, in order. */
class Recall implements Tap {
  #reads: Float64Array = new Float64Array(0)
  #at = 0

  begin(reads: Float64Array): void {
    this.#reads = reads
    this.#at = 0
  }

  pass(value: number): number {
    const recorded = this.#at < this.#reads.length ? this.#reads[this.#at] : value
    this.#at++
    return recorded
  }

  get fits(): boolean {
    return this.#at === this.#reads.length
  }
}

/**
 * Judges one worker's recorded acts again, by the guards and modes that judged them then. What other workers wrote at the time is
 * answered from the record, so each lane comes to what it came to, or shows where it does not.
 */
export class Retrial {
  readonly #judge = new Judge()
  readonly #recall = new Recall()
  readonly #acts = new ActReader()
  readonly #stands = new Map<number, Stand>()
  #house: House | null = null
  #digest = ''

  /** A segment begins. Errors: `ConfigError` where this version does not compile what was compiled then. */
  segment({ grounds: { config, sources, digest } }: SegmentHead): void {
    this.#stands.clear()
    if (digest === this.#digest) return
    this.#house = buildHouse(config, sources, this.#recall)
    this.#digest = digest
  }

  session(head: SessionHead, learned: Learned): void {
    const { guards, sparkplug } = this.#current
    const stand = standOf(head, learned, [...guards.values()], [sparkplug])
    stand.plan = head.plan.flatMap(([name, mode]) => {
      const guard = guards.get(name)
      return guard === undefined ? [] : [{ guard, mode }]
    })
    this.#stands.set(head.lane, stand)
  }

  /** The connection of a lane; undefined where its beginning is missing. */
  stand(lane: number): Stand | undefined {
    return this.#stands.get(lane)
  }

  act(recorded: RecordedAct): Again {
    const stand = this.#stands.get(recorded.lane)
    if (stand === undefined || stand.lane.epoch !== recorded.epoch) return UNKNOWN
    const act = this.#acts.read(recorded, stand, this.#current.seals !== null)
    if (stand.isUnknown) return UNKNOWN
    // What has no seal any more may have had one that was none.
    const plan = ableOf(stand.plan, recorded, act.seal === null ? INTEGRITY : [])
    this.#recall.begin(recorded.reads)
    const judge = this.#judge
    const decision = judgeAgain(judge, plan, act, recorded, stand.lane, sceneOf(recorded, stand, this.#current.series))
    if (plan.length === stand.plan.length) {
      const outcome = outcomeBytes(decision, judge.findings, judge.wait)
      return { outcome, same: recorded.outcome.equals(outcome) && this.#recall.fits, silent: [] }
    }
    const asked = new Set(plan.map(({ guard }) => guard.name))
    const then = readOutcome(recorded.outcome).findings.filter(({ guard }) => asked.has(guard))
    const silent = stand.plan.slice(plan.length).map(({ guard }) => guard.name)
    return { outcome: null, same: isDeepStrictEqual(then, decision === 0 ? [] : judge.findings), silent }
  }

  get #current(): House {
    if (this.#house === null) throw new RangeError('a recording begins with a segment')
    return this.#house
  }
}
