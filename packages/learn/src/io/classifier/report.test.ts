import { expect, test } from 'vitest'
import { tableOf } from '../table/index.ts'
import { learnTable, leftOut, reportOf, type Told, tellTable } from './index.ts'
import { judge } from './judge.ts'

const code = (name: string) => expect.objectContaining({ code: name })

/** Six rows of a and three of b, told by x. */
const record = await learnTable(tableOf(`x,state\n${'1,a\n'.repeat(6)}${'2,b\n'.repeat(3)}`), {
  label: 'state',
  date: '2026-01-01T00:00:00Z',
  algorithm: 'forest',
})

function told(...predicted: number[]): Told {
  return { classes: record.classes, predicted: Int32Array.from(predicted), probabilities: new Float32Array() }
}

test('recall, precision and the baseline, by hand; a class that was never learned counts, a row without a label does not', () => {
  const table = tableOf('x,state\n1,a\n1,a\n1,a\n1,b\n1,c\n1,\n')
  expect(reportOf(record, told(0, 0, 1, 1, 0, 0), table, 'state')).toEqual({
    label: 'state',
    rows: 5,
    unlabeled: 1,
    accuracy: 3 / 5,
    macroF1: expect.closeTo((4 / 6 + 2 / 3 + 0) / 3, 12),
    baseline: { class: 'a', accuracy: 3 / 5 },
    classes: [
      { name: 'a', actual: 3, predicted: 3, recall: 2 / 3, precision: 2 / 3, f1: 4 / 6 },
      { name: 'b', actual: 1, predicted: 2, recall: 1, precision: 1 / 2, f1: 2 / 3 },
      { name: 'c', actual: 1, predicted: 0, recall: 0, precision: null, f1: 0 },
    ],
  })
})

test('labels that are none are refused', () => {
  expect(() => reportOf(record, told(0), tableOf('x,other\n1,a\n'), 'state')).toThrow(code('column_unknown'))
  expect(() => reportOf(record, told(0), tableOf('x,state\n1,\n'), 'state')).toThrow(code('label_missing'))
  expect(() => reportOf(record, told(0), tableOf('x,state\n1,2024-01-01\n'), 'state')).toThrow(code('label_kind'))
})

test('the calibration error is how much surer than right', () => {
  // Ten rows told at .9, of which six are right.
  const probabilities = Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 0.9 : 0.1))
  const codes = Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1)
  expect(judge(probabilities, codes, 2).calibrationError).toBeCloseTo(0.3, 6)
  expect(judge(Float32Array.of(1, 0, 0, 1), Int32Array.of(0, 1), 2).calibrationError).toBe(0)
})

test('columns without a value, of times and those that were ignored are told; infinite ones are refused', async () => {
  const text = (odd: string) => `t,x,none,odd,state\n${`2024-01-01,1,,${odd},a\n2024-01-02,2,NA,1,b\n`.repeat(4)}`
  const options = { label: 'state', ignore: ['odd'], date: '2026-01-01T00:00:00Z' }
  const kept = tableOf(text('1e300'), { keepsAbsurd: true })
  const learned = await learnTable(kept, options)
  expect(leftOut(learned)).toEqual([
    { name: 't', why: 'time' },
    { name: 'none', why: 'no value' },
    { name: 'odd', why: 'ignored' },
  ])
  expect(tellTable(learned, tableOf('x\n1\n')).predicted).toHaveLength(1)
  const whole = learnTable(kept, { ...options, ignore: [] })
  await expect(whole).rejects.toThrow(/column 'odd', row 0: 1e\+300/)
})

test('a table of too many columns is refused by a code before it is learned', async () => {
  const names = Array.from({ length: 20_001 }, (_, i) => `c${i}`)
  const table = {
    ...tableOf('state\na\nb\n'),
    columns: [
      ...names.map(name => ({ kind: 'number', name, values: Float64Array.of(1, 2) }) as const),
      ...tableOf('state\na\nb\n').columns,
    ],
  }
  await expect(learnTable(table, { label: 'state', date: 'now' })).rejects.toThrow(code('columns_many'))
})
