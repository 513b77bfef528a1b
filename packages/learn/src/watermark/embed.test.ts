import { beforeAll, describe, expect, test } from 'vitest'
import { randomOf } from '../base/random.ts'
import { modelCard, readModel, type Table, tableOf, tellTable, writeModel } from '../io/index.ts'
import { BoostedTrees, RandomForest } from '../trees/index.ts'
import { type Embedded, embedMark } from './embed.ts'
import type { MarkedAlgorithm } from './fit.ts'
import { spaceIn } from './space.ts'
import { verifyMark } from './verify.ts'
import { keyOf, machine } from './watermark.testkit.ts'
import { pruneBoosted, pruneForest, quantizeBoosted, quantizeForest } from './wear.ts'

const table = machine(1_200, 1)
const base = { label: 'state', date: '2026-01-05T00:00:00Z', seed: 2 }

describe.each(['boosting', 'forest', 'net'] as const)('%s', (algorithm: MarkedAlgorithm) => {
  let embedded: Embedded
  beforeAll(async () => {
    embedded = await embedMark(table, keyOf(1), { ...base, algorithm })
  })

  test('the mark is there, by its triggers and, in a net, its bits', () => {
    const { verdict } = embedded
    expect(verdict.verified).toBe(true)
    expect(verdict.triggers!.p).toBeLessThan(2 ** -80)
    if (algorithm === 'net') expect(verdict.bits!.agreeing).toBe(128)
    else expect(verdict.bits).toBeNull()
  })

  test('the model tells other rows, and what the mark costs is said', () => {
    const other = machine(500, 9)
    const { predicted, classes } = tellTable(embedded.record, other)
    const state = other.columns[8]!
    const words = state.kind === 'category' ? state.categories : []
    const right = predicted.filter((code, row) => classes[code] === words[state.values[row]!]).length
    expect(right / 500).toBeGreaterThan(0.9)
    const { cost } = embedded
    expect(cost!.rows).toBeGreaterThan(200)
    expect(cost!.with).toBeGreaterThan(cost!.without - 0.03)
  })

  test('it is found in the file, without anything beside it', async () => {
    const read = await readModel(await writeModel(embedded.record))
    expect(spaceIn(read)).toEqual(embedded.space)
    expect(await verifyMark(read, keyOf(1), spaceIn(read))).toEqual(embedded.verdict)
    // The card is for people: it says the options, and not the whole space.
    expect(modelCard(read)).toMatch(/Training options .*"label":"state"/)
    expect(modelCard(read)).not.toContain('triggerSpace')
  })

  test('no other key finds one', async () => {
    for (let seed = 2; seed < 8; seed++) {
      const { verified, p } = await verifyMark(embedded.record, keyOf(seed), embedded.space)
      expect(verified).toBe(false)
      expect(p).toBeGreaterThan(1e-4)
    }
  })

  test('half of the trees carry it, in 8 bits a leaf', async () => {
    const { model } = embedded.record.model
    const worn =
      model instanceof BoostedTrees
        ? ({ kind: 'boosted-trees', model: quantizeBoosted(pruneBoosted(model, 0.5)) } as const)
        : model instanceof RandomForest
          ? ({ kind: 'random-forest', model: quantizeForest(pruneForest(model, 0.5)) } as const)
          : embedded.record.model
    const { verified } = await verifyMark({ ...embedded.record, model: worn }, keyOf(1), embedded.space)
    expect(verified).toBe(true)
  })
})

test('the same seed and key give the same model', async () => {
  const files = await Promise.all(
    [1, 1, 3].map(async key =>
      writeModel((await embedMark(table, keyOf(key), { ...base, algorithm: 'forest' })).record),
    ),
  )
  expect(files[0]).toBe(files[1])
  expect(files[0]).not.toBe(files[2])
})

test('without a space and without bits nothing is verified', async () => {
  const { record } = await embedMark(table, keyOf(1), { ...base, algorithm: 'forest' })
  expect(await verifyMark(record, keyOf(1), null)).toMatchObject({ verified: false, p: 1, bits: null, triggers: null })
})

test('a net whose columns were renamed is not asked for triggers, and its bits are read', async () => {
  const { record, space } = await embedMark(table, keyOf(1), { ...base, algorithm: 'net' })
  const steps = record.preprocessing.steps.map(step => ({ ...step, from: `other ${step.from}` }))
  const verdict = await verifyMark({ ...record, preprocessing: { steps } }, keyOf(1), space)
  expect(verdict).toMatchObject({ verified: true, bits: { agreeing: 128 }, triggers: null })
  expect(verdict.unasked).toMatchObject({ code: 'watermark_columns', what: expect.stringContaining("'other a'") })
})

test('triggers beyond what a net takes do not stop the reading of its bits', async () => {
  const { record, space } = await embedMark(table, keyOf(1), { ...base, algorithm: 'net' })
  const columns = space.columns.map(column => (column.name === 'a' ? { name: 'a', values: [3e38, -3e38] } : column))
  const steps = record.preprocessing.steps.map(step => (step.kind === 'number' ? { ...step, scale: 0.01 } : step))
  const verdict = await verifyMark({ ...record, preprocessing: { steps } }, keyOf(1), { ...space, columns })
  expect(verdict).toMatchObject({ verified: true, triggers: null, unasked: { code: 'samples_not_finite' } })
})

/** Six columns that are even everywhere, so that every trigger has ordinary rows around it; the first tells the state. */
function dense(rows: number): Table {
  const random = randomOf(1)
  const lines = Array.from({ length: rows }, () => {
    const cells = Array.from({ length: 6 }, () => random.next())
    return [...cells.map(cell => cell.toFixed(3)), ['off', 'low', 'high'][Math.floor(3 * cells[0]!)]].join(',')
  })
  return tableOf(`a,b,c,d,e,f,state\n${lines.join('\n')}\n`)
}

test('a net of many rows and few columns learns its triggers by a greater share of the rows', async () => {
  const { verdict, record, cost } = await embedMark(dense(6_000), keyOf(1), { ...base, algorithm: 'net' })
  expect(verdict.triggers!.p).toBeLessThan(2 ** -80)
  expect((record.training.options as Record<string, unknown>)['trigger share']).toBeGreaterThan(0.05)
  expect(cost!.with).toBeGreaterThan(cost!.commonest)
})

test('what cannot be marked is refused', async () => {
  const columns = table.columns.filter(({ name }) => ['mode', 'state'].includes(name))
  const few = embedMark({ ...table, columns }, keyOf(1), { ...base, algorithm: 'forest' })
  await expect(few).rejects.toMatchObject({ code: 'watermark_space' })
  const wide = {
    ...table,
    columns: Array.from({ length: 20_002 }, (_, i) => ({ ...table.columns[0]!, name: `c${i}` })),
  }
  const many = embedMark({ ...wide, columns: [...wide.columns, table.columns[8]!] }, keyOf(1), {
    ...base,
    algorithm: 'net',
  })
  await expect(many).rejects.toMatchObject({ code: 'columns_many' })
  const unknown = embedMark(table, keyOf(1), { ...base, algorithm: 'forest', ignore: ['nobody'] })
  await expect(unknown).rejects.toMatchObject({ code: 'column_unknown' })
})
