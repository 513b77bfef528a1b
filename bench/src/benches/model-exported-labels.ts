import type { Matrix } from '../../../packages/learn/src/index.ts'
import type { Box } from './model-exported-box.ts'
import type { Target } from './model-exported-scores.ts'

const STARTS = 60
const HALVINGS = 10
const ROUNDS = 12
/** Rows asked about around the boundary, in the first round; they grow with the root of the round. */
const AROUND = 24
/** Of the distance: how far around. */
const RADIUS = 0.3
const SHRINKS = 5

/**
 * HopSkipJump, L-infinity (Chen, Jordan and Wainwright 2020), that sees the class that is told alone: from a row of another class, with what is fixed put back, to the boundary by halves; there a slope from the
 * votes of rows around; a step along its signs; and again. The nearest row that it comes to, brought into reach, is what it made.
 * @param wide what could be sent if there were no epsilon
 */
export async function hopSkipJump(
  target: Target,
  wide: Box,
  pool: { readonly rows: Matrix; readonly labels: readonly number[] },
): Promise<Float32Array> {
  const { session, box, labels, random } = target
  const { columns, data } = box.rows
  const own = (row: number): Float32Array => data.subarray(row * columns, (row + 1) * columns)
  const wrong = async (rows: Float32Array, which: readonly number[]): Promise<boolean[]> => {
    const told = await session.labels(rows)
    return which.map((row, at) => told[at] !== labels[row])
  }
  const made = data.slice()
  const there = new Map<number, Float32Array>()
  const put = (asked: Float32Array, at: number, row: number): void => {
    there.set(row, asked.slice(at * columns, (at + 1) * columns))
  }
  const all = [...labels.keys()]
  const lost = await wrong(made, all)
  const sought = all.filter(row => !lost[row])
  for (let i = 0; i < STARTS; i++) {
    const which = sought.filter(row => !there.has(row))
    const wanted = new Float32Array(which.length * columns)
    for (const [at, row] of which.entries()) {
      let drawn = random.below(pool.labels.length)
      while (pool.labels[drawn] === labels[row]) drawn = random.below(pool.labels.length)
      wanted.set(pool.rows.data.subarray(drawn * columns, (drawn + 1) * columns), at * columns)
    }
    const asked = wide.settled(wanted, which)
    for (const [at, isWrong] of (await wrong(asked, which)).entries()) if (isWrong) put(asked, at, which[at]!)
  }
  const distance = (row: number): number => {
    const from = own(row)
    return there.get(row)!.reduce((far, value, c) => Math.max(far, Math.abs(value - from[c]!)), 0)
  }
  const halve = async (which: readonly number[]): Promise<void> => {
    const reach = new Map(which.map(row => [row, [0, distance(row)]]))
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (row: number): number => (reach.get(row)![0]! + reach.get(row)![1]!) / 2
      const wanted = which.flatMap(row => {
        const from = own(row)
        return Array.from(there.get(row)!, (value, c) =>
          Math.min(from[c]! + middle(row), Math.max(from[c]! - middle(row), value)),
        )
      })
      const asked = wide.settled(wanted, which)
      for (const [at, isWrong] of (await wrong(asked, which)).entries()) {
        const row = which[at]!
        reach.get(row)![isWrong ? 1 : 0] = middle(row)
        if (isWrong) put(asked, at, row)
      }
    }
  }
  /** Rows whose nearest, brought into reach, is told wrongly are done. */
  const done = new Set<number>()
  const settle = async (which: readonly number[]): Promise<void> => {
    const asked = box.settled(
      which.flatMap(row => [...there.get(row)!]),
      which,
    )
    for (const [at, isWrong] of (await wrong(asked, which)).entries()) {
      if (!isWrong) continue
      made.set(asked.subarray(at * columns, (at + 1) * columns), which[at]! * columns)
      done.add(which[at]!)
    }
  }
  const left = (): number[] => sought.filter(row => there.has(row) && !done.has(row))
  await halve(left())
  await settle(left())
  for (let round = 1; round <= ROUNDS; round++) {
    const which = left()
    const slope = new Float64Array(which.length * columns)
    const far = which.map(distance)
    for (let n = 0; n < AROUND * Math.sqrt(round); n++) {
      const sides = Float64Array.from(slope, () => 2 * random.next() - 1)
      const wanted = sides.map((side, i) => {
        const at = Math.floor(i / columns)
        return there.get(which[at]!)![i % columns]! + side * RADIUS * far[at]!
      })
      for (const [at, isWrong] of (await wrong(wide.settled(wanted, which), which)).entries())
        for (let c = 0; c < columns; c++) slope[at * columns + c]! += sides[at * columns + c]! * (isWrong ? 1 : -1)
    }
    let moving = which
    for (let shrink = 0; shrink < SHRINKS; shrink++) {
      const wanted = moving.flatMap(row => {
        const at = which.indexOf(row)
        const way = far[at]! / Math.sqrt(round) / 2 ** shrink
        return Array.from(there.get(row)!, (value, c) => value + way * Math.sign(slope[at * columns + c]!))
      })
      const asked = wide.settled(wanted, moving)
      const isWrong = await wrong(asked, moving)
      for (const [at, each] of isWrong.entries()) if (each) put(asked, at, moving[at]!)
      moving = moving.filter((_, at) => !isWrong[at])
    }
    await halve(which)
    await settle(which)
  }
  return made
}
