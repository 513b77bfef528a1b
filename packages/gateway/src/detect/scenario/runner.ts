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
    // Of one alone it is told how long it took; of many, from when to when they came.
    const alone = capacity === 0 ? (figures.span ?? figures.waited ?? 0) : time - full.began
    this.#alarm(happening, time, key, { ...figures, span: alone, count: full.count, capacity })
  }

  #alarm(happening: Happening, time: number, key: string | number, figures: Figures & { span: number }): void {
    const { name, technique, severity, labels, groups, say } = this.scenario
    this.#raise(
      {
        scenario: name,
        technique,
        severity,
        ...aboutOf(groups, happening, key),
        topic: happening.topic,
        time,
        began: time - figures.span,
        why: say(happening, figures),
        figures: Object.fromEntries(Object.entries(figures)),
        labels,
      },
      key,
    )
  }
}

/** Groups that are one device's, or one address's as long as its device is not known. */
const OF_DEVICE: ReadonlySet<string> = new Set(['device', 'subject', 'connection'])

/** Whom an alarm is about. Nobody is named who only happened to be the last of many: somebody could be blocked for it. */
function aboutOf(
  groups: readonly string[],
  happening: Happening,
  key: string | number,
): Pick<Alarm, 'subject' | 'device' | 'address'> {
  const { device, address } = happening
  if (groups.includes('address')) return { subject: address, device: '', address }
  if (groups.some(each => OF_DEVICE.has(each))) return { subject: subjectOf(happening), device, address }
  return { subject: String(key).replaceAll('\0', ' ').trim(), device: '', address: '' }
}

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
