import type { Happening } from '../../evidence/happening.ts'
import { DEADLINE_BYTES, Deadlines } from './deadlines.ts'
import { type Field, keyOf } from './fields.ts'
import { PACE_WORDS, pace } from './pace.ts'
import type { Form } from './scenario.ts'
import { Slots } from './slots.ts'
import type { Pour, Source } from './source.ts'

const TOLD = PACE_WORDS
const WIDTH = PACE_WORDS + 1
const HAPPENING_BYTES = 200

/** A subject that has come evenly and stays away. It is told once; it must come evenly again before the next time. */
export class Silence implements Source {
  readonly most: number
  readonly bytes: number
  readonly #form: Form & { kind: 'silence' }
  readonly #groupby: readonly Field[]
  readonly #pour: Pour
  readonly #slots: Slots
  readonly #latest: (Happening | null)[]
  readonly #deadlines: Deadlines

  constructor(form: Form & { kind: 'silence' }, groupby: readonly Field[], most: number, pour: Pour) {
    this.#form = form
    this.#groupby = groupby
    this.most = most
    this.#pour = pour
    this.#latest = new Array<Happening | null>(most).fill(null)
    this.#slots = new Slots(
      most,
      WIDTH,
      index => pace.count(this.#slots.words, index * WIDTH),
      index => {
        this.#latest[index] = null
      },
    )
    this.#deadlines = new Deadlines(most)
    this.bytes = this.#slots.bytes + HAPPENING_BYTES + DEADLINE_BYTES
  }

  get evicted(): number {
    return this.#slots.evicted
  }

  feed(happening: Happening, _step: number, time: number): void {
    const key = keyOf(this.#groupby, happening)
    if (key === null) return
    const { words } = this.#slots
    const index = this.#slots.take(key)
    const at = index * WIDTH
    pace.note(words, at, time)
    if (words[at + TOLD] === 1) pace.restart(words, at)
    words[at + TOLD] = 0
    this.#latest[index] = happening
    if (this.#deadlines.has(index)) return
    const deadline = this.#deadlineOf(index)
    if (deadline !== Number.POSITIVE_INFINITY) this.#deadlines.set(index, deadline)
  }

  advance(time: number): void {
    if (this.#deadlines.first > time) return
    this.#deadlines.due(
      time,
      index => this.#deadlineOf(index),
      (index, due) => {
        const { words } = this.#slots
        const at = index * WIDTH
        const happening = this.#latest[index]
        words[at + TOLD] = 1
        const waited = due - pace.last(words, at)
        if (happening !== null) this.#pour(happening, due, { waited, interval: pace.mean(words, at) })
      },
    )
  }

  #deadlineOf(index: number): number {
    const { words } = this.#slots
    const at = index * WIDTH
    const { least, jitter, times, shortest } = this.#form
    const even = pace.count(words, at) >= least && pace.jitter(words, at) <= jitter && words[at + TOLD] === 0
    if (!even) return Number.POSITIVE_INFINITY
    return pace.last(words, at) + Math.max(shortest, times * pace.mean(words, at))
  }
}
