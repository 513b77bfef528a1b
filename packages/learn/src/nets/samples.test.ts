import { expect, test } from 'vitest'
import { matrixOf } from '../index.ts'
import { behind, checkSamples, rowSamples, someOf, windowSamples } from './samples.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const series = matrixOf(Array.from({ length: 10 }, (_, t) => [t, -t]))

test('windows are cut without copies, and what comes behind them is their targets', () => {
  const windows = windowSamples(series, { steps: 3, stride: 2, ahead: 1 })
  expect(windows).toMatchObject({ steps: 3, columns: 2, starts: Uint32Array.of(0, 4, 8, 12) })
  expect(windows.data).toBe(series.data)
  expect(behind(windows, 1)).toMatchObject({ steps: 1, columns: 2, starts: Uint32Array.of(6, 10, 14, 18) })
  expect(someOf(windows, 1, 3).starts).toEqual(Uint32Array.of(4, 8))
  expect(rowSamples(series).starts).toHaveLength(10)
})

test('a series that is too short, and a cut that is none', () => {
  expect(windowSamples(series, { steps: 10 }).starts).toHaveLength(1)
  expect(() => windowSamples(series, { steps: 11 })).toThrow(code('series_short'))
  expect(() => windowSamples(series, { steps: 10, ahead: 1 })).toThrow(code('series_short'))
  for (const cut of [{ steps: 0 }, { steps: 2.5 }, { steps: 2, stride: 0 }, { steps: 2, ahead: -1 }])
    expect(() => windowSamples(series, cut)).toThrow(code('cut_wrong'))
})

test('a number that is none is found wherever a window reaches it, and only there', () => {
  const broken = { ...series, data: series.data.slice() }
  broken.data[11] = Number.NaN
  const windows = windowSamples(broken, { steps: 2 })
  expect(() => checkSamples(windows, 2, 2)).toThrow(code('samples_not_finite'))
  expect(() => checkSamples(someOf(windows, 4, 5), 2, 2)).toThrow('row 5')
  expect(() => checkSamples(someOf(windows, 0, 4), 2, 2)).not.toThrow()
  expect(() => checkSamples({ ...windows, starts: Uint32Array.of(12, 8) }, 2, 2)).toThrow(code('samples_not_finite'))
  expect(() => checkSamples({ ...windows, starts: Uint32Array.of(18) }, 2, 2)).toThrow(code('samples_shape'))
  expect(() => checkSamples(windows, 3, 2)).toThrow(code('samples_shape'))
  expect(() => checkSamples(someOf(windows, 0, 0), 2, 2)).toThrow(code('samples_empty'))
})
