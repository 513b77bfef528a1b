import { expect, test } from 'vitest'
import { fitEnsemble } from '../ensemble/index.ts'
import { type Matrix, matrixOf, randomOf } from '../index.ts'
import { liftOf, repeatedRows } from './classes.ts'
import { balancedOf, Feasible, harden, marginsOf, recallsOf, spreadRows, strongest, wholeOfEnsemble } from './index.ts'

test('the balanced accuracy is the mean over classes that have rows', () => {
  const recalls = recallsOf([true, false, true, true], [0, 0, 2, 2], 3)
  expect(Array.from(recalls)).toEqual([0.5, Number.NaN, 1])
  expect(balancedOf(recalls)).toBe(0.75)
})

test('rows are spread over the table and its classes', () => {
  const sorted = Int32Array.from({ length: 100 }, (_, row) => Number(row >= 60) + Number(row >= 98))
  const places = spreadRows(sorted, 3, 20)
  expect(places).toHaveLength(21)
  expect(Math.max(...places.slice(1).map((row, i) => row - places[i]))).toBeLessThanOrEqual(6)
  expect(Array.from(places, row => sorted[row]).filter(code => code === 2)).toHaveLength(1)
  expect(places.toSorted()).toEqual(places)
  const cycling = Int32Array.from({ length: 60 }, (_, row) => row % 3)
  expect(new Set(Array.from(spreadRows(cycling, 3, 20), row => cycling[row])).size).toBe(3)
  expect(spreadRows(cycling, 3, 60)).toEqual(Int32Array.from(cycling.keys()))
})

test('rare classes are repeated, those that are not are left as they are, and the table is at most twice as long', () => {
  const even = Int32Array.of(0, 1, 0, 1, 1)
  expect(repeatedRows(even, 2)).toEqual(Int32Array.from(even.keys()))
  const rare = Int32Array.from({ length: 100 }, (_, row) => Number(row % 20 === 0) + Number(row === 50))
  const codes = Array.from(repeatedRows(rare, 3), row => rare[row])
  expect([0, 1].map(k => codes.filter(code => code === k).length)).toEqual([94, 40 + 8])
  const many = Int32Array.from({ length: 130 }, (_, row) => Math.max(0, row - 99))
  expect(repeatedRows(many, 31).length).toBeLessThanOrEqual(260)
})

test('a rare class is lifted where that finds more of it, and no farther', () => {
  const told = (...shares: number[]): Matrix => matrixOf(shares.map(share => [1 - share, share]))
  const shares = Float64Array.of(0.9, 0.1)
  expect(Array.from(liftOf(told(0.1, 0.1, 0.9), Int32Array.of(0, 0, 1), shares))).toEqual([1, 1])
  expect(liftOf(told(0.01, 0.02, 0.4), Int32Array.of(0, 0, 1), shares)[1]).toBeCloseTo(0.1 ** -0.25)
})

/** A plant that is attacked seldom: 'normal', 'leak' and 'spoof'. */
function plant(rows: number, seed: number): { x: Matrix; labels: Int32Array } {
  const random = randomOf(seed)
  const labels = Int32Array.from({ length: rows }, () => {
    const drawn = random.next()
    return Number(drawn >= 0.93) + Number(drawn >= 0.98)
  })
  const x = matrixOf(
    Array.from(labels, label => {
      const flow = 30 + 2 * random.normal() - (label === 1 ? 6 : 0)
      const pressure = 4 + 0.3 * random.normal() + [0, -0.4, 1.2][label]
      return [flow / 2, pressure / 0.3, random.normal(), random.normal()]
    }),
  )
  return { x, labels }
}

test('of rare classes a hardened ensemble finds more under attack, and no fewer in rows as they are', async () => {
  const [train, judged] = [plant(1_200, 1), plant(4_000, 2)]
  const which = [0, 1, 2].flatMap(k =>
    Array.from(judged.labels.keys())
      .filter(row => judged.labels[row] === k)
      .slice(0, 50),
  )
  const rows = matrixOf(which.map(row => Array.from(judged.x.data.subarray(4 * row, 4 * row + 4))))
  const labels = Int32Array.from(which, row => judged.labels[row])
  const feasible = new Feasible({ columns: 4 })
  const sizes = { trees: 40, hidden: [16] }
  const { ensemble } = await fitEnsemble(train.x, train.labels, 3, { ...sizes, rounds: 40, epochs: 15 })
  const hardening = { ...sizes, boostingRounds: 40, epochs: 15, epsilon: 0.3, feasible }
  const hardened = await harden(ensemble, train.x, train.labels, hardening)
  const [before, after] = [ensemble, hardened].map(each => {
    const whole = wholeOfEnsemble(each, 4)
    const reach = {
      norm: 'linf',
      epsilon: 0.3,
      feasible,
      steps: 10,
      restarts: 1,
      rounds: 8,
      tries: 6,
      iterations: 0,
    } as const
    const found = strongest(whole, rows, labels, reach)
    const [clean, worst] = [rows, found.rows].map(made =>
      balancedOf(
        recallsOf(
          Array.from(marginsOf(whole.decider, made, labels), margin => margin < 0),
          labels,
          3,
        ),
      ),
    )
    return { clean, worst }
  })
  expect(after.worst).toBeGreaterThan(before.worst + 0.02)
  expect(after.clean).toBeGreaterThan(before.clean - 0.02)
}, 60_000)
