import type { Neighbors, Sample } from '../../contract/index.ts'
import type { Scope, Variable } from '../cel/index.ts'
import type { Current, SeriesType } from '../types.ts'

/** What is derived of a variable; all but `age` look back to the law's last learned evaluation. */
export const DERIVATIONS = ['delta', 'integral', 'mean', 'prev', 'steady', 'age'] as const
type Derivation = (typeof DERIVATIONS)[number]

/** Words of the lane that a law has before those of its variables: its last learned evaluation, and when it was judged last. */
export const HEAD_WORDS = 2

/** Words of a variable: value and area at the last learned evaluation, and since when the value is the same. */
const VARIABLE_WORDS = 3

/** What `gather` reads of a variable, side by side for all of them: its series, then these. */
const SLOT = 1
const AGE = 2
const NEEDS_AREA = 3
const READ_WORDS = 4

interface Input {
  readonly type: SeriesType
  readonly slot: number
  /** Their slots, -1 where nothing asks for it. */
  readonly derived: Record<Derivation, number>
  /** First word behind `at`. */
  word: number
  /** Whether an integral or a mean is asked for. */
  needsArea: boolean
}

/** The values that a law's expressions read: the variables, then what is derived of them. Only what is named is worked out. */
export class Frame implements Scope {
  readonly derivations = DERIVATIONS
  /** Whether anything looks back, so that the first evaluation can only learn. */
  remembers = false
  /** Whether expressions that are compiled now may look back; `when` may not. */
  lookBack = true
  words = HEAD_WORDS
  values = new Float64Array(0)
  readonly #inputs: Input[] = []
  readonly #byName = new Map<string, Input>()
  readonly #sample: Sample = { value: 0, time: 0, integral: 0 }
  readonly #areas: Float64Array
  #reads = new Int32Array(0)
  #slots = 1

  constructor(types: ReadonlyMap<string, SeriesType>) {
    for (const [name, type] of types) {
      const input = {
        type,
        slot: this.#slots++,
        derived: { delta: -1, integral: -1, mean: -1, prev: -1, steady: -1, age: -1 },
        word: -1,
        needsArea: false,
      }
      this.#inputs.push(input)
      this.#byName.set(name, input)
    }
    this.#areas = new Float64Array(this.#inputs.length)
  }

  get names(): readonly string[] {
    return [...this.#byName.keys(), ...(this.lookBack ? ['dt'] : [])]
  }

  find(name: string): Variable | undefined {
    if (name === 'dt') {
      if (!this.lookBack) return undefined
      this.remembers = true
      return { slot: 0, states: [] }
    }
    const input = this.#byName.get(name)
    return input === undefined ? undefined : { slot: input.slot, states: input.type.states }
  }

  derive(name: string, variable: string): number | string {
    const input = this.#byName.get(variable)
    const derivation = DERIVATIONS.find(each => each === name)
    if (input === undefined || derivation === undefined) return `${name} takes one of the values`
    const back = derivation !== 'age'
    if (back && !this.lookBack) return `${name} looks back, which "when" cannot`
    if (input.type.states.length > 0 && back && derivation !== 'steady') return `${name} takes a number, not a state`
    if (back) {
      this.remembers = true
      if (input.word === -1) {
        input.word = this.words
        this.words += VARIABLE_WORDS
      }
    }
    if (derivation === 'integral' || derivation === 'mean') input.needsArea = true
    if (input.derived[derivation] === -1) input.derived[derivation] = this.#slots++
    return input.derived[derivation]
  }

  /** The series of which an integral or a mean is asked for. */
  get areas(): readonly number[] {
    return this.#inputs.filter(({ needsArea }) => needsArea).map(({ type }) => type.series)
  }

  /** Once all is compiled: makes room for the values. */
  seal(): void {
    this.values = new Float64Array(this.#slots)
    this.#reads = Int32Array.from(
      this.#inputs.flatMap(({ type, slot, derived, needsArea }) => [type.series, slot, derived.age, needsArea ? 1 : 0]),
    )
  }

  /** Takes all variables at the message's time. False where one is missing or older than `stale` milliseconds. */
  gather(current: Current, neighbors: Neighbors, stale: number): boolean {
    const { time } = current
    const { values } = this
    const reads = this.#reads
    for (let at = 0; at < reads.length; at += READ_WORDS) {
      const brought = current.value(reads[at])
      const isBrought = !Number.isNaN(brought)
      if (isBrought && reads[at + NEEDS_AREA] === 0) {
        values[reads[at + SLOT]] = brought
        if (reads[at + AGE] !== -1) values[reads[at + AGE]] = 0
      } else if (!this.#ask(at, brought, time, neighbors, stale)) return false
    }
    return true
  }

  /** Takes a variable of whose series more must be known than the message brings. False where it is missing or stale. */
  #ask(at: number, brought: number, time: number, neighbors: Neighbors, stale: number): boolean {
    const reads = this.#reads
    const sample = this.#sample
    const isBrought = !Number.isNaN(brought)
    neighbors.read(reads[at], sample)
    if (!isBrought && (sample.time === 0 || time - sample.time > stale)) return false
    const value = isBrought ? brought : sample.value
    this.values[reads[at + SLOT]] = value
    const since = sample.time
    // With what the message brings the area grows as `Neighbors.write` will let it, otherwise by the last value held.
    const seconds = since === 0 || time <= since ? 0 : (time - since) / 1000
    if (reads[at + NEEDS_AREA] !== 0) {
      this.#areas[at / READ_WORDS] = sample.integral + (isBrought ? (sample.value + brought) / 2 : value) * seconds
    }
    if (reads[at + AGE] !== -1) this.values[reads[at + AGE]] = isBrought ? 0 : seconds
    return true
  }

  /** Works out what looks back, from the words of the last learned evaluation. */
  lookBackFrom(time: number, words: Float64Array, at: number): void {
    const { values } = this
    const seconds = (time - words[at]) / 1000
    values[0] = seconds
    for (let i = 0; i < this.#inputs.length; i++) {
      const { word, slot, derived } = this.#inputs[i]
      if (word === -1) continue
      const last = words[at + word]
      const value = values[slot]
      const area = this.#areas[i] - words[at + word + 1]
      if (derived.delta !== -1) values[derived.delta] = value - last
      if (derived.prev !== -1) values[derived.prev] = last
      if (derived.integral !== -1) values[derived.integral] = area
      if (derived.mean !== -1) values[derived.mean] = seconds > 0 ? area / seconds : value
      if (derived.steady !== -1) values[derived.steady] = value === last ? (time - words[at + word + 2]) / 1000 : 0
    }
  }

  /** Keeps the values as those of the last learned evaluation. @param anew whether nothing was known before */
  keep(time: number, words: Float64Array, at: number, anew: boolean): void {
    words[at] = time
    for (let i = 0; i < this.#inputs.length; i++) {
      const { word, slot } = this.#inputs[i]
      if (word === -1) continue
      const first = at + word
      const value = this.values[slot]
      if (anew || value !== words[first]) words[first + 2] = time
      words[first] = value
      words[first + 1] = this.#areas[i]
    }
  }
}
