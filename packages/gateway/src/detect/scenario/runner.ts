import type { Alarm } from '../../evidence/alarm.ts'
import type { Happening } from '../../evidence/happening.ts'
import { Absence } from './absence.ts'
import { hashText, keyOf, subjectOf } from './fields.ts'
import { Leaky } from './leaky.ts'
import { Novelty } from './novelty.ts'
import { Periodic } from './periodic.ts'
import type { Figures } from './say.ts'
import type { Scenario, Trigger } from './scenario.ts'
import { Sequence } from './sequence.ts'
import { Silence } from './silence.ts'
import { Slots } from './slots.ts'
import type { Pour, Source } from './source.ts'
import type { Tally } from './tally.ts'
import { Window } from './window.ts'

/** What a scenario of the whole site is counted under. */
const SITE = 'site'

/** One scenario at work: what it looks for, what it counts, and about whom it has spoken already. */
export class Runner {
  readonly scenario: Scenario
  /** Alarms that were not raised because one about the same subject was, not long ago. */
  repeated = 0
  readonly #novelty: Novelty | null
  readonly #source: Source | null
  readonly #tally: Tally
  readonly #told: Slots
  readonly #raise: (alarm: Omit<Alarm, 'happenings'>, key: string | number) => void

  constructor(scenario: Scenario, raise: (alarm: Omit<Alarm, 'happenings'>, key: string | number) => void) {
    const { subjects: most, novel, capacity, pace, distinct } = scenario
    this.scenario = scenario
    this.#raise = raise
    this.#novelty = novel === null ? null : new Novelty(novel, most)
    this.#source = sourceOf(scenario, (happening, time, figures) => this.#pour(happening, time, figures))
    const options = { capacity, distinct: distinct !== null, most }
    this.#tally = 'leak' in pace ? new Leaky({ ...options, ...pace }) : new Window({ ...options, ...pace })
    // The one whose silence ends first makes room.
    this.#told = new Slots(most, 1, index => this.#told.words[index])
  }

  /** What a subject takes at most, in bytes, in all that the scenario keeps. */
  get bytes(): number {
    return [this.#novelty, this.#source, this.#tally, this.#told].reduce((sum, each) => sum + (each?.bytes ?? 0), 0)
  }

  /** Subjects that made room for others. */
  get evicted(): number {
    return [this.#novelty, this.#source, this.#tally].reduce((sum, each) => sum + (each?.evicted ?? 0), 0)
  }

  /** The triggers in the order of their steps. */
  get triggers(): readonly Trigger[] {
    const { trigger, form } = this.scenario
    if (form.kind === 'absence') return [trigger, form.until]
    if (form.kind !== 'sequence') return [trigger]
    return [trigger, ...form.next, ...(form.unless === null ? [] : [form.unless])]
  }

  feed(happening: Happening, step: number, time: number): void {
    if (step === 0 && this.#novelty !== null && !this.#novelty.isNew(happening, time)) return
    if (this.#source !== null) this.#source.feed(happening, step, time)
    else this.#pour(happening, time, {})
  }

  advance(time: number): void {
    this.#source?.advance(time)
  }

  keyOf(happening: Happening): string | number | null {
    return this.scenario.groupby.length === 0 ? SITE : keyOf(this.scenario.groupby, happening)
  }

  #pour(happening: Happening, time: number, figures: Figures): void {
    const { distinct, capacity } = this.scenario
    const key = this.keyOf(happening)
    if (key === null) return
    const value = distinct === null ? 0 : hashText(String(distinct.of(happening)))
    const full = this.#tally.pour(key, value, time)
    if (full === null) return
    const told = this.#told.take(key)
    if (time < this.#told.words[told]) {
      this.repeated++
      return
    }
    this.#told.words[told] = time + this.scenario.blackhole
    this.#alarm(happening, time, full.began, key, { span: time - full.began, ...figures, count: full.count, capacity })
  }

  #alarm(happening: Happening, time: number, began: number, key: string | number, figures: Figures): void {
    const { name, technique, severity, labels, groups, say } = this.scenario
    const about = groups.length > 0 && !groups.some(each => SUBJECTS.has(each)) ? String(key) : subjectOf(happening)
    this.#raise(
      {
        scenario: name,
        technique,
        severity,
        subject: groups.length === 0 ? SITE : groups.includes('address') ? happening.address : about,
        device: groups.includes('address') ? '' : happening.device,
        address: happening.address,
        topic: happening.topic,
        time,
        began: Math.min(began, time - (figures.span ?? 0)),
        why: say(happening, figures),
        figures: Object.fromEntries(Object.entries(figures)),
        labels,
      },
      key,
    )
  }
}

/** Groups whose alarms are about the happening's device or address. */
const SUBJECTS: ReadonlySet<string> = new Set(['device', 'address', 'subject', 'connection'])

function sourceOf({ form, groupby, subjects }: Scenario, pour: Pour): Source | null {
  switch (form.kind) {
    case 'each':
      return null
    case 'absence':
      return new Absence(form, subjects, pour)
    case 'sequence':
      return new Sequence(form, subjects, pour)
    case 'periodic':
      return new Periodic(form, groupby, subjects, pour)
    case 'silence':
      return new Silence(form, groupby, subjects, pour)
  }
}
