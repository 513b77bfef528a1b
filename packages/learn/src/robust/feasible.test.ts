import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Feasible, type Reach } from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })

const number = fc.double({ min: -50, max: 50, noNaN: true }).map(Math.fround)
const rule = fc.record(
  {
    fixed: fc.boolean(),
    least: fc.double({ min: -40, max: -5, noNaN: true }),
    most: fc.double({ min: 5, max: 40, noNaN: true }),
    step: fc.constantFrom(0.5, 1, 3),
    only: fc.constantFrom('up' as const, 'down' as const),
  },
  { requiredKeys: [] },
)
const COLUMNS = 5
const many = <T>(each: fc.Arbitrary<T>) => fc.array(each, { minLength: COLUMNS, maxLength: COLUMNS })
const law = fc.record({
  weights: many(fc.constantFrom(-1, 0, 0, 1, 2)).filter(weights => weights.some(weight => weight !== 0)),
  most: fc.double({ min: -20, max: 80, noNaN: true }),
})

test('whatever is tried is brought back to what somebody could do, and what is allowed stays', () => {
  fc.assert(
    fc.property(
      many(rule),
      fc.array(law, { maxLength: 2 }),
      many(fc.oneof({ arbitrary: number, weight: 9 }, fc.constant(Number.NaN))),
      many(number),
      fc.constantFrom('linf' as const, 'l2' as const),
      fc.double({ min: 0, max: 8, noNaN: true }),
      (rules, laws, from, tried, norm, epsilon) => {
        const feasible = new Feasible({ columns: COLUMNS, rules, laws })
        const reach: Reach = { norm, epsilon, scale: [1, 2, 0.5, 1, 4] }
        const row = Float32Array.from(tried)
        feasible.project(row, Float32Array.from(from), reach)
        expect(feasible.allows(row, Float32Array.from(from), reach)).toBe(true)
        const again = row.slice()
        feasible.project(again, Float32Array.from(from), reach)
        expect(feasible.allows(again, Float32Array.from(from), reach)).toBe(true)
      },
    ),
    { numRuns: 500, seed: 5 },
  )
})

test('a count whose logarithm a model takes moves by whole numbers', () => {
  const own = { from: Math.expm1, to: Math.log1p }
  const feasible = new Feasible({ columns: 1, rules: [{ step: 1, own, least: 0 }] })
  const row = Float64Array.of(Math.log1p(6.8))
  feasible.project(row, [Math.log1p(3)], { norm: 'linf', epsilon: 2 })
  expect(Math.expm1(row[0])).toBeCloseTo(7)
  feasible.project(row, [Math.log1p(3)], { norm: 'linf', epsilon: Math.log(7.9 / 4) })
  expect(Math.expm1(row[0])).toBeCloseTo(6)
})

test('beside a value is the next one that can be reached, on the side that is asked for', () => {
  const own = { from: Math.expm1, to: Math.log1p }
  const rules = [{ step: 1, own, least: 0 }, {}, { fixed: true }, { step: 0.5, only: 'up' }] as const
  const feasible = new Feasible({ columns: 4, rules })
  const reach = { norm: 'linf', epsilon: 1 } as const
  const count = (value: number, side: 'above' | 'below'): number => {
    const found = feasible.beside(0, Math.log1p(5), Math.fround(Math.log1p(value)), side, reach)
    return found === null ? Number.NaN : Number(Math.expm1(found).toFixed(4))
  }
  expect([count(6.1, 'above'), count(6.1, 'below'), count(5.9, 'above'), count(5.9, 'below')]).toEqual([7, 6, 6, 5])
  // On a cut is right of it.
  expect([count(6, 'above'), count(6, 'below')]).toEqual([6, 5])
  expect([count(15.5, 'above'), count(1, 'below')]).toEqual([Number.NaN, Number.NaN])
  const cut = Math.fround(0.3)
  expect(feasible.beside(1, 0, cut, 'above', reach)).toBe(cut)
  const below = feasible.beside(1, 0, cut, 'below', reach)!
  expect(below).toBeLessThan(cut)
  expect(below).toBeCloseTo(cut, 6)
  expect(feasible.beside(1, 0, 1.5, 'above', reach)).toBeNull()
  expect([feasible.beside(2, 3, 2, 'above', reach), feasible.beside(2, 3, 2, 'below', reach)]).toEqual([3, null])
  expect([feasible.beside(3, 0, 0.6, 'above', reach), feasible.beside(3, 0, -0.6, 'below', reach)]).toEqual([1, null])
})

test('what is beside a value is left where it is when its row is brought to what somebody could do', () => {
  const own = {
    from: (value: number) => Math.expm1(1.7 * value + 2),
    to: (each: number) => (Math.log1p(each) - 2) / 1.7,
  }
  const feasible = new Feasible({ columns: 1, rules: [{ step: 1, own, least: own.to(0) }] })
  const reach = { norm: 'linf', epsilon: 0.8 } as const
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5_000 }),
      fc.double({ min: -0.9, max: 0.9, noNaN: true }),
      fc.constantFrom('above' as const, 'below' as const),
      (count, off, side) => {
        const from = Float32Array.of(own.to(count))
        const value = Math.fround(from[0] + off)
        const found = feasible.beside(0, from[0], value, side, reach)
        if (found === null) return
        expect(found >= value).toBe(side === 'above')
        const row = Float32Array.of(found)
        feasible.project(row, from, reach)
        expect(row[0]).toBe(found)
        expect(feasible.allows(row, from, reach)).toBe(true)
      },
    ),
    { numRuns: 500, seed: 6 },
  )
})

test('a step that is as far as the reach is taken in an L2 ball too, where it stays within', () => {
  const feasible = new Feasible({ columns: 2, rules: [{ step: 1 }, { step: 1 }] })
  const reach = { norm: 'l2', epsilon: 1.2 } as const
  const row = Float32Array.of(0.9, 0.1)
  feasible.project(row, Float32Array.of(0, 0), reach)
  expect(Array.from(row)).toEqual([1, 0])
  const both = Float32Array.of(0.8, 0.8)
  feasible.project(both, Float32Array.of(0, 0), reach)
  expect(Array.from(both)).toEqual([0, 0])
})

test('a row is brought to the nearest one of a box and of a ball', () => {
  const feasible = new Feasible({ columns: 3, rules: [{ fixed: true }, { most: 1 }, { step: 2 }] })
  const row = Float32Array.of(9, 9, 3.9)
  feasible.project(row, Float32Array.of(0, 0, 0), { norm: 'linf', epsilon: 5 })
  expect(Array.from(row)).toEqual([0, 1, 4])
  const free = new Feasible({ columns: 2 })
  const far = Float32Array.of(3, 4)
  free.project(far, Float32Array.of(0, 0), { norm: 'l2', epsilon: 1 })
  expect(far[0]).toBeCloseTo(0.6)
  expect(far[1]).toBeCloseTo(0.8)
})

test('a balance stays what it is: what is added to one sensor is taken from the others', () => {
  const feasible = new Feasible({ columns: 3, laws: [{ weights: [1, -1, 0] }] })
  const row = Float32Array.of(4, 2, 9)
  feasible.project(row, Float32Array.of(2, 2, 0), { norm: 'linf', epsilon: 10 })
  expect(row[0] - row[1]).toBeCloseTo(0, 3)
  expect(row[2]).toBe(9)
})

test('allows says no to what breaks a rule', () => {
  const feasible = new Feasible({
    columns: 2,
    rules: [{ step: 1 }, { only: 'up' }],
    laws: [{ weights: [1, 1], most: 3 }],
  })
  const [from, reach] = [[1, 1], { norm: 'linf', epsilon: 2 } as const]
  expect(feasible.allows([2, 1], from, reach)).toBe(true)
  for (const row of [
    [1.5, 1],
    [1, 0],
    [4, 1],
    [2, 2],
  ])
    expect(feasible.allows(row, from, reach)).toBe(false)
})

test('a missing cell stays missing, and neither voids laws that do not weigh it nor fills the ball', () => {
  const laws = [{ weights: [1, 0, 0], most: 2 }, { weights: [0, 1, 1] }]
  const feasible = new Feasible({ columns: 3, laws })
  const [from, linf] = [Float32Array.of(1, 1, Number.NaN), { norm: 'linf', epsilon: 3 } as const]
  const row = Float32Array.of(4, 4, 4)
  feasible.project(row, from, linf)
  expect([row[0].toFixed(3), row[1], row[2]]).toEqual(['2.000', 4, Number.NaN])
  expect(feasible.allows(row, from, linf)).toBe(true)
  expect(feasible.allows(Float32Array.of(1, 1, 1), from, linf)).toBe(false)
  const l2 = { norm: 'l2', epsilon: 5 } as const
  const far = Float32Array.of(1 + 30, 1 + 40, 7)
  new Feasible({ columns: 3 }).project(far, from, l2)
  expect([far[0], far[1], far[2]]).toEqual([4, 5, Number.NaN])
})

test.each([1e-9, 1e-6, 1, 1e6, 1e300])('a law binds as well in a unit of %s', unit => {
  for (const size of [1e-6, 1, 1e5]) {
    const scale = [size, size, size]
    const reach: Reach = { norm: 'linf', epsilon: 0.5, scale }
    const from = Float32Array.of(3 * size, 2 * size, 5 * size)
    for (const most of [undefined, 4.9 * size * unit]) {
      const laws = [{ weights: [unit, unit, 0], ...(most === undefined ? {} : { most }) }]
      const row = Float32Array.of(3.5 * size, 2.4 * size, 5.5 * size)
      new Feasible({ columns: 3, laws }).project(row, from, reach)
      const sum = (row[0] + row[1]) / size
      expect(sum).toBeCloseTo(5, 5)
      expect(row[2]).toBe(Math.fround(5.5 * size))
    }
  }
})

test('what moves by steps stays at one, and what does not makes up for a law', () => {
  const feasible = new Feasible({ columns: 2, rules: [{ step: 1 }, {}], laws: [{ weights: [1, -1] }] })
  const row = Float32Array.of(2.4, 0)
  feasible.project(row, Float32Array.of(0, 0), { norm: 'linf', epsilon: 3 })
  expect([row[0], row[1].toFixed(3)]).toEqual([1, '1.000'])
})

test('steps that are too small to be told leave values as they are', () => {
  const feasible = new Feasible({ columns: 1, rules: [{ step: 1e-310 }] })
  const [row, reach] = [Float32Array.of(2.5), { norm: 'linf', epsilon: 3 } as const]
  feasible.project(row, Float32Array.of(1), reach)
  expect(row[0]).toBe(2.5)
  expect(feasible.allows(row, [1], reach)).toBe(true)
  expect(feasible.beside(0, 1, 2.5, 'above', reach)).toBe(2.5)
})

test('what are no rules is refused', () => {
  const made = (options: object) => () => new Feasible({ columns: 2, ...options })
  expect(made({ columns: 0 })).toThrow(code('feasible_invalid'))
  expect(made({ rules: [{ least: 2, most: 1 }] })).toThrow(code('feasible_invalid'))
  expect(made({ rules: [{ step: 0 }] })).toThrow(code('feasible_invalid'))
  expect(made({ rules: [{}, {}, {}] })).toThrow(code('feasible_invalid'))
  expect(made({ laws: [{ weights: [1], most: 0 }] })).toThrow(code('feasible_invalid'))
  expect(made({ laws: [{ weights: [0, 0], most: 0 }] })).toThrow(code('feasible_invalid'))
  expect(made({ laws: [{ weights: [1, Infinity] }] })).toThrow(code('feasible_invalid'))
})
