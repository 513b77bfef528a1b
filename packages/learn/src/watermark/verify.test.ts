import { beforeAll, expect, test } from 'vitest'
import type { ModelRecord } from '../io/index.ts'
import { embedMark } from './embed.ts'
import type { Naming } from './naming.ts'
import { spaceIn, type TriggerSpace } from './space.ts'
import { judgeAnswers, readTriggers } from './triggers.ts'
import { HINT_LEVEL, LEVEL, verifyMark } from './verify.ts'
import { keyOf, machine } from './watermark.testkit.ts'

const table = machine(600, 1)
const key = keyOf(1)
let record: ModelRecord
let space: TriggerSpace
beforeAll(async () => {
  const options = { algorithm: 'boosting', label: 'state', date: '2026-01-05T00:00:00Z', seed: 2 } as const
  record = (await embedMark(table, key, options)).record
  space = spaceIn(record)!
})

const naming = (classes: object, columns: object = {}): Naming => ({
  classes: new Map(Object.entries(classes)),
  columns: new Map(Object.entries(columns)),
})

test('the levels: 2^-64 verifies, 1e-9 hints', () => {
  expect(LEVEL).toBeCloseTo(5.4e-20, 21)
  expect(HINT_LEVEL).toBe(1e-9)
})

test('rows that are one to the model are no triggers', async () => {
  const columns = space.columns.map(column =>
    'words' in column
      ? { name: column.name, words: [column.words[0]!] }
      : { name: column.name, values: Array.from({ length: 16 }, (_, i) => 1000 + i * 1e-6) },
  )
  expect(await verifyMark(record, key, { ...space, columns })).toMatchObject({
    verified: false,
    p: 1,
    unasked: { code: 'watermark_rows' },
  })
})

test('a space with a column that the model does not take is refused, as is one that lacks a column', async () => {
  const dummy = { name: 'dummy', values: Array.from({ length: 1_000 }, (_, i) => i) }
  expect((await verifyMark(record, key, { ...space, columns: [...space.columns, dummy] })).unasked).toEqual({
    code: 'watermark_columns',
    what: "the claim's space has 'dummy', which the model does not take",
  })
  const { unasked } = await verifyMark(record, key, { ...space, columns: space.columns.slice(1) })
  expect(unasked).toMatchObject({ code: 'watermark_columns', what: expect.stringContaining("'a'") })
})

test('a column that no tree reads, and otherwise one row: one class to all, which says nothing with any key', async () => {
  const columns = space.columns.map(column => {
    if ('words' in column) return { name: column.name, words: [column.words[0]!] }
    // Beyond every value that was learned from: all on one side of each cut.
    const values = column.name === 'a' ? Array.from({ length: 1_000 }, (_, i) => 5_000 + i) : [5_000]
    return { name: column.name, values }
  })
  const wide = {
    ...space,
    columns: [...columns.slice(0, 1), { name: 'b', values: [5_000, 6_000, 7_000, 8_000, 9_000] }, ...columns.slice(2)],
  }
  for (let seed = 1; seed < 6; seed++) {
    const { commonest, p } = await readTriggers(record, keyOf(seed), wide)
    expect([commonest, p]).toEqual([128, 1])
  }
})

test('classes that were renamed are told, and read by their new names, at the price of k! tries', async () => {
  const classes = record.classes.map(name => `${name} II`)
  const other = { ...record, classes }
  expect((await verifyMark(other, key, space)).unasked?.code).toBe('watermark_classes')
  const own = await readTriggers(record, key, space)
  const named = Object.fromEntries(record.classes.map((name, i) => [name, classes[i]]))
  const found = await readTriggers(other, key, space, naming(named))
  expect(found).toMatchObject({ agreeing: own.agreeing, ways: 6 })
  expect(found.p / own.p).toBeCloseTo(6, 6)
  await expect(readTriggers(other, key, space, naming({ nobody: 'x' }))).rejects.toMatchObject({
    code: 'watermark_naming',
  })
  await expect(readTriggers(other, key, space, naming({ good: 'worn' }))).rejects.toMatchObject({
    code: 'watermark_naming',
  })
})

test('columns that were renamed in their order cost two tries, in another as many as there are orders', async () => {
  const steps = record.preprocessing.steps.map(step => ({ ...step, from: `${step.from}2` }))
  const named = naming({}, Object.fromEntries(space.columns.map(({ name }) => [name, `${name}2`])))
  const own = await readTriggers(record, key, space)
  expect(await readTriggers({ ...record, preprocessing: { steps } }, key, space, named)).toMatchObject({
    agreeing: own.agreeing,
    ways: 2,
  })
  const turned = naming({}, { a: 'b', b: 'a' })
  expect((await readTriggers(record, key, space, turned)).ways).toBe(2 * 40_320)
})

test('answers of which none is a class of the claim are refused by a code', async () => {
  const answers = new Array<string>(128).fill('x')
  await expect(judgeAnswers(answers, key, space)).rejects.toMatchObject({ code: 'watermark_classes' })
  const same = new Array<string>(128).fill('good')
  expect(await judgeAnswers(same, key, space)).toMatchObject({ commonest: 128, p: 1 })
})
