import { beside, type Line, type Subject } from '../base/report.ts'

/** What a model told of each row that judges: the likeliest class, and the probability of any attack. */
export interface Told {
  readonly told: ArrayLike<number>
  readonly attack: ArrayLike<number>
}

/** The class that is no attack is the first one. */
const BENIGN = 0
/** The gateway's own `intrusion.threshold` unless it is configured. */
const THRESHOLD = 0.9

/** Of rows of classes side by side. */
export function toldOf(probabilities: ArrayLike<number>, classes: number): Told {
  const rows = probabilities.length / classes
  const told = new Float32Array(rows)
  const attack = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const of = (k: number): number => probabilities[row * classes + k]!
    for (let k = 0; k < classes; k++) {
      if (of(k) > of(told[row]!)) told[row] = k
      if (k !== BENIGN) attack[row]! += of(k)
    }
  }
  return { told, attack }
}

/** Shares of rows that a model takes for any attack: by the likeliest class, and as the gateway alarms. */
export interface Shares {
  readonly likeliest: number
  readonly alarmed: number
}

/** Of the rows of which `counts` says yes. */
export function sharesOf({ told, attack }: Told, counts: (row: number) => boolean): Shares {
  let [rows, likeliest, alarmed] = [0, 0, 0]
  for (let row = 0; row < told.length; row++) {
    if (!counts(row)) continue
    rows++
    if (told[row] !== BENIGN) likeliest++
    if (attack[row]! >= THRESHOLD) alarmed++
  }
  return { likeliest: (100 * likeliest) / rows, alarmed: (100 * alarmed) / rows }
}

/** What one model made of attacks and of what is benign. */
export interface Detection {
  readonly attacks: Shares
  readonly benign: Shares
}

/** Detected share and false alarms, which say nothing without each other: both ways, beside a peer; a value a seed. */
export function* detectionLines(
  subject: Omit<Subject, 'metric' | 'unit'>,
  own: readonly Detection[],
  peer: string,
  peers: readonly Detection[],
): Generator<Line> {
  for (const [how, at] of [
    ['likeliest class', 'likeliest'],
    ['alarm at 90 %', 'alarmed'],
  ] as const) {
    for (const [what, of] of [
      ['attack windows told as an attack', 'attacks'],
      ['false alarms of benign windows', 'benign'],
    ] as const) {
      const values = (from: readonly Detection[]): number[] => from.map(each => each[of][at])
      yield comparable(beside({ ...subject, metric: `${what}, ${how}`, unit: '%' }, values(own), peer, values(peers)))
    }
  }
}

/** Nothing is a multiple of a peer's zero. */
function comparable(line: Line): Line {
  const isRatio = Number.isFinite(line.ratioMin) && Number.isFinite(line.ratioMax) && Number.isFinite(line.ratio)
  return isRatio ? line : { ...line, ratio: null, ratioMin: null, ratioMax: null }
}
