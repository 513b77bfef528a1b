import type { Alarm } from '../../evidence/alarm.ts'
import type { Happening, Kind } from '../../evidence/happening.ts'
import { Runner } from './runner.ts'
import type { Scenario } from './scenario.ts'

/** Happenings that are remembered for alarms to show. */
const REMEMBERED = 1_024
/** Happenings that an alarm shows. */
const SHOWN = 5

/** What becomes of an alarm, unless an allow-list covers it. */
export interface EngineEvents {
  alarm(alarm: Alarm): void
  isAllowed(alarm: Omit<Alarm, 'happenings'>): boolean
}

/** How often a scenario looked, spoke, and held its tongue. */
export interface ScenarioCounts {
  readonly scenario: string
  alarms: number
  allowed: number
  readonly repeated: number
  /** Subjects that made room for others: what was gathered about them is lost. */
  readonly evicted: number
}

interface Listener {
  readonly runner: Runner
  readonly step: number
  readonly filter: (happening: Happening) => boolean
}

/**
 * Scenarios over happenings. A function of what it was fed and in which order: no clock, no chance; how happenings were
 * cut into batches makes no difference. Memory is bounded: each scenario keeps a fixed number of subjects.
 */
export class Engine {
  readonly #runners: readonly Runner[]
  readonly #timed: readonly Runner[]
  readonly #listeners = new Map<Kind, Listener[]>()
  readonly #counts = new Map<string, { alarms: number; allowed: number }>()
  readonly #events: EngineEvents
  readonly #recent: Happening[] = []
  #latest = 0
  #now = 0

  constructor(scenarios: readonly Scenario[], events: EngineEvents) {
    this.#events = events
    this.#runners = scenarios.map(
      each => new Runner(each, (alarm, key) => this.#raised(runnerOf(each.name), alarm, key)),
    )
    const byName = new Map(this.#runners.map(each => [each.scenario.name, each]))
    const runnerOf = (name: string): Runner => byName.get(name)!
    this.#timed = this.#runners.filter(({ scenario: { form } }) => form.kind === 'absence' || form.kind === 'silence')
    for (const runner of this.#runners) {
      this.#counts.set(runner.scenario.name, { alarms: 0, allowed: 0 })
      // The last step first: one happening may end a sequence and begin the next, but not be two steps of the same.
      for (const [step, { on, filter }] of [...runner.triggers.entries()].reverse()) {
        for (const kind of on) this.#listen(kind, { runner, step, filter })
      }
    }
  }

  get counts(): ScenarioCounts[] {
    return this.#runners.map(({ scenario: { name }, repeated, evicted }) => ({
      scenario: name,
      ...this.#counts.get(name)!,
      repeated,
      evicted,
    }))
  }

  take(happening: Happening): void {
    this.advance(happening.time)
    const listeners = this.#listeners.get(happening.kind)
    if (listeners === undefined) return
    if (this.#recent.length < REMEMBERED) this.#recent.push(happening)
    else this.#recent[this.#latest] = happening
    this.#latest = (this.#latest + 1) % REMEMBERED
    for (let i = 0; i < listeners.length; i++) {
      const { runner, step, filter } = listeners[i]
      if (filter(happening)) runner.feed(happening, step, this.#now)
    }
  }

  /** Time has gone on to `time`, and nothing that happened before is still to come. Time never goes back. */
  advance(time: number): void {
    if (time <= this.#now) return
    this.#now = time
    for (const runner of this.#timed) runner.advance(time)
  }

  #listen(kind: Kind, listener: Listener): void {
    const known = this.#listeners.get(kind)
    if (known === undefined) this.#listeners.set(kind, [listener])
    else known.push(listener)
  }

  #raised(runner: Runner, alarm: Omit<Alarm, 'happenings'>, key: string | number): void {
    const counts = this.#counts.get(alarm.scenario)!
    if (this.#events.isAllowed(alarm)) {
      counts.allowed++
      return
    }
    counts.alarms++
    this.#events.alarm({ ...alarm, happenings: this.#shown(runner, key) })
  }

  #shown(runner: Runner, key: string | number): Happening[] {
    const shown: Happening[] = []
    const { length } = this.#recent
    for (let i = 0; i < length && shown.length < SHOWN; i++) {
      const each = this.#recent[(this.#latest + i) % length]
      const fits = runner.triggers.some(({ on, filter }) => on.includes(each.kind) && filter(each))
      if (fits && runner.keyOf(each) === key) shown.push(each)
    }
    return shown
  }
}
