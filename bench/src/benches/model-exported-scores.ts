import type { Random } from '../../../packages/learn/src/index.ts'
import type { Box } from './model-exported-box.ts'
import type { Exported } from './model-exported-session.ts'

/** Who is attacked, where, and by which draws. */
export interface Target {
  readonly session: Exported
  readonly box: Box
  readonly labels: readonly number[]
  readonly random: Random
}

/** The best rows so far, and how far each still is from being told wrongly. */
export class Best {
  readonly rows: Float32Array
  readonly leads: number[]
  readonly #target: Target

  private constructor(target: Target, rows: Float32Array, leads: number[]) {
    this.#target = target
    this.rows = rows
    this.leads = leads
  }

  static async of(target: Target, start: Float32Array): Promise<Best> {
    return new Best(target, start.slice(), await target.session.leads(start, target.labels))
  }

  /** Those that are told rightly still. */
  get standing(): number[] {
    return [...this.leads.keys()].filter(row => this.leads[row]! > 0)
  }

  /** Asks about candidates, one of each of `which`, and keeps those that are no worse; gives their leads. */
  async tried(candidates: Float32Array, which: readonly number[]): Promise<number[]> {
    const { session, labels } = this.#target
    const found = await session.leads(
      candidates,
      which.map(row => labels[row]!),
    )
    for (const [at, row] of which.entries()) {
      if (found[at]! > this.leads[row]!) continue
      this.leads[row] = found[at]!
      this.rows.set(candidates.subarray(at * session.columns, (at + 1) * session.columns), row * session.columns)
    }
    return found
  }
}

/** Shares of the free columns that a try changes, and until which part of the tries: as the squares of the paper shrink. */
const SHRINKING = [
  [0.05, 0.5],
  [0.2, 0.25],
  [0.5, 0.12],
  [0.8, 0.06],
  [1, 0.03],
] as const

/**
 * Square attack (Andriushchenko and others 2020) for tables: what is a square of pixels there is a set of columns here, put on an end of its reach, or, every other time (trees cut within it too),
 * anywhere in it or back on the row's own value. It knows the leads, and no slope.
 */
export async function square(target: Target, start: Float32Array, tries: number): Promise<Float32Array> {
  const { box, random } = target
  const { columns } = box.rows
  const best = await Best.of(target, start)
  for (let i = 0; i < tries; i++) {
    const which = best.standing
    const share = SHRINKING.find(([until]) => i < until * tries)![1]
    const count = Math.max(1, Math.round(share * box.free.length))
    const wanted = new Float32Array(which.length * columns)
    for (const [at, row] of which.entries()) {
      wanted.set(best.rows.subarray(row * columns, (row + 1) * columns), at * columns)
      for (let n = 0; n < count; n++) {
        const column = box.free[random.below(box.free.length)]!
        wanted[at * columns + column] = drawn(target, row, column)
      }
    }
    await best.tried(box.settled(wanted, which), which)
  }
  return best.rows
}

function drawn({ box, random }: Target, row: number, column: number): number {
  const [low, high] = box.ends(row, column)
  const draw = random.next()
  if (draw < 0.25) return low
  if (draw < 0.5) return high
  return draw < 0.6 ? box.from(row, column) : low + (high - low) * random.next()
}

const SPSA = { steps: 30, pairs: 12, radius: 0.5, first: 0.5, last: 0.05, memory: 0.7 }

/** PGD along a slope that is guessed by pairs of asked rows (SPSA: Spall 1992; Uesato and others 2018). Pairs lie wide apart, since trees have steps and no slope. */
export async function spsa(target: Target, start: Float32Array, epsilon: number): Promise<Float32Array> {
  const { box, random } = target
  const { columns } = box.rows
  const best = await Best.of(target, start)
  const at = Float64Array.from(start)
  const slope = new Float64Array(start.length)
  for (let step = 0; step < SPSA.steps; step++) {
    const which = best.standing
    for (const row of which) for (let c = 0; c < columns; c++) slope[row * columns + c]! *= SPSA.memory
    for (let pair = 0; pair < SPSA.pairs; pair++) {
      const sides = Float64Array.from({ length: which.length * columns }, () => (random.next() < 0.5 ? -1 : 1))
      const moved = (sign: number): Float32Array =>
        box.settled(
          sides.map(
            (side, i) =>
              at[which[Math.floor(i / columns)]! * columns + (i % columns)]! + sign * side * SPSA.radius * epsilon,
          ),
          which,
        )
      const above = await best.tried(moved(1), which)
      const below = await best.tried(moved(-1), which)
      for (const [i, row] of which.entries())
        for (let c = 0; c < columns; c++) slope[row * columns + c]! += (above[i]! - below[i]!) * sides[i * columns + c]!
    }
    const way = epsilon * (SPSA.first + ((SPSA.last - SPSA.first) * step) / (SPSA.steps - 1))
    for (const row of which) {
      for (const c of box.free) {
        const [low, high] = box.ends(row, c)
        const i = row * columns + c
        at[i] = Math.min(high, Math.max(low, at[i]! - way * Math.sign(slope[i]!)))
      }
    }
    await best.tried(
      box.settled(
        which.flatMap(row => [...at.subarray(row * columns, (row + 1) * columns)]),
        which,
      ),
      which,
    )
  }
  return best.rows
}
