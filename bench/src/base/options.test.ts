import { describe, expect, test } from 'vitest'
import { parseOptions } from './options.ts'

const benches = ['path', 'hostile']

describe('options', () => {
  test('defaults', () => {
    expect(parseOptions(['path'], benches)).toMatchObject({
      bench: 'path',
      json: false,
      quick: false,
      rounds: 5,
      seed: 1,
    })
  })

  test('quick means one round unless rounds are given', () => {
    expect(parseOptions(['path', '--quick'], benches).rounds).toBe(1)
    expect(parseOptions(['path', '--quick', '--rounds', '3'], benches).rounds).toBe(3)
  })

  test('an unknown bench, flag or number is refused', () => {
    expect(() => parseOptions([], benches)).toThrow('name one of path, hostile')
    expect(() => parseOptions(['nope'], benches)).toThrow('name one of')
    expect(() => parseOptions(['path', '--fast'], benches)).toThrow()
    expect(() => parseOptions(['path', '--rounds', '0'], benches)).toThrow('--rounds')
    expect(() => parseOptions(['path', '--rounds', '2.5'], benches)).toThrow('--rounds')
  })
})
