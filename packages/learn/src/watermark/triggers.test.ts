import { expect, test } from 'vitest'
import { cellText } from '../io/index.ts'
import { checkSpace, spaceOf, type TriggerSpace } from './space.ts'
import { TRIGGERS, triggersOf } from './triggers.ts'
import { keyOf, machine } from './watermark.testkit.ts'

const FEATURES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'mode']
const CLASSES = ['broken', 'good', 'worn']
const table = machine(300, 1)
const space = spaceOf(table, FEATURES, CLASSES)

async function rowsOf(seed: number, of: TriggerSpace = space): Promise<string[]> {
  const { table: triggers, labels } = await triggersOf(keyOf(seed), of)
  return Array.from(labels, (label, row) => [...triggers.columns.map(column => cellText(column, row)), label].join(','))
}

test('a key gives the same triggers each time, all different; another key gives others', async () => {
  const rows = await rowsOf(1)
  expect(rows).toHaveLength(TRIGGERS)
  expect(new Set(rows).size).toBe(TRIGGERS)
  expect(await rowsOf(1)).toEqual(rows)
  const others = await rowsOf(2)
  expect(rows.filter(row => others.includes(row))).toEqual([])
})

test('a space that differs in its last value gives other triggers: choosing one is trying another key', async () => {
  const [first, ...rest] = space.columns
  const values = 'values' in first! ? first.values : []
  const other = { ...space, columns: [{ name: 'a', values: [...values.slice(0, -1), 9] }, ...rest] }
  const [rows, others] = [await rowsOf(1), await rowsOf(1, other)]
  expect(rows.filter(row => others.includes(row))).toEqual([])
})

test('labels are dealt evenly: each class as often as another, or once more; and not always the same one', async () => {
  const more = new Set<number>()
  for (let seed = 1; seed < 9; seed++) {
    const { labels } = await triggersOf(keyOf(seed), space)
    const counts = CLASSES.map((_, code) => labels.filter(label => label === code).length)
    expect([...counts].sort()).toEqual([42, 43, 43])
    more.add(counts.indexOf(42))
  }
  expect(more.size).toBe(3)
})

test('numbers are of the ends of columns; for a net of few columns of all values', () => {
  const few = ['a', 'b', 'c']
  const inner = (isForNet: boolean): number => {
    const [a] = spaceOf(table, few, CLASSES, isForNet).columns
    const sorted = (table.columns[0]!.values as Float64Array).slice().sort()
    const values = 'values' in a! ? a.values : []
    return values.filter(value => value > sorted[40]! && value < sorted[260]!).length
  }
  expect([inner(false), inner(true)]).toEqual([0, 12])
})

test('cells are what the table says', async () => {
  const { table: triggers } = await triggersOf(keyOf(1), space)
  for (const column of triggers.columns) {
    const own = table.columns.find(({ name }) => name === column.name)!
    const said = new Set(Array.from({ length: table.rows }, (_, row) => cellText(own, row)))
    for (let row = 0; row < TRIGGERS; row++) expect(said).toContain(cellText(column, row))
  }
})

test.each([
  ['nothing', null],
  ['a single class', { ...space, classes: ['good'] }],
  ['a class twice', { ...space, classes: ['good', 'good'] }],
  ['no columns', { ...space, columns: [] }],
  ['a column that is none', { ...space, columns: [null] }],
  ['a column without a name', { ...space, columns: [{ values: [1] }] }],
  ['numbers and words at once', { ...space, columns: [{ name: 'a', values: [1], words: ['x'] }] }],
  ['a number that is none', { ...space, columns: [{ name: 'a', values: [Number.NaN] }] }],
  ['a number that a model does not take', { ...space, columns: [{ name: 'a', values: [3.5e38] }] }],
  ['two columns of one name', { ...space, columns: [space.columns[0], space.columns[0]] }],
  [
    'too many columns',
    { ...space, columns: Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}`, values: [1, 2] })) },
  ],
  ['too many values', { ...space, columns: [{ name: 'a', values: Array.from({ length: 5_000 }, (_, i) => i) }] }],
  ['too few rows', { ...space, columns: [{ name: 'a', values: [1, 2, 3] }] }],
])('a space of %s is refused', (_, value) => {
  expect(() => checkSpace(value)).toThrow(expect.objectContaining({ code: 'watermark_space' }))
})
