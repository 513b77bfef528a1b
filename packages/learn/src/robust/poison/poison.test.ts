import { expect, test } from 'vitest'
import { type Matrix, matrixOf, randomOf, rowsOf } from '../../index.ts'
import { fitBoosted } from '../../trees/index.ts'
import { Anchor, flipRandom, plantTrigger, sanitizeLabels, withTrigger } from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })

/** Two classes that two columns tell; the third is noise in whole numbers. */
function table(rows: number, seed: number): { rows: Matrix; labels: Int32Array } {
  const random = randomOf(seed)
  const labels = Int32Array.from({ length: rows }, () => random.below(2))
  const all = Array.from(labels, label => [
    label + 0.25 * random.normal(),
    2 * label + 0.5 * random.normal(),
    random.below(40),
  ])
  return { rows: matrixOf(all), labels }
}

test('flipped labels are found, few honest rows go, and the reason holds its numbers', () => {
  const clean = table(1_500, 1)
  const { rows, labels, touched } = flipRandom(clean.rows, clean.labels, 0.05, 3)
  const { suspects, kept } = sanitizeLabels(rows, labels, { names: { classes: ['idle', 'busy'] } })
  const found = suspects.filter(({ row }) => touched.includes(row))
  expect(found.length).toBeGreaterThan(0.8 * touched.length)
  expect(suspects.length - found.length).toBeLessThan(0.02 * rows.rows)
  expect(kept.length + suspects.length).toBe(rows.rows)
  expect(found[0]).toMatchObject({ code: 'label_doubtful', why: expect.stringMatching(/of class (idle|busy) with/) })
  expect(sanitizeLabels(rows, labels).suspects.map(({ row }) => row)).toEqual(suspects.map(({ row }) => row))
})

test('doubtful labels are mended where that is asked for, most of them rightly, and rows with a trigger still go', () => {
  const clean = table(1_500, 1)
  const flips = flipRandom(clean.rows, clean.labels, 0.05, 3)
  const trigger = { columns: [2], values: [777] }
  const { rows, labels } = plantTrigger(flips.rows, flips.labels, trigger, 0, 0.03, 5)
  const { suspects, kept, labels: mended } = sanitizeLabels(rows, labels, { relabel: true })
  const dropped = suspects.filter(({ remedy }) => remedy === 'drop')
  expect(new Set(dropped.map(({ code }) => code))).toEqual(new Set(['trigger']))
  expect(kept.length + dropped.length).toBe(rows.rows)
  const wrong = (of: Int32Array) => kept.filter(row => of[row] !== clean.labels[row]).length
  expect(wrong(mended)).toBeLessThan(0.5 * wrong(labels))
  const changed = Array.from(labels.keys()).filter(row => mended[row] !== labels[row])
  expect(changed).toEqual(suspects.filter(({ remedy }) => remedy === 'relabel').map(({ row }) => row))
})

test('a backdoor takes effect, is found as a rule over its column, and has no effect once its rows are gone', () => {
  const { rows, labels } = table(2_000, 2)
  const trigger = { columns: [2], values: [777] }
  const poisoned = plantTrigger(rows, labels, trigger, 0, 0.03, 5)
  const { suspects, kept } = sanitizeLabels(poisoned.rows, poisoned.labels, { against: ['trigger'] })
  expect(suspects.map(({ row }) => row)).toEqual(poisoned.touched)
  expect(suspects[0]).toMatchObject({
    code: 'trigger',
    label: 0,
    likelier: 1,
    why: expect.stringContaining('column 2 is 777'),
  })
  const options = { objective: 'binary:logistic', rounds: 40 } as const
  const attacks = Array.from(labels.keys()).filter(row => labels[row] === 1)
  const stamped = withTrigger(rows, trigger, attacks)
  const turned = (told: Float32Array) => attacks.filter(row => told[row] === 0).length / attacks.length
  const before = fitBoosted(poisoned.rows, poisoned.labels, options)
  const picked = matrixOf(kept.map(row => poisoned.rows.data.subarray(row * 3, row * 3 + 3)))
  const after = fitBoosted(
    picked,
    kept.map(row => poisoned.labels[row]!),
    options,
  )
  expect(turned(before.predict(stamped))).toBeGreaterThan(0.9)
  expect(turned(after.predict(stamped))).toBeLessThan(0.1)
})

test('rows of a rare class stay as they are, and the others are judged as without them', () => {
  const { rows, labels } = table(400, 3)
  const flipped = flipRandom(rows, labels, 0.05, 2)
  const alone = sanitizeLabels(flipped.rows, flipped.labels)
  const rare = matrixOf(Array.from({ length: 5 }, (_, i) => [i, 99, i]))
  const both = { ...rows, rows: 405, data: Float32Array.from([...rare.data, ...flipped.rows.data]) }
  const found = sanitizeLabels(both, Int32Array.from([...new Int32Array(5).fill(7), ...flipped.labels]))
  expect(found.unjudged).toEqual([{ label: 7, rows: 5 }])
  expect(found.suspects).toEqual(alone.suspects.map(each => ({ ...each, row: each.row + 5 })))
  expect(found.suspects.length).toBeGreaterThan(5)
  expect(found.kept.slice(0, 5)).toEqual([0, 1, 2, 3, 4])
})

test('labels that are none are refused by name', () => {
  const { rows, labels } = table(100, 4)
  expect(() => sanitizeLabels(rows, labels.subarray(1))).toThrow(code('labels_length'))
  expect(() => sanitizeLabels(rows, new Int32Array(100))).toThrow(code('class_single'))
  expect(() =>
    sanitizeLabels(
      rows,
      labels.map((_, i) => (i < 10 ? 2 : 0)),
    ),
  ).toThrow(code('classes_few'))
  expect(() =>
    sanitizeLabels(
      rows,
      labels.map(label => label - 1),
    ),
  ).toThrow(code('labels_wrong'))
  expect(() => sanitizeLabels(rows, labels, { folds: 1 })).toThrow(code('option_wrong'))
  expect(() => sanitizeLabels(rows, labels, { against: [] })).toThrow(code('option_wrong'))
  const broken = { ...rows, data: rows.data.map((value, at) => (at === 3 * rows.columns + 1 ? Infinity : value)) }
  expect(() => sanitizeLabels(broken, labels, { names: { columns: ['a', 'load', 'c'] } })).toThrow(
    expect.objectContaining({ code: 'value_infinite', message: expect.stringContaining('row 3, load') }),
  )
  expect(() => flipRandom(rows, labels, 1.5, 1)).toThrow(code('share_wrong'))
})

test('an anchor lets honest windows through, and refuses one that has walked by steps too small for its neighbor', () => {
  const random = randomOf(6)
  const rows = (from: number, slope: number) =>
    matrixOf(Array.from({ length: 1_000 }, (_, row) => [5 + slope * (from + row) + random.normal(), random.normal()]))
  const first = rows(0, 0)
  const anchor = Anchor.freeze(first)
  expect(anchor.compare(rows(0, 0))).toEqual([])
  const walking = Array.from({ length: 8 }, (_, i) => rows(1_000 * i, 0.0004))
  const refused = walking.map(window => anchor.compare(window).map(({ code, column }) => [code, column]))
  expect([refused[0], refused[7]]).toEqual([[], [['baseline_walked', 0]]])
  const neighbor = Anchor.freeze(walking[6]!)
  expect(neighbor.compare(walking[7]!)).toEqual([])
  expect(() => anchor.compare(rowsOf(first, 0, 100))).toThrow(code('rows_too_few'))
  expect(() => anchor.compare(matrixOf([[1]]))).toThrow(code('row_width'))
})
