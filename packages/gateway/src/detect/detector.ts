import type { Alarm } from '../evidence/alarm.ts'
import type { Batch } from '../evidence/batch.ts'
import type { Happening } from '../evidence/happening.ts'
import { BatchReader } from '../evidence/reader.ts'
import type { Crosses } from './crossing.ts'
import type { IntrusionJudge } from './intrusion/judge.ts'
import { compileAllowList } from './scenario/allow.ts'
import { Engine, type ScenarioCounts } from './scenario/engine.ts'
import type { Compiled } from './sources.ts'

/**
 * What workers have recorded comes up to a quarter of a second late, and not in one order: so long time itself waits, in
 * milliseconds, before something that did not come counts as absent.
 */
const LATENESS = 2_000

/** Scenarios and a model of intrusions over what the workers of a gateway record. */
export class Detector {
  /** Who judges sessions by a model; null where nobody does. */
  intrusion: IntrusionJudge | null = null
  #engine: Engine
  readonly #readers = new Map<number, BatchReader>()
  readonly #alarm: (alarm: Alarm) => void
  #crosses: Crosses

  constructor(compiled: Compiled, crosses: Crosses, alarm: (alarm: Alarm) => void) {
    this.#alarm = alarm
    this.#crosses = crosses
    this.#engine = this.#engineOf(compiled)
  }

  /** Takes other scenarios and roles. What was gathered is forgotten; who is connected is not. */
  configure(compiled: Compiled, crosses: Crosses): void {
    this.#crosses = crosses
    this.#engine = this.#engineOf(compiled)
  }

  get counts(): ScenarioCounts[] {
    return this.#engine.counts
  }

  take(worker: number, batch: Batch): void {
    let reader = this.#readers.get(worker)
    if (reader === undefined) {
      reader = new BatchReader(worker, (roles, code, topic) => this.#crosses(roles, code, topic))
      this.#readers.set(worker, reader)
    }
    reader.read(batch, each => this.#each(each))
  }

  /** A worker has died: its connections are gone, and the next one in its place begins anew. @param wall see `tick` */
  died(worker: number, wall: number): void {
    this.#readers.get(worker)?.end(wall, each => this.#each(each))
    this.#readers.delete(worker)
  }

  /** @param wall milliseconds since the Unix epoch, now. */
  tick(wall: number): void {
    this.#engine.advance(wall - LATENESS)
    this.intrusion?.advance(wall - LATENESS)
  }

  #each(happening: Happening): void {
    this.#engine.take(happening)
    this.intrusion?.take(happening)
  }

  #engineOf({ scenarios, allowances }: Compiled): Engine {
    return new Engine(scenarios, { alarm: this.#alarm, isAllowed: compileAllowList(allowances) })
  }
}
