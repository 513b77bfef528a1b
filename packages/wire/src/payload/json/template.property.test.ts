import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Captures } from '../captures.ts'
import { compileSchema, isShape } from '../schema/compile.ts'
import type { Names } from '../shape.ts'
import { PAYLOAD_LIMITS, type PayloadValidator } from '../validator.ts'
import { jsonValidator } from './validator.ts'

/** A property for each way in which a template reads values, and some for what it leaves to the usual reader. */
const PROPERTIES = {
  count: { type: 'integer', minimum: 0, maximum: 9_999_999 },
  time: { type: 'integer', minimum: 1_000_000_000_000 },
  site: { const: 'SITE' },
  device: { const: 'DEVICE' },
  kind: { const: 'level' },
  value: { type: 'number', exclusiveMinimum: -5, exclusiveMaximum: 120.5 },
  part: { type: 'number', exclusiveMinimum: 0, not: { type: 'integer' } },
  step: { multipleOf: 0.25 },
  unit: { enum: ['m', 'mm', 'say"m"', 'µm', ''] },
  mode: { enum: ['on', 1, null] },
  note: { type: 'string', minLength: 1, maxLength: 12 },
  good: { type: 'boolean' },
  any: {},
  list: { type: 'array', items: { type: 'integer' }, maxItems: 3 },
}
type Name = keyof typeof PROPERTIES

const CAPTURED: readonly Name[] = ['count', 'time', 'value', 'unit', 'good', 'any']

const shape = compileSchema(
  { type: 'object', properties: PROPERTIES, required: ['count'], additionalProperties: false },
  {
    annotate: (node, pointer) => {
      const capture = CAPTURED.findIndex(name => pointer === `/properties/${name}`)
      const placeholder = node['const'] === 'SITE' ? 'site' : node['const'] === 'DEVICE' ? 'device' : null
      if (placeholder !== null) return { placeholder }
      return capture < 0 ? null : { capture }
    },
  },
)
if (!isShape(shape)) throw new Error(JSON.stringify(shape))

const encoder = new TextEncoder()
const NAMES = ['level-1', 'plant', 'a"b', 'käse', 'tab\t', ''].map(text => encoder.encode(text))
const LIMITS = [PAYLOAD_LIMITS, PAYLOAD_LIMITS, { ...PAYLOAD_LIMITS, stringBytes: 14 }]

/** For each property a few values as they may be spelled, good ones first. */
const SPELLED: Readonly<Record<Name, readonly string[]>> = {
  count: list(
    '7 0 12 999999999 1234567890 4999999999 9999999999 12345678 5000000001 5000000000.5 -0 -1 007 1.0 1.5 1e3 5. - .5',
  ),
  time: list(
    '1763880000000 1763880000001 999999999999999 99999999 1763880000000.0 1763880000000.5 0763880000000',
  ).concat(
    list('1763880000000e1 1763880000000e999 9007199254740993 17638800000000000000 -1763880000000 1763880a00000'),
  ),
  site: list('"plant" "plan\\u0074" "level-1" "plants" 1'),
  device: list('"level-1" "a\\"b" "level-\\u0031" "level-2" "level-11" "a"b" "käse" "tab\t" ""'),
  kind: list('"level" "lev\\u0065l" "flow"'),
  value: list('1.5 -4.75 0 -0 -5 -5.01 120.5 120.49 120 121 12345678.9 1.23456789 01.5 1. -.5 1.5.5 1.5e1 1E-2').concat(
    list('0.1234567891 99.99999999 99.999999999 +1 true "1"'),
  ),
  part: list('0.5 12.75 0.1 3 3.0 0 0.0 -0.5'),
  step: list('0.25 2 1.1'),
  unit: list('"m" "mm" "say\\"m\\"" "say"m"" "µm" "" "\\u006d" "km" "mmm" m'),
  mode: list('"on" 1 null "off" 1.0'),
  note: list('"ok" "anote" "ö" "\\n" "" "exactly-twel" "more-than-twelve" "a"b" "tab\t" "\\ud800"'),
  good: list('true false null tru falsy truefalse 1'),
  any: list('1 9999999999 "x" true null [1] {"a":1} -1.5 {"a":1,"a":2} 1e999'),
  list: list('[1] [] [1,2,3] [1,2,3,4] [1.5]'),
}

function list(texts: string): string[] {
  return texts.split(' ')
}

const spelled = (name: Name, few: number) => fc.constantFrom(...SPELLED[name].slice(0, few))

const padding = fc.constantFrom('', '', ' ', '   ', '        ', ' \n')

/** A payload that is good more often than not, and the same with another value or another byte somewhere. */
const pair = fc
  .subarray(Object.keys(PROPERTIES).slice(1) as Name[], { minLength: 2 })
  .map((names): Name[] => ['count', ...names])
  .chain(names => fc.tuple(...names.map(name => fc.tuple(fc.constant(name), spelled(name, 2), spelled(name, 99)))))
  .chain(members => fc.tuple(fc.constant(members), padding, padding))
  .chain(([members, before, behind]) => {
    const write = (from: number, to: number) =>
      members
        .map(([name, first, second], i) => `"${name}":${i >= from && i < to ? behind + second : before + first}`)
        .join(',')
    const taught = `{${write(0, 0)}}`
    return fc.tuple(
      fc.constant(taught),
      fc.oneof(
        fc.nat(members.length - 1).map(i => `{${write(i, i + 1)}}`),
        fc.constant(`{${write(0, members.length)}}`),
        fc
          .tuple(
            fc.nat(taught.length),
            fc.nat(2),
            fc.constantFrom('', '0', '1', '-', '.', 'e1', '"', '\\', ' ', ',', '}', '\u0001', 'é'),
          )
          .map(([at, cut, put]) => taught.slice(0, at) + put + taught.slice(at + cut)),
      ),
    )
  })

test('a validator that a payload has taught judges the next as one that was taught nothing', () => {
  const names = fc.record({ device: fc.constantFrom(...NAMES), site: fc.constantFrom(...NAMES) })
  const odd = fc.constant({ device: NAMES[2], site: NAMES[1] })
  const usual = fc.constant({ device: NAMES[0], site: NAMES[1] })
  const speakers = fc.oneof(
    { arbitrary: fc.tuple(usual, usual), weight: 4 },
    fc.tuple(usual, names),
    fc.tuple(names, names),
    fc.tuple(odd, odd),
  )
  let followed = 0
  fc.assert(
    fc.property(pair, speakers, fc.constantFrom(...LIMITS), ([first, second], [before, now], limits) => {
      const taught = jsonValidator(shape, limits)
      const captures = new Captures(CAPTURED.length)
      if (check(taught, first, before, captures)) followed++
      const untaught = jsonValidator(shape, limits)
      const fresh = new Captures(CAPTURED.length)
      const wanted = check(untaught, second, now, fresh)
      expect(check(taught, second, now, captures), `${second} behind ${first}`).toBe(wanted)
      expect(taught.fault).toEqual(untaught.fault)
      if (wanted) expect(spans(captures)).toEqual(spans(fresh))
    }),
    { numRuns: 6_000 },
  )
  expect(followed).toBeGreaterThan(2_000)
})

function check(validator: PayloadValidator, text: string, names: Names, captures: Captures): boolean {
  const bytes = encoder.encode(`[${text}]`)
  return validator.check(bytes, 1, bytes.length - 1, names, captures)
}

/** What was captured, and where it stood. */
function spans({ values, starts, ends }: Captures): (number | null)[][] {
  return [...values].map((value, slot) => (Number.isNaN(value) ? [null] : [value, starts[slot], ends[slot]]))
}
