import type { Happening } from '../../evidence/happening.ts'
import { DEADLINE_BYTES, Deadlines } from './deadlines.ts'
import { keyOf } from './fields.ts'
import type { Form } from './scenario.ts'
import { Slots } from './slots.ts'
import type { Pour, Source } from './source.ts'

const DUE = 0
/** A happening that is waited on, without its texts, which others share. */
const HAPPENING_BYTES = 200

/** Something that should follow and does not: a CONNECT after `opened`, a PUBREL after a PUBLISH of QoS 2. */
export class Absence implements Source {
  readonly most: number
  readonly bytes: number
  readonly #form: Form & { kind: 'absence' }
  readonly #pour: Pour
  readonly #slots: Slots
  readonly #waiting: (Happening | null)[]
  readonly #deadlines: Deadlines

  constructor(form: Form & { kind: 'absence' }, most: number, pour: Pour) {
    this.#form = form
    this.most = most
    this.#pour = pour
    this.#waiting = new Array<Happening | null>(most).fill(null)
    // The one that has waited least makes room: its time is furthest off.
    this.#slots = new Slots(
      most,
      1,
      index => -this.#slots.words[index + DUE],
      index => {
        this.#waiting[index] = null
      },
    )
    this.#deadlines = new Deadlines(most)
    this.bytes = this.#slots.bytes + HAPPENING_BYTES + DEADLINE_BYTES
  }

  get evicted(): number {
    return this.#slots.evicted
  }

  feed(happening: Happening, step: number, time: number): void {
    const key = keyOf(this.#form.key, happening)
    if (key === null) return
    if (step > 0) {
      const index = this.#slots.find(key)
      if (index >= 0) this.#slots.drop(index)
      return
    }
    if (this.#slots.find(key) >= 0) return
    const index = this.#slots.take(key)
    this.#slots.words[index] = time + this.#form.within
    this.#waiting[index] = happening
    this.#deadlines.set(index, time + this.#form.within)
  }

  advance(time: number): void {
    if (this.#deadlines.first > time) return
    const { words } = this.#slots
    this.#deadlines.due(
      time,
      index => (this.#waiting[index] === null ? Number.POSITIVE_INFINITY : words[index]),
      (index, due) => {
        const happening = this.#waiting[index]
        this.#slots.drop(index)
        if (happening !== null) this.#pour(happening, due, { waited: this.#form.within })
      },
    )
  }
}
