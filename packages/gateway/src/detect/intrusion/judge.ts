import { FALSE_DOUBTS, type LoadedModel, readModel } from '@ringwall/learn/io'
import type { Alarm, Detection } from '../../evidence/alarm.ts'
import type { Happening } from '../../evidence/happening.ts'
import { type SessionRow, SessionWindows } from '../../evidence/sessions/index.ts'
import { Inputs } from './input.ts'
import { type Opinion, opinionOf } from './opinion.ts'
import { type IntrusionSource, UNKNOWN } from './source.ts'

/** Features that an alarm names as its reason. */
const NAMED = 3
/** Alarms that are remembered so that they are not told again. */
const MOST_QUIET = 16_384

/**
 * Scores what sessions do, window by window, with a model of classes, and raises an alarm where it is likely enough that one is none of the normal
 * ones, decided or not: an attack that was never learned is a little of several. It is told as the likeliest of them. Where an ensemble does not decide because nothing that was learned is like the window, that may be an alarm of its own.
 * It refuses nothing: what follows from an alarm is for others to decide. The reason are the three features that speak most for it in that row.
 */
export class IntrusionJudge {
  readonly #opinion: Opinion
  readonly #inputs: Inputs
  readonly #classes: readonly string[]
  /** Classes that are no attack, by number. */
  readonly #normal: ReadonlySet<number>
  readonly #source: IntrusionSource
  readonly #alarm: (alarm: Alarm) => void
  readonly #windows: SessionWindows
  /** When what was told may be told again, by subject and class. */
  readonly #quiet = new Map<string, number>()

  private constructor(loaded: LoadedModel, source: IntrusionSource, alarm: (alarm: Alarm) => void) {
    this.#opinion = opinionOf(loaded)
    this.#inputs = new Inputs(loaded, source.size)
    this.#classes = loaded.classes
    this.#normal = new Set(source.normal.map(name => loaded.classes.indexOf(name)))
    this.#source = source
    this.#alarm = alarm
    this.#windows = new SessionWindows(source.size, row => this.#judge(row))
  }

  /** Reads the model of a source that was proven. Errors: those of `readModel`. */
  static async load(source: IntrusionSource, alarm: (alarm: Alarm) => void): Promise<IntrusionJudge> {
    return new IntrusionJudge(await readModel(source.text), source, alarm)
  }

  /** Sessions and addresses that were forgotten because there was no room. */
  get evicted(): number {
    return this.#windows.evicted
  }

  take(happening: Happening): void {
    this.#windows.take(happening)
  }

  /** @param time wall milliseconds up to which all that happened has come */
  advance(time: number): void {
    this.#windows.advance(time)
  }

  #judge(row: SessionRow): void {
    const { threshold, doubt } = this.#source
    const input = this.#inputs.of(row.values)
    const { score, told } = this.#attackIn(this.#opinion.shares(input))
    const name = this.#classes[told]
    if (score >= threshold) {
      if (this.#isQuiet(row, name)) return
      const parts = this.#opinion.contributions(input, told)
      return this.#tell(row, `does what ${name} does`, { class: name, score, threshold }, parts)
    }
    // Doubt takes longer than the score, and is asked for only where something follows from it.
    if (doubt === 'off' || this.#isQuiet(row, UNKNOWN)) return
    const undecided = this.#opinion.undecided(input)
    if (undecided?.reason !== 'novel') return
    const of = { class: UNKNOWN, score: undecided.doubt, threshold: 1 - FALSE_DOUBTS }
    this.#tell(row, 'does what nothing that was learned does', of, this.#opinion.oddities(input))
  }

  /** The probability of all attacks together, and the likeliest of them. */
  #attackIn(shares: ArrayLike<number>): { score: number; told: number } {
    let [score, told] = [0, -1]
    for (let k = 0; k < shares.length; k++) {
      if (this.#normal.has(k)) continue
      score += shares[k]
      if (told < 0 || shares[k] > shares[told]) told = k
    }
    return { score, told }
  }

  #isQuiet(row: SessionRow, name: string): boolean {
    return row.ended < (this.#quiet.get(keyOf(row, name)) ?? 0)
  }

  /** @param parts by how much each input speaks for what is told */
  #tell(row: SessionRow, does: string, told: Omit<Detection, 'model' | 'features'>, parts: Float64Array): void {
    const { device, address, began, ended } = row
    const { class: name, score, threshold } = told
    const features = this.#inputs.features(parts, row.values, NAMED)
    const key = keyOf(row, name)
    // Whoever was told first is forgotten first: one that has many names is not told again for it, nor are all others.
    this.#quiet.delete(key)
    const [first] = this.#quiet.keys()
    if (this.#quiet.size >= MOST_QUIET && first !== undefined) this.#quiet.delete(first)
    this.#quiet.set(key, ended + this.#source.quiet)
    const subject = subjectOf(row)
    const said = features.map(({ name: feature, value }) => `${feature} ${short(value)}`).join(', ')
    const most = said === '' ? '' : `, most by ${said}`
    this.#alarm({
      scenario: `intrusion-${name}`,
      technique: '',
      severity: this.#source.severity,
      subject,
      device,
      address,
      topic: '',
      time: ended,
      began,
      why: `${subject} ${does} (score ${short(score)}, threshold ${short(threshold)})${most}`,
      figures: { score, threshold },
      labels: ['model'],
      happenings: [],
      detection: { model: this.#source.digest, ...told, features },
    })
  }
}

const subjectOf = ({ device, address }: SessionRow): string => (device === '' ? address : device)
const keyOf = (row: SessionRow, name: string): string => `${name} ${subjectOf(row)}`
const short = (value: number | null): string => (value === null ? 'unknown' : String(Number(value.toPrecision(3))))
