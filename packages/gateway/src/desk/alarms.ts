import type { Alarm } from '../evidence/alarm.ts'

/** An alarm with its number. */
export interface ShownAlarm extends Alarm {
  readonly id: string
}

/** How often a scenario has come true. */
export interface AlarmCount {
  readonly scenario: string
  readonly severity: string
  count: number
}

/** The most recent alarms, a bounded number of them, and how many there were of each scenario. */
export class AlarmMemory {
  readonly #most: number
  readonly #alarms: ShownAlarm[] = []
  readonly #counts = new Map<string, AlarmCount>()
  #number = 0

  constructor(most = 1_000) {
    this.#most = most
  }

  add(alarm: Alarm): ShownAlarm {
    const shown = { ...alarm, id: `a${(this.#number++).toString(36)}` }
    this.#alarms.push(shown)
    if (this.#alarms.length > this.#most) this.#alarms.shift()
    const { scenario, severity } = alarm
    const known = this.#counts.get(scenario)
    if (known === undefined) this.#counts.set(scenario, { scenario, severity, count: 1 })
    else known.count++
    return shown
  }

  /** Newest first. */
  latest(most: number): ShownAlarm[] {
    return this.#alarms.slice(-Math.max(most, 1)).reverse()
  }

  get counts(): readonly AlarmCount[] {
    return [...this.#counts.values()]
  }
}
