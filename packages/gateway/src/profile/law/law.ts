import type { Neighbors } from '../../contract/index.ts'
import type { Run } from '../cel/index.ts'
import type { Breach, Current, Law } from '../types.ts'
import { figure, figureBeyond, withUnit } from './figure.ts'
import type { Frame } from './frame.ts'
import type { Say } from './say.ts'
import { type DriftWindow, WINDOW_WORDS } from './window.ts'

/** What one law is made of. */
export interface LawParts {
  readonly name: string
  readonly frame: Frame
  readonly when: Run | null
  /** A residual where there is a tolerance, otherwise a condition. */
  readonly run: Run
  readonly tolerance: number | null
  readonly unit: string
  /** Milliseconds. */
  readonly stale: number
  readonly window: DriftWindow | null
  readonly say: Say | null
  /** The condition as it is written, for a law that says nothing else. */
  readonly source: string
}

/** What could be made of a message. */
const Standing = {
  /** A value is missing or stale. */
  gap: 0,
  /** `when` does not hold, or cannot be told. */
  off: 1,
  /** Nothing to look back to yet. */
  first: 2,
  judged: 3,
} as const
type Standing = (typeof Standing)[keyof typeof Standing]

/** A law whose state lies in words of the lane: last learned evaluation, last judged one, what its variables were, the window. */
export class CompiledLaw implements Law {
  readonly words: number
  /** For what is said of a breach. What every message needs stands beside it. */
  readonly #parts: LawParts
  readonly #frame: Frame
  readonly #when: Run | null
  readonly #run: Run
  readonly #tolerance: number | null
  readonly #stale: number
  readonly #window: DriftWindow | null
  readonly #windowAt: number
  /** What was judged last, for `learn` right behind it. */
  #standing: Standing = Standing.gap
  #result = Number.NaN
  #judgedWords: Float64Array | null = null
  #judgedAt = -1
  #judgedTime = -1

  constructor(parts: LawParts) {
    this.#parts = parts
    this.#frame = parts.frame
    this.#when = parts.when
    this.#run = parts.run
    this.#tolerance = parts.tolerance
    this.#stale = parts.stale
    this.#window = parts.window
    this.#windowAt = parts.frame.words
    this.words = parts.frame.words + (parts.window === null ? 0 : WINDOW_WORDS)
  }

  judge(current: Current, neighbors: Neighbors, words: Float64Array, at: number): Breach | null {
    this.#evaluate(current, neighbors, words, at)
    if (this.#standing !== Standing.judged) return null
    const tolerance = this.#tolerance
    const window = this.#window
    const result = this.#result
    if (tolerance === null) return result === 0 ? this.#broken() : null
    if (Math.abs(result) > tolerance) return this.#beyond(result, tolerance)
    if (window === null || Number.isNaN(result)) return null
    const drift = window.with(result, current.time, words, at + this.#windowAt)
    return Math.abs(drift) > window.limit ? this.#drifted(result, drift, tolerance, window) : null
  }

  learn(current: Current, neighbors: Neighbors, words: Float64Array, at: number): void {
    const { time } = current
    const isJudged = this.#judgedWords === words && this.#judgedAt === at && this.#judgedTime === time
    if (!isJudged) this.#evaluate(current, neighbors, words, at)
    if (this.#standing <= Standing.off) {
      words[at] = 0
      return
    }
    const frame = this.#frame
    const window = this.#window
    if (frame.remembers) frame.keep(time, words, at, this.#standing === Standing.first)
    const result = this.#result
    if (this.#standing === Standing.judged && window !== null && !Number.isNaN(result)) {
      window.add(result, time, words, at + this.#windowAt)
    }
  }

  #evaluate(current: Current, neighbors: Neighbors, words: Float64Array, at: number): void {
    // Most laws are of one lane: what does not change need not be told to the garbage collector again.
    if (this.#judgedWords !== words) this.#judgedWords = words
    this.#judgedAt = at
    this.#judgedTime = current.time
    this.#standing = this.#stand(current, neighbors, words, at)
    this.#result = this.#standing === Standing.judged ? this.#run(this.#frame.values) : Number.NaN
  }

  /**
   * A law looks back over time in which it was judged again and again, whether or not the messages went through: who goes on
   * sending what is refused gets no fresh start. Only silence, or a value that was missing, is a gap.
   */
  #stand(current: Current, neighbors: Neighbors, words: Float64Array, at: number): Standing {
    const frame = this.#frame
    const when = this.#when
    const stale = this.#stale
    const { time } = current
    if (!frame.gather(current, neighbors, stale)) {
      words[at] = 0
      return Standing.gap
    }
    const judgedLast = words[at + 1]
    words[at + 1] = time
    if (time < words[at] || time - judgedLast > stale) words[at] = 0
    if (when !== null && when(frame.values) !== 1) return Standing.off
    if (!frame.remembers) return Standing.judged
    if (words[at] === 0) return Standing.first
    frame.lookBackFrom(time, words, at)
    return Standing.judged
  }

  #broken(): Breach {
    const { source } = this.#parts
    return { code: 'invariant', why: this.#told() ?? `${this.#parts.name}: ${source} does not hold` }
  }

  #beyond(residual: number, tolerance: number): Breach {
    const { unit } = this.#parts
    const off = withUnit(figureBeyond(residual, tolerance * Math.sign(residual)), unit)
    const why = `off by ${off}, where ${withUnit(figure(tolerance), unit)} is allowed`
    const told = this.#told()
    return { code: 'invariant', why: told === null ? `${this.#parts.name}: ${why}` : `${told}; ${why}` }
  }

  #drifted(residual: number, drift: number, tolerance: number, window: DriftWindow): Breach {
    const { name, unit } = this.#parts
    const off = withUnit(figureBeyond(drift, window.limit * Math.sign(drift)), unit)
    const allowed = withUnit(figure(window.limit), unit)
    const how = window.kind === 'sum' ? 'in sum' : 'on average'
    const last = `the last message by ${figure(residual)} of ${withUnit(figure(tolerance), unit)}`
    const why = `${name}: off by ${off} ${how} over ${figure(window.length / 1000)} s, where ${allowed} is allowed; ${last}`
    return { code: 'invariant_drift', why }
  }

  #told(): string | null {
    const { name, say, frame } = this.#parts
    return say === null ? null : `${name}: ${say(frame.values)}`
  }
}
