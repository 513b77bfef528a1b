import { expect, test } from 'vitest'
import { type Judged, outcomeOf, scoreText } from './learn-series-told.ts'

const FILES = { model: null, out: null, plot: null, save: null }

function judged(more: Partial<Judged> = {}): Judged {
  const data = Float32Array.from({ length: 200 }, (_, i) => (i % 2 === 0 && i >= 150 ? Number.NaN : i))
  const chosen = { names: ['flow', 'le\nvel'], matrix: { rows: 100, columns: 2, data }, left: [], unnamed: 2 }
  const rows = Array.from({ length: 100 }, (_, row) => ({
    score: row >= 95 ? 1.0001 : 0.5,
    alarm: row >= 95,
    change: row >= 60 && row < 85,
    sensor: 1,
  }))
  return { file: 'x.csv', chosen, times: null, rows, unfit: [], trainRows: 60, ...FILES, ...more }
}

test('a score is told in three digits, and above 1 never as 1', () => {
  expect([0.5, 1, 1.0001, 1.00000001, 32.118, 12_345, 2.677077196094415e60].map(scoreText)).toEqual([
    '0.5',
    '1',
    '1.0001',
    '1.00000001',
    '32.1',
    '12300',
    '2.68e+60',
  ])
})

test('alarms, judged rows, changes, sensors that are silent or have no say', () => {
  const { status, text, json } = outcomeOf(judged({ unfit: [{ sensor: 'le\nvel', why: 'constant' }] }))
  expect(status).toBe(1)
  expect(text.split('\n')).toEqual([
    '100 rows of 2 sensors; 60 were learned from.',
    'No header: the columns are called column1 to column2.',
    'Without a say: le\uFFFDvel (never moved in training).',
    'Silent: flow, from row 75 on without a value in 25 rows.',
    '1 alarm, 5 of 40 judged rows; 25 changes.',
    `Changes at rows: ${Array.from({ length: 20 }, (_, i) => 60 + i).join(', ')} and 5 more.`,
    'from  to  score   sensor',
    '95    99  1.0001  le\uFFFDvel',
    '',
  ])
  expect(json).toMatchObject({
    unfit: [{ sensor: 'le\nvel', why: 'constant' }],
    silent: [{ sensor: 'flow', row: 75, rows: 25 }],
  })
})

test('changes alone are no alarm', () => {
  const { rows } = judged()
  expect(outcomeOf(judged({ rows: rows.map(row => ({ ...row, alarm: false })) }))).toMatchObject({ status: 0 })
})
