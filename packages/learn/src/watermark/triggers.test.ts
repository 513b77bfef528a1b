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

test('labels are drawn evenly', async () => {
  const counts = [0, 0, 0]
  for (let seed = 0; seed < 30; seed++)
    for (const label of (await triggersOf(keyOf(seed), space)).labels) counts[label]!++
  for (const count of counts)
    expect(Math.abs(count - (30 * TRIGGERS) / 3)).toBeLessThan(4 * Math.sqrt((30 * TRIGGERS * 2) / 9))
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
  ['too few rows', { ...space, columns: [{ name: 'a', values: [1, 2, 3] }] }],
])('a space of %s is refused', (_, value) => {
  expect(() => checkSpace(value)).toThrow(expect.objectContaining({ code: 'watermark_space' }))
})
