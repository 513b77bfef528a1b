import { expect, test } from 'vitest'
import { type Matrix, matrixOf, rowOf, rowsOf } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { ChangeDetector, changesOf } from './detector.ts'
import { fitChange } from './model.ts'

/** Three sensors: independent noise, noise of correlation .95, and a drift; at row 700 sensor `which` moves by `shift`. */
function plant(rows: number, seed: number, which = 0, shift = 0): Matrix {
  const random = randomOf(seed)
  let slow = 0
  return matrixOf(
    Array.from({ length: rows }, (_, row) => {
      slow = 0.95 * slow + random.normal()
      const values = [20 + random.normal(), slow, row / 100 + 0.1 * random.normal()]
      if (row >= 700) values[which]! += shift
      return values
    }),
  )
}

test('it says that there is a change, at which sensor and since when', () => {
  for (const [sensor, shift] of [
    [0, 5],
    [1, 25],
    [2, 2],
  ] as const) {
    for (let seed = 0; seed < 4; seed++) {
      const matrix = plant(900, seed, sensor, shift)
      const steps = changesOf(fitChange(rowsOf(matrix, 0, 400)), matrix)
      const found = steps.findIndex((step, row) => row >= 700 && step.change)
      expect(found).toBeGreaterThanOrEqual(700)
      expect(found).toBeLessThan(706)
      expect(steps[found]!.sensor).toBe(sensor)
      expect(Math.abs(steps[found]!.since! - 700)).toBeLessThanOrEqual(2)
      expect(steps[found]!.confidence).toBeGreaterThan(0.95)
    }
  }
})

/** Eight sensors of noise with an autocorrelation. */
function eight(rows: number, correlation: number, seed: number): Matrix {
  const random = randomOf(seed)
  const state = Float64Array.from({ length: 8 }, () => random.normal())
  const fresh = Math.sqrt(1 - correlation ** 2)
  return matrixOf(
    Array.from({ length: rows }, () => {
      for (let sensor = 0; sensor < 8; sensor++) state[sensor] = correlation * state[sensor]! + fresh * random.normal()
      return Array.from(state)
    }),
  )
}

test.each([
  [400, 0],
  [400, 0.5],
  [200, 0],
  [200, 0.5],
  [100, 0.5],
])(
  'by default, after %d rows, noise of 8 sensors of autocorrelation %d cries no more than once in 5,000 rows',
  (rows, r) => {
    let cries = 0
    for (let seed = 0; seed < 6; seed++) {
      const matrix = eight(rows + 10_000, r, 3_000 + seed)
      cries += changesOf(fitChange(rowsOf(matrix, 0, rows)), matrix).filter(step => step.change).length
    }
    expect(cries).toBeLessThanOrEqual(12)
  },
)

test('noise, autocorrelated noise and drift of the training kind bring few false alarms, fewer with a higher threshold', () => {
  const count = (threshold: number) => {
    let cries = 0
    for (let seed = 0; seed < 10; seed++) {
      const matrix = plant(2_400, seed + 50)
      const steps = changesOf(fitChange(rowsOf(matrix, 0, 400), { threshold }), matrix)
      expect(steps.slice(0, 400).some(step => step.change)).toBe(false)
      cries += steps.filter(step => step.change).length
    }
    return cries
  }
  // Of 20,000 rows with three sensors each.
  const cries = count(3.5)
  expect(cries).toBeLessThanOrEqual(100)
  expect(count(4.5)).toBeLessThan(cries / 3)
})

test('a change that goes on is said again, and what stays is learned within the reference', () => {
  const matrix = plant(1_200, 3, 0, 8)
  const model = fitChange(rowsOf(matrix, 0, 400))
  const cries = changesOf(model, matrix).flatMap((step, row) => (step.change && step.sensor === 0 ? [row] : []))
  const late = cries.filter(row => row >= 700)
  expect(late.length).toBeGreaterThanOrEqual(2)
  for (let i = 1; i < late.length; i++) expect(late[i]! - late[i - 1]!).toBeGreaterThanOrEqual(model.again)
  expect(late.filter(row => row < 700 + 75 + model.again).length).toBeLessThanOrEqual(5)
  expect(late.filter(row => row > 700 + 75 + model.again).length).toBeLessThanOrEqual(3)
})

test('contrasts are the difference of two means, by the definition', () => {
  const matrix = plant(200, 6, 0, 0)
  const model = fitChange(matrix, { reference: 30, windows: [4, 10], threshold: 3 })
  for (const [window, last] of model.windows.entries()) {
    for (let column = 0; column < 3; column++) {
      const mean = (from: number, to: number) => {
        let sum = 0
        for (let row = from; row < to; row++) sum += matrix.data[row * 3 + column]!
        return sum / (to - from)
      }
      const contrasts: number[] = []
      for (let row = 30 + last - 1; row < 200; row++) {
        contrasts.push(mean(row + 1 - last, row + 1) - mean(row + 1 - last - 30, row + 1 - last))
      }
      const deviation = Math.sqrt(contrasts.reduce((sum, value) => sum + value * value, 0) / contrasts.length)
      const limit = Math.max(3 * deviation, ...contrasts.map(Math.abs))
      expect(model.limits[window]![column]).toBeCloseTo(limit, 9)
    }
  }
})

test('row by row and from a model that went through JSON it says what it says of a matrix at once', () => {
  const matrix = plant(1_000, 8, 1, 20)
  const model = fitChange(rowsOf(matrix, 0, 400))
  const detector = new ChangeDetector(JSON.parse(JSON.stringify(model)))
  const live = Array.from({ length: matrix.rows }, (_, row) => detector.next(Array.from(rowOf(matrix, row))))
  expect(live).toEqual(changesOf(model, matrix))
  expect(live.some(step => step.change)).toBe(true)
})

test('what it says depends on no more rows than it holds, but for when it spoke last', () => {
  const matrix = plant(1_000, 9, 0, 6)
  const model = fitChange(rowsOf(matrix, 0, 400), { again: 1 })
  const whole = changesOf(model, matrix)
  const part = changesOf(model, rowsOf(matrix, 600, 1_000))
  const span = model.reference + Math.max(...model.windows)
  for (let row = 600 + span; row < 1_000; row++) {
    const step = part[row - 600]!
    expect({ ...step, since: step.since === null ? null : step.since + 600 }).toEqual(whole[row])
  }
})

test('missing values are left out, and a sensor without any is never blamed', () => {
  const matrix = plant(900, 4, 0, 6)
  for (let row = 0; row < 900; row++) {
    matrix.data[row * 3 + 1] = Number.NaN
    if (row % 5 === 2) matrix.data[row * 3] = Number.NaN
    if (row >= 500 && row < 560) matrix.data[row * 3 + 2] = Number.NaN
  }
  const model = fitChange(rowsOf(matrix, 0, 400))
  expect(model.limits.every(limits => limits[1] === null)).toBe(true)
  const steps = changesOf(model, matrix)
  const found = steps.findIndex((step, row) => row >= 700 && step.change && step.sensor === 0)
  expect(found).toBeGreaterThanOrEqual(700)
  expect(found).toBeLessThan(712)
  expect(steps.every(step => step.sensor !== 1)).toBe(true)
})

test('a sensor that never moved has changed when it moves; until then it is still', () => {
  const data = Float32Array.from({ length: 300 }, (_, row) => (row < 200 ? 32 : 32.5))
  const matrix = { rows: 300, columns: 1, data }
  const cries = changesOf(fitChange(rowsOf(matrix, 0, 150)), matrix).flatMap((step, row) => (step.change ? [row] : []))
  expect(cries[0]).toBe(200)
})

test('a short training part shortens what is compared; a shorter one is refused', () => {
  const matrix = plant(60, 5)
  expect(fitChange(rowsOf(matrix, 0, 30))).toMatchObject({ reference: 6, windows: [3] })
  const code = (name: string) => expect.objectContaining({ name: 'LearnError', code: name })
  expect(() => fitChange(rowsOf(matrix, 0, 19))).toThrow(code('series_short'))
  expect(() => fitChange(rowsOf(matrix, 0, 0))).toThrow(code('series_empty'))
  expect(() => fitChange(matrix, { windows: [] })).toThrow(code('change_options'))
  expect(() => fitChange(matrix, { threshold: 0 })).toThrow(code('change_options'))
  expect(() => fitChange(matrix, { again: Number.NaN })).toThrow(code('change_options'))
  expect(() => fitChange(matrix, { reference: 2.5 })).toThrow(code('change_options'))
  expect(() => fitChange(matrix, { windows: [0.3] })).toThrow(code('change_options'))
  const detector = ChangeDetector.fit(matrix)
  expect(() => detector.next([1, 2])).toThrow(code('row_width'))
  expect(() => detector.next([1, 2, Infinity])).toThrow(code('series_not_finite'))
})

test('a kept model that is none is refused by its field', () => {
  const model = fitChange(plant(300, 2))
  const wrong: [object, RegExp][] = [
    [{ columns: 4 }, /'limits\[0\]'/],
    [{ columns: 0 }, /'columns' is 0/],
    [{ reference: 1e9 }, /'reference' is 1000000000/],
    [{ reference: 2 ** 19 }, /numbers would be held/],
    [{ windows: [] }, /'windows'/],
    [{ windows: [5, 0.5] }, /'windows\[1\]' is 0.5, no number from 1/],
    [{ windows: [5] }, /'limits'/],
    [{ threshold: Number.NaN }, /'threshold' is NaN/],
    [{ again: '20' }, /'again' is of another type/],
    [{ spare: 1 }, /'spare' is a field that no part/],
    [{ limits: model.limits.map(own => own.with(1, -1)) }, /'limits\[0\]\[1\]' is -1, no number from/],
    [{ limits: null }, /'limits'/],
  ]
  for (const [change, message] of wrong) {
    const make = () => new ChangeDetector({ ...model, ...change })
    expect(make).toThrow(expect.objectContaining({ code: 'model_field' }))
    expect(make).toThrow(message)
  }
})
