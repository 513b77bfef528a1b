import { describe, expect, test } from 'vitest'
import { alone, beside, figure, table } from './report.ts'

const subject = { bench: 'path', case: 'forward B1', metric: 'cpu', unit: 'us' }

describe('report', () => {
  test('the ratio is that of the medians, its spread that of the rounds', () => {
    const line = beside(subject, [2, 4, 6], 'mosquitto', [4, 8, 4])
    expect(line).toMatchObject({
      value: 4,
      peerValue: 4,
      ratio: 1,
      ratioMin: 0.5,
      ratioMax: 1.5,
      rounds: 3,
      min: 2,
      max: 6,
    })
  })

  test('a line without a peer has no ratio', () => {
    expect(alone(subject, [1])).toMatchObject({ peer: null, ratio: null, value: 1 })
  })

  test('figures keep three digits and no exponent', () => {
    expect([figure(0.123456), figure(12345.6), figure(7), figure(0)]).toEqual(['0.123', '12346', '7', '0'])
  })

  test('a table has a row a line and its columns stand under each other', () => {
    const rows = table([beside(subject, [1], 'haproxy', [2]), alone(subject, [3])]).split('\n')
    expect(rows).toHaveLength(3)
    expect(rows[1]!.indexOf('haproxy')).toBe(rows[0]!.indexOf('peer'))
  })
})
