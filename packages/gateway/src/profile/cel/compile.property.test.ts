import { Environment } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate, STATES, scope } from './cel.testkit.ts'
import { CelError, compileCel } from './index.ts'

/** The same language to a full CEL: doubles, conditions and texts. */
const oracle = new Environment()
for (const name of ['a', 'b', 'c', 'd']) oracle.registerVariable(name, 'double')
for (const name of ['p', 'q']) oracle.registerVariable(name, 'bool')
oracle.registerVariable('mode', 'string')
oracle.registerFunction('abs(double): double', (x: number) => Math.abs(x))
oracle.registerFunction('sqrt(double): double', (x: number) => Math.sqrt(x))
oracle.registerFunction('min(double, double): double', (x: number, y: number) => Math.min(x, y))
oracle.registerFunction('max(double, double): double', (x: number, y: number) => Math.max(x, y))
oracle.registerFunction('pow(double, double): double', (x: number, y: number) => x ** y)

const literal = fc.oneof(
  fc.integer({ min: 0, max: 9 }).map(value => `${value}.0`),
  fc.double({ min: 0, max: 1e3, noNaN: true }).map(value => value.toFixed(3)),
)
const state = fc.constantFrom(...STATES).map(each => `'${each}'`)

const { number, condition } = fc.letrec<{ number: string; condition: string }>(tie => {
  const numbers = (count: number) => fc.tuple(...Array.from({ length: count }, () => tie('number')))
  const two = numbers(2)
  return {
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      literal,
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.tuple(two, fc.constantFrom('+', '-', '*', '/')).map(([[x, y], sign]) => `(${x} ${sign} ${y})`),
      fc.tuple(numbers(3), fc.constantFrom('+', '-')).map(([[x, y, z], sign]) => `(${x} ${sign} ${y} * ${z})`),
      tie('number').map(x => `-(${x})`),
      fc.tuple(tie('number'), fc.constantFrom('abs', 'sqrt')).map(([x, name]) => `${name}(${x})`),
      fc.tuple(two, fc.constantFrom('min', 'max')).map(([[x, y], name]) => `${name}(${x}, ${y})`),
      tie('number').map(x => `pow(${x}, 2.0)`),
      fc.tuple(tie('condition'), two).map(([when, [x, y]]) => `(${when} ? ${x} : ${y})`),
    ),
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('true', 'false', 'p', 'q'),
      fc
        .tuple(two, fc.constantFrom('<', '<=', '>', '>=', '==', '!='))
        .map(([[x, y], sign]) => `${x} ${sign} ${y}`)
        .map(x => `(${x})`),
      fc
        .tuple(state, fc.constantFrom('==', '!='))
        .map(([text, sign]) => `mode ${sign} ${text}`)
        .map(x => `(${x})`),
      fc.array(state, { minLength: 1, maxLength: 3 }).map(texts => `(mode in [${texts.join(', ')}])`),
      fc.tuple(two, literal).map(([[x, y], z]) => `(${x} in [${y}, ${z}])`),
      fc
        .tuple(tie('condition'), tie('condition'), fc.constantFrom('&&', '||'))
        .map(([x, y, sign]) => `(${x} ${sign} ${y})`),
      tie('condition').map(x => `!${x.startsWith('!') ? `(${x})` : x}`),
    ),
  }
})

const value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e3, max: 1e3, noNaN: true }))
const values = fc.record({ a: value, b: value, c: value, d: value, p: fc.boolean(), q: fc.boolean(), mode: fc.nat(2) })

test('what has a value has the one that CEL gives it', () => {
  let told = 0
  let all = 0
  fc.assert(
    fc.property(fc.oneof(number, condition), values, (source, given) => {
      fc.pre(source.length <= 1_000)
      const own = evaluate(source, { ...given, p: Number(given.p), q: Number(given.q) })
      all++
      if (Number.isNaN(own)) return
      told++
      const theirs = oracle.evaluate(source, { ...given, mode: STATES[given.mode] }) as number | boolean
      expect(own).toBe(own === 0 && theirs === 0 ? own : Number(theirs))
    }),
    { numRuns: 3_000, seed: 11 },
  )
  expect(told / all).toBeGreaterThan(0.7)
})

test('what has none has no finite one in CEL either, where nothing divides or compares', () => {
  const plain = fc.letrec<{ number: string }>(tie => ({
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('a', 'b', '1e200', '0.0'),
      fc
        .tuple(tie('number'), tie('number'), fc.constantFrom('+', '-', '*'))
        .map(([x, y, sign]) => `(${x} ${sign} ${y})`),
    ),
  })).number
  fc.assert(
    fc.property(plain, values, (source, given) => {
      const own = evaluate(source, { ...given, p: 0, q: 0 })
      const theirs = oracle.evaluate(source, { ...given, mode: 'normal' }) as number
      expect(Number.isFinite(own)).toBe(Number.isFinite(theirs))
    }),
    { numRuns: 1_000, seed: 12 },
  )
})

test('any text is compiled or refused with a column inside it', () => {
  const pieces = fc.constantFrom(
    'a',
    'p',
    'mode',
    "'normal'",
    '1',
    '(',
    ')',
    '[',
    ']',
    '+',
    '-',
    '!',
    '?',
    ':',
    '&&',
    'in',
    ',',
    'abs',
    ' ',
    'ü',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 40 }).map(each => each.join('')),
      ),
      source => {
        try {
          compileCel(source, scope)
        } catch (error) {
          if (!(error instanceof CelError)) throw error
          expect(error.place.column).toBeGreaterThan(0)
          expect(error.place.column).toBeLessThanOrEqual(source.length + 1)
        }
      },
    ),
    { numRuns: 3_000, seed: 13 },
  )
})
