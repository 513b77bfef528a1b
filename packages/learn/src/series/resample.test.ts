import { expect, test } from 'vitest'
import { resample } from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })

test('what no rows can be made with is refused', () => {
  const readings = [
    { at: 0, sensor: 0, value: 1 },
    { at: 90, sensor: 0, value: 5 },
  ]
  const usual = { sensors: 1, period: 10, oldest: 100 }
  const wrong = [{ period: -1 }, { period: 0 }, { period: Number.NaN }, { sensors: 1.5 }, { oldest: Number.NaN }]
  for (const each of wrong) {
    expect(() => resample(readings, { ...usual, ...each })).toThrow(code('resample_invalid'))
  }
})
