import { expect, test } from 'vitest'
import { silentIn } from './learn-silent.ts'

const series = (isThere: (row: number) => boolean, rows = 100) => ({
  names: ['flow', 'level'],
  matrix: {
    rows,
    columns: 2,
    data: Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 1 || isThere(i >> 1) ? 1 : Number.NaN)),
  },
})

test.each([
  ['dies and stays so', (row: number) => row < 60, [{ sensor: 'flow', row: 60, rows: 40 }]],
  ['is dead from the first judged row on', (row: number) => row < 45, [{ sensor: 'flow', row: 50, rows: 50 }]],
  ['comes back', (row: number) => row < 60 || row > 79, [{ sensor: 'flow', row: 60, rows: 20 }]],
  ['tells every tenth row, as ever', (row: number) => row % 10 === 0, []],
  ['has a gap of nine rows', (row: number) => row < 60 || row > 68, []],
  ['was silent in training only', (row: number) => row > 40, []],
])('a sensor that %s', (_name, isThere, silent) => {
  expect(silentIn(series(isThere), 50)).toEqual(silent)
})
