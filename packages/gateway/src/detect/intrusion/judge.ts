import { type LoadedModel, readModel } from '@ringwall/learn/io'
import type { Alarm, Detection, Feature } from '../../evidence/alarm.ts'
import type { Happening } from '../../evidence/happening.ts'
import { COLUMN_NAMES, type SessionRow, SessionWindows, SIZE_COLUMNS } from '../../evidence/sessions/index.ts'
import type { IntrusionSource } from './source.ts'

/** Features that an alarm names as its reason. */
const NAMED = 3
/** Alarms that are remembered so that they are not told again. */
const MOST_QUIET = 16_384

type Trees = Extract<LoadedModel['model'], { kind: 'boosted-trees' | 'random-forest' }>

/**
 * Scores what sessions do, window by window, with a model of classes, and raises an alarm where it is likely enough that one is none of the normal
 * ones: an attack that was never learned is a little of several. It is told as the likeliest of them. It refuses nothing: what follows from an alarm is for others to decide. The reason are the three features that speak most for the
 * class in that row (Saabas's contributions).
 */
export class IntrusionJudge {
  readonly #model: Trees
  readonly #classes: readonly string[]
  readonly #steps: readonly Input[]
  /** Classes that are no attack, by number. */
  readonly #normal: ReadonlySet<number>
  readonly #source: IntrusionSource
  readonly #alarm: (alarm: Alarm) => void
  readonly #windows: SessionWindows
  readonly #row: Float32Array
  /** When what was told may be told again, by subject and class. */
  readonly #quiet = new Map<string, number>()

  private constructor(loaded: LoadedModel, source: IntrusionSource, alarm: (alarm: Alarm) => void) {
    this.#model = loaded.model as Trees
    this.#classes = loaded.classes
    this.#steps = loaded.preprocessing.steps.map(step => inputOf(step.from, step as Scale))
    this.#normal = new Set(source.normal.map(name => loaded.classes.indexOf(name)))
    this.#source = source
    this.#alarm = alarm
    this.#windows = new SessionWindows(source.size, row => this.#judge(row))
    this.#row = new Float32Array(this.#steps.length)
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
    for (const [at, { column, mean, scale, missing }] of this.#steps.entries()) {
      const value = column < 0 ? mean : row.values[column]
      this.#row[at] = Number.isNaN(value) ? (missing ?? Number.NaN) : (value - mean) / scale
    }
    const table = { rows: 1, columns: this.#row.length, data: this.#row }
    const shares = this.#model.model.predictProbabilities(table)
    let [score, told] = [0, -1]
    for (const [k, share] of shares.entries()) {
      if (this.#normal.has(k)) continue
      score += share
      if (told < 0 || share > shares[told]) told = k
    }
    const name = this.#classes[told]
    if (score < this.#source.threshold || this.#isQuiet(row, name)) return
    this.#alarm(this.#alarmOf(row, name, told, score))
  }

  #isQuiet({ device, address, ended }: SessionRow, name: string): boolean {
    const key = `${name} ${device === '' ? address : device}`
    if (ended < (this.#quiet.get(key) ?? 0)) return true
    // Whoever was told first is forgotten first: one that has many names is not told again for it, nor are all others.
    this.#quiet.delete(key)
    const [first] = this.#quiet.keys()
    if (this.#quiet.size >= MOST_QUIET && first !== undefined) this.#quiet.delete(first)
    this.#quiet.set(key, ended + this.#source.quiet)
    return false
  }

  #alarmOf({ device, address, began, ended, values }: SessionRow, name: string, told: number, score: number): Alarm {
    const subject = device === '' ? address : device
    const { digest, severity, threshold } = this.#source
    const features = this.#features(told, values)
    const detection: Detection = { model: digest, class: name, score, threshold, features }
    const said = features.map(({ name: feature, value }) => `${feature} ${short(value)}`).join(', ')
    return {
      scenario: `intrusion-${name}`,
      technique: '',
      severity,
      subject,
      device,
      address,
      topic: '',
      time: ended,
      began,
      why: `${subject} does what ${name} does (score ${short(score)}, threshold ${short(threshold)}), most by ${said}`,
      figures: { score, threshold },
      labels: ['model'],
      happenings: [],
      detection,
    }
  }

  /** What speaks most for a class in the row that was judged last. */
  #features(told: number, values: Float64Array): Feature[] {
    // Of two classes the trees know the second one only.
    const isFirstOfTwo = this.#classes.length === 2 && told === 0
    const parts = this.#model.model.contributions(this.#row, this.#classes.length === 2 ? 0 : told)
    const speaks = (at: number): number => (isFirstOfTwo ? -parts[at] : parts[at])
    return Array.from(this.#steps.keys())
      .filter(at => this.#steps[at].column >= 0 && speaks(at) > 0)
      .sort((a, b) => speaks(b) - speaks(a))
      .slice(0, NAMED)
      .map(at => {
        const { name, column } = this.#steps[at]
        const value = values[column]
        return { name, value: Number.isNaN(value) ? null : value, contribution: speaks(at) }
      })
  }
}

/** How a column becomes an input. */
interface Input extends Scale {
  readonly name: string
  /** Its place in a row; -1 of the size of the windows, which is the same in all. */
  readonly column: number
}

interface Scale {
  readonly mean: number
  readonly scale: number
  readonly missing: number | null
}

function inputOf(name: string, { mean, scale, missing }: Scale): Input {
  return {
    name,
    column: (SIZE_COLUMNS as readonly string[]).includes(name) ? -1 : COLUMN_NAMES.indexOf(name),
    mean,
    scale,
    missing,
  }
}

const short = (value: number | null): string => (value === null ? 'unknown' : String(Number(value.toPrecision(3))))
