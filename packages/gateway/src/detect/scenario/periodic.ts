import type { Happening } from '../../evidence/happening.ts'
import { type Field, keyOf } from './fields.ts'
import { PACE_WORDS, pace } from './pace.ts'
import type { Form } from './scenario.ts'
import { Slots } from './slots.ts'
import type { Pour, Source } from './source.ts'

/** Even intervals, as of a machine that reports to somebody. */
export class Periodic implements Source {
  readonly most: number
  readonly bytes: number
  readonly #form: Form & { kind: 'periodic' }
  readonly #groupby: readonly Field[]
  readonly #pour: Pour
  readonly #slots: Slots

  constructor(form: Form & { kind: 'periodic' }, groupby: readonly Field[], most: number, pour: Pour) {
    this.#form = form
    this.#groupby = groupby
    this.most = most
    this.#pour = pour
    this.#slots = new Slots(most, PACE_WORDS, index => pace.count(this.#slots.words, index * PACE_WORDS))
    this.bytes = this.#slots.bytes
  }

  get evicted(): number {
    return this.#slots.evicted
  }

  feed(happening: Happening, _step: number, time: number): void {
    const key = keyOf(this.#groupby, happening)
    if (key === null) return
    const { least, jitter, shortest, longest } = this.#form
    const { words } = this.#slots
    const index = this.#slots.take(key)
    const at = index * PACE_WORDS
    const interval = pace.note(words, at, time)
    if (interval < shortest || interval > longest) return pace.restart(words, at)
    const found = pace.jitter(words, at)
    if (pace.count(words, at) < least || found > jitter) return
    const figures = {
      interval: pace.mean(words, at),
      jitter: found,
      span: pace.mean(words, at) * pace.count(words, at),
    }
    this.#slots.drop(index)
    this.#pour(happening, time, figures)
  }

  advance(): void {}
}
