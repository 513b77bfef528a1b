import { describe, expect, test } from 'vitest'
import { evaluate, scope } from './cel.testkit.ts'
import { CelError, compileCel } from './index.ts'

/** `CODE COLUMN` of what is wrong. */
function fault(source: string): string {
  try {
    compileCel(source, scope)
  } catch (error) {
    if (error instanceof CelError) return `${error.code} ${error.place.column}`
    throw error
  }
  return 'none'
}

describe('values', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['8 / 4 / 2', 1],
    ['-a + 1', -1],
    ['--a', 2],
    ['.5e1 + 1E-1', 5.1],
    ['abs(-a) + sqrt(9) + min(3, a, 5) + max(1)', 8],
    ['clamp(a, 0, 1) + clamp(-a, 0, 1)', 1],
    ['pow(a, 3) + pow(a, -1)', 8.5],
    ['a > 1 ? 10 : 20', 10],
    ['a < 1 ? 10 : a < 3 ? 20 : 30', 20],
    ['delta(a) * 100', 50],
  ])('%s is %d', (source, value) => {
    expect(evaluate(source, { a: 2, delta_a: 0.5 })).toBeCloseTo(value, 12)
  })

  test.each([
    ['a == 2 && !(a != 2)', 1],
    ['a > 2 || a >= 2 && a <= 2', 1],
    ['a < 2 == false', 1],
    ['a in [1, 2]', 1],
    ['!(a in [])', 1],
    ["mode == 'normal'", 1],
    ["'normal' != mode", 0],
    ["mode in ['shutdown', 'start-up']", 0],
    ['mode == mode', 1],
    ['p && !q', 1],
  ])('%s is %d', (source, value) => {
    expect(evaluate(source, { a: 2, mode: 2, p: 1, q: 0 })).toBe(value)
  })
})

describe('no value', () => {
  test.each(['a / 0', '1e308 * 10', 'sqrt(-1)', 'pow(0, -1)', 'b + 1', '0 * (1 / 0)', 'max(1, b)', 'clamp(b, 0, 1)'])(
    '%s has none',
    source => {
      expect(evaluate(source, { a: 1 })).toBeNaN()
      expect(evaluate(`${source} > 0`, { a: 1 })).toBeNaN()
      expect(evaluate(`!(${source} == 0)`, { a: 1 })).toBeNaN()
      expect(evaluate(`${source} > 0 ? 1 : 2`, { a: 1 })).toBeNaN()
      expect(evaluate(`${source} in [1, 2]`, { a: 1 })).toBeNaN()
    },
  )

  test('is absorbed where the other side decides alone, from either side', () => {
    expect(['b > 0 && false', 'false && b > 0', 'b > 0 || true', 'true || b > 0'].map(each => evaluate(each))).toEqual([
      0, 0, 1, 1,
    ])
    for (const each of ['b > 0 && true', 'true && b > 0', 'b > 0 || false', 'false || b > 0']) {
      expect(evaluate(each)).toBeNaN()
    }
  })

  test('in a list counts only where nothing else is equal', () => {
    expect(evaluate('1 in [b, 1]')).toBe(1)
    expect(evaluate('1 in [b, 2]')).toBeNaN()
  })
})

describe('what is refused, and at which column', () => {
  test.each([
    ['', 'cel_syntax 1'],
    ['a +', 'cel_syntax 4'],
    ['(a', 'cel_syntax 3'],
    ['a b', 'cel_syntax 3'],
    ['a = 1', 'cel_syntax 3'],
    ['a % 2', 'cel_syntax 3'],
    ["mode == 'normal", 'cel_syntax 9'],
    ['1u + a', 'cel_syntax 1'],
    ['1e999', 'cel_syntax 1'],
    ['a ? b', 'cel_syntax 6'],
    ['[1]', 'cel_syntax 1'],
    ['a in 1', 'cel_syntax 6'],
    ['in + 1', 'cel_syntax 1'],
    ['x + 1', 'cel_unknown 1'],
    ['power(a, 2)', 'cel_unknown 1'],
    ['toString(a)', 'cel_unknown 1'],
    ["mode == 'norml'", 'cel_unknown 9'],
    ['a && p', 'cel_type 3'],
    ['p + 1', 'cel_type 1'],
    ['!a', 'cel_type 1'],
    ['a == p', 'cel_type 3'],
    ['mode == other', 'cel_type 6'],
    ["a == 'normal'", 'cel_type 6'],
    ["'a' == 'b'", 'cel_type 1'],
    ["p ? 'a' : 'b'", 'cel_type 5'],
    ['a ? 1 : 2', 'cel_type 3'],
    ['p ? 1 : q', 'cel_type 3'],
    ['1 < 2 < 3', 'cel_type 3'],
    ['abs(1, 2)', 'cel_type 1'],
    ['delta(a + 1)', 'cel_type 1'],
    ['delta(mode)', 'cel_type 1'],
    ['delta(x)', 'cel_unknown 7'],
    ['pow(a, b)', 'cel_cost 8'],
    ['pow(a, 17)', 'cel_cost 8'],
    [' '.repeat(1_025), 'cel_cost 1025'],
    [`${'('.repeat(40)}1${')'.repeat(40)}`, 'cel_cost 33'],
    [`${'!'.repeat(40)}p`, 'cel_cost 33'],
    [Array(140).fill('1').join('+'), 'cel_cost 256'],
    [`a in [${Array(65).fill('1').join()}]`, 'cel_cost 6'],
  ])('%s: %s', (source, wanted) => {
    expect(fault(source)).toBe(wanted)
  })

  test('says what was meant', () => {
    expect(() => compileCel("mode == 'norml'", scope)).toThrow('Did you mean normal?')
    expect(() => compileCel('sqr(a)', scope)).toThrow('Did you mean sqrt?')
  })
})
