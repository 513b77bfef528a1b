import type { Happening } from '../../evidence/happening.ts'
import { keyOf } from './fields.ts'
import type { Form } from './scenario.ts'
import { Slots } from './slots.ts'
import type { Pour, Source } from './source.ts'

/**
 * Steps within a time, in their order or in any. In order each step remembers when the latest chain began that has come so
 * far: the latest beginning is the one that can still be in time, so one word a step decides exactly. The step behind the
 * last is what may not come between: all begins anew.
 */
export class Sequence implements Source {
  readonly most: number
  readonly bytes: number
  readonly #form: Form & { kind: 'sequence' }
  readonly #pour: Pour
  readonly #slots: Slots
  #now = 0

  constructor(form: Form & { kind: 'sequence' }, most: number, pour: Pour) {
    this.#form = form
    this.most = most
    this.#pour = pour
    this.#slots = new Slots(most, form.next.length + 1, index => this.#stepsOf(index))
    this.bytes = this.#slots.bytes
  }

  get evicted(): number {
    return this.#slots.evicted
  }

  feed(happening: Happening, step: number, time: number): void {
    this.#now = time
    const key = keyOf(this.#form.key, happening)
    if (key === null) return
    const { words, width } = this.#slots
    const { ordered, within } = this.#form
    const known = this.#slots.find(key)
    if (known < 0 && step > (ordered ? 0 : width - 1)) return
    if (step === width) {
      if (known >= 0) this.#slots.drop(known)
      return
    }
    const index = known < 0 ? this.#slots.take(key) : known
    const at = index * width
    if (!ordered || step === 0) words[at + step] = time
    else if (!this.#isInTime(words[at + step - 1])) return
    else words[at + step] = words[at + step - 1]
    const complete = ordered ? step === width - 1 : this.#stepsOf(index) === width
    if (!complete) return
    const began = ordered ? words[at + step] : Math.min(...words.subarray(at, at + width))
    this.#slots.drop(index)
    this.#pour(happening, time, { span: Math.min(time - began, within) })
  }

  advance(): void {}

  #isInTime(began: number): boolean {
    return began !== 0 && this.#now - began <= this.#form.within
  }

  #stepsOf(index: number): number {
    const { words, width } = this.#slots
    let steps = 0
    for (let i = 0; i < width; i++) if (this.#isInTime(words[index * width + i])) steps++
    return steps
  }
}
