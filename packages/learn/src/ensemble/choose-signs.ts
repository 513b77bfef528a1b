import type { Matrix } from '../base/matrix.ts'
import { evenly, picked, rowsWhere } from '../base/rows.ts'
import { contrastScores, fitContrast } from './contrast.ts'
import type { MemberName, MemberOptions, Widened } from './fit-member.ts'
import { type Classed, fitTo } from './held-out.ts'
import { Neighbors } from './neighbors.ts'
import { fisher, oddsAgainst, SIGNS, type Sign, type Signed } from './signs.ts'
import { Tail } from './tail.ts'

/** What signs are chosen by. */
export interface Choosing extends Classed {
  /** Of each row the kind of attack; that of normal rows is not read. */
  readonly families: Int32Array
  readonly normal: number
  readonly members: readonly MemberName[]
  readonly options: MemberOptions
}

/** The first part of the normal rows is learned, and the others are judged beside the family that is left out. */
const LEARNED = 0.7
/** The share of normal rows that may be told. */
const FALSE_ALARMS = 0.01
/** So many rows of the normal ones and of each family are looked at, at most. */
const MOST = 6_000
/** All three unless something less finds more by so many standard errors: one more row of a family of a dozen is chance. */
const ERRORS = 2

/** All signs, and fewer. Distance is always among them: a family may come that is like no known one. */
const SETS: readonly (readonly Sign[])[] = [SIGNS, ['odds', 'distance'], ['distance', 'contrast'], ['distance']]

/**
 * Which signs are joined: those that find most of each known family of attack when that is left out of all learning, in the mean of the families; all three, unless others find more by two standard errors. Where there is only one, leaving it
 * out leaves nothing to learn, and all are taken.
 */
export async function chooseSigns({
  x,
  codes,
  classes,
  families,
  normal,
  members,
  options,
}: Choosing): Promise<readonly Sign[]> {
  const isAttack = (row: number): boolean => codes[row] !== normal
  const known = [...new Set(families.filter((_, row) => isAttack(row)))]
  if (known.length < 2) return SIGNS
  const normals = evenly(
    rowsWhere(codes, code => code === normal),
    MOST,
  )
  const cut = Math.floor(LEARNED * normals.length)
  const [learned, judged] = [normals.subarray(0, cut), normals.subarray(cut)]
  const ofFamily = known.map(family => evenly(rowsWhere(families, its => its === family).filter(isAttack), MOST))
  const neighbors = Neighbors.learn(picked(x, learned))
  const contrast = fitContrast(picked(x, learned), options.seed)
  const gains = SETS.map(() => new Gain())
  for (const left of known.keys()) {
    const others = ofFamily.filter((_, family) => family !== left).flatMap(rows => [...rows])
    const rows = Int32Array.from([...learned, ...others]).sort()
    const fitted: Widened[] = []
    for (const name of members) fitted.push(await fitTo(name, { x, codes, classes }, rows, options))
    const signed = (asked: Matrix): Signed => ({
      odds: oddsAgainst(
        fitted.map(member => member.probabilities(asked)),
        normal,
      ),
      distance: neighbors.scores(asked),
      contrast: contrastScores(contrast, asked),
    })
    const [quiet, loud] = [signed(picked(x, judged)), signed(picked(x, ofFamily[left]!))]
    const all = told(SIGNS, quiet, loud)
    for (const [i, set] of SETS.entries()) gains[i]!.add(all, told(set, quiet, loud))
  }
  const worth = SETS.filter((_, i) => gains[i]!.mean > ERRORS * gains[i]!.error)
  const gainOf = (set: readonly Sign[]): number => gains[SETS.indexOf(set)]!.mean
  return worth.reduce<readonly Sign[]>((best, set) => (gainOf(set) > gainOf(best) ? set : best), SIGNS)
}

/** How much more of the families is found, in their mean, and its standard error, by the rows of each. */
class Gain {
  #families = 0
  #sum = 0
  #variance = 0

  /** A family's rows: whether each is told without, and with. */
  add(before: readonly boolean[], after: readonly boolean[]): void {
    const differences = after.map((each, row) => Number(each) - Number(before[row]))
    const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length
    const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0)
    this.#families++
    this.#sum += mean
    this.#variance += squares / differences.length ** 2
  }

  get mean(): number {
    return this.#sum / this.#families
  }

  get error(): number {
    return Math.sqrt(this.#variance) / this.#families
  }
}

/** Which attacks are rarer than the share of normal rows that may be told. */
function told(set: readonly Sign[], quiet: Signed, loud: Signed): boolean[] {
  const tails = { odds: Tail.of(quiet.odds), distance: Tail.of(quiet.distance), contrast: Tail.of(quiet.contrast) }
  const joint = Tail.of(fisher(set, tails, quiet, true))
  return Array.from(fisher(set, tails, loud), score => joint.p(score) <= FALSE_ALARMS)
}
