import { describe, expect, test } from 'vitest'
import type { Pattern } from '../pattern.ts'
import { Types } from '../shape.ts'
import { compileMetrics } from './metric-shape.ts'
import { aliased, bdSeq, metric, rebirth, Session, shapeOf, TIME } from './sparkplug.testkit.ts'

const number = Types.integer | Types.fraction
const nothing = { types: 0 }

function begins(text: string): Pattern {
  return {
    source: `^${text}`,
    test: (bytes, start, end) => Buffer.from(bytes.subarray(start, end)).toString().startsWith(text),
  }
}

describe('a shape over metrics', () => {
  const SHAPE = shapeOf(
    {
      temperature: { types: number, minimum: -20, maximum: 80, capture: 0 },
      running: { types: Types.boolean, capture: 1 },
      mode: { types: Types.string, enum: ['run', 'stop'], capture: 2 },
      exact: { types: Types.string, capture: 3, captureForm: 'decimal' },
      hex: { types: Types.string, capture: 4, captureForm: 'float32-hex' },
      device: { types: Types.string, placeholder: 'device' },
    },
    { required: ['temperature', 'mode'], additionalProperties: nothing },
  )

  function birth(...metrics: ReturnType<typeof metric>[]): Session & { answer: string } {
    const session = new Session()
    session.connect()
    session.shape = SHAPE
    return Object.assign(session, { answer: session.birth(metrics) })
  }
  const good = () =>
    birth(metric('temperature', 'Float', 20.5, { alias: 1 }), metric('mode', 'String', 'stop', { alias: 2 }))

  test('what a birth must have', () => {
    expect(good().answer).toBe('ok')
    const { answer, judge } = birth(metric('mode', 'String', 'run'))
    expect(answer).toBe('value_missing')
    expect(judge.fault?.why).toBe('the metric "temperature" is required')
  })

  test('captures numbers, booleans, positions in an enum and spelled numbers', () => {
    const { answer, captures } = birth(
      metric('temperature', 'Float', 20.5),
      metric('running', 'Boolean', true),
      metric('mode', 'String', 'stop'),
      metric('exact', 'String', '-1.25e2'),
      metric('hex', 'String', '3F800000'),
      metric('device', 'String', 'press-1'),
    )
    expect(answer).toBe('ok')
    expect([...captures.values.slice(0, 5)]).toEqual([20.5, 1, 1, -125, 1])
    expect(captures.ends[2] - captures.starts[2]).toBe(4)
  })

  test('data brings what changed; the rest is not captured', () => {
    const session = good()
    expect(session.say('NDATA/edge', [aliased(1, 'Float', 30)])).toBe('ok')
    expect(session.captures.values[0]).toBe(30)
    expect(session.captures.values[2]).toBeNaN()
    expect(session.captures.values[0]).toBe(30)
  })

  const BAD: [string, ReturnType<typeof metric>[], string, string][] = [
    ['out of range', [aliased(1, 'Float', 81)], 'value_range', '/temperature'],
    ['not of the enum', [aliased(2, 'String', 'fly')], 'value_enum', '/mode'],
    ['null', [aliased(1, 'Float', null)], 'value_type', '/temperature'],
    [
      'twice though captured',
      [aliased(1, 'Float', 1), aliased(1, 'Float', 2, { timestamp: TIME + 1 })],
      'payload_duplicate_key',
      '/temperature',
    ],
    ['out of range in history', [aliased(1, 'Float', 81, { isHistorical: true })], 'value_range', '/temperature'],
  ]
  test.each(BAD)('%s', (_, metrics, code, where) => {
    const session = good()
    expect(session.say('NDATA/edge', metrics)).toBe(code)
    expect(session.judge.fault?.where).toBe(where)
  })

  test('says its numbers', () => {
    const session = good()
    session.say('NDATA/edge', [aliased(1, 'Float', 81)])
    expect(session.judge.fault?.why).toBe('the metric "temperature" is 81, allowed is at least -20, at most 80')
  })

  test('history is not captured', () => {
    const session = good()
    expect(session.say('NDATA/edge', [aliased(1, 'Float', 7, { isHistorical: true })])).toBe('ok')
    expect(session.captures.values[0]).toBeNaN()
  })

  test('a metric that the profile does not know, and another device', () => {
    expect(
      birth(metric('temperature', 'Float', 1), metric('mode', 'String', 'run'), metric('x', 'Int32', 1)).answer,
    ).toBe('value_unknown')
    expect(
      birth(metric('temperature', 'Float', 1), metric('mode', 'String', 'run'), metric('device', 'String', 'press-2'))
        .answer,
    ).toBe('value_enum')
  })

  test('the metrics of the standard are exempt, unless the profile names them', () => {
    const session = new Session()
    session.connect(7)
    session.shape = shapeOf({ bdSeq: { types: Types.integer, maximum: 6 } }, { additionalProperties: nothing })
    expect(session.say('NBIRTH/edge', [bdSeq(7), rebirth()])).toBe('value_range')
  })

  test('a command may write what the shape has', () => {
    const session = good()
    session.shape = shapeOf({ temperature: { types: number, maximum: 50 } }, { additionalProperties: nothing })
    expect(session.say('NCMD/edge', [metric('temperature', 'Float', 40)])).toBe('ok')
    expect(session.say('NCMD/edge', [metric('temperature', 'Float', 60)])).toBe('value_range')
    expect(session.say('NCMD/edge', [metric('mode', 'String', 'run')])).toBe('value_unknown')
    expect(session.say('NCMD/edge', [rebirth(true)])).toBe('ok')
  })

  test('patterns of names', () => {
    const session = new Session()
    session.connect()
    session.shape = shapeOf(
      {},
      { patternProperties: [[begins('in/'), { types: Types.boolean }]], additionalProperties: nothing },
    )
    expect(session.birth([metric('in/a', 'Boolean', true)])).toBe('ok')
    expect(session.birth([metric('in/a', 'Int32', 1)])).toBe('value_type')
    expect(session.birth([metric('out/a', 'Boolean', true)])).toBe('value_unknown')
  })
})

describe('keywords over one value', () => {
  const CASES: [string, Parameters<typeof shapeOf>[0][string], ReturnType<typeof metric>, string][] = [
    ['length in code points', { maxLength: 2 }, metric('a', 'String', '\u{1f600}é'), 'ok'],
    ['too long', { maxLength: 1 }, metric('a', 'String', '\u{1f600}é'), 'value_length'],
    ['pattern', { pattern: begins('x') }, metric('a', 'String', 'y'), 'value_pattern'],
    ['multiple', { multipleOf: 0.01 }, metric('a', 'Double', 19.99), 'ok'],
    ['no multiple', { multipleOf: 0.01 }, metric('a', 'Double', 19.995), 'value_range'],
    ['a whole double is an integer', { types: Types.integer }, metric('a', 'Double', 3), 'ok'],
    ['anyOf', { anyOf: [{ types: Types.string }, { types: Types.null }] }, metric('a', 'Double', 3), 'value_condition'],
    [
      'oneOf',
      {
        oneOf: [
          { types: 127, minimum: 1 },
          { types: 127, maximum: 5 },
        ],
      },
      metric('a', 'Double', 3),
      'value_condition',
    ],
    ['allOf', { allOf: [{ types: 127, minimum: 4 }] }, metric('a', 'Double', 3), 'value_range'],
    ['not', { not: { types: Types.fraction } }, metric('a', 'Double', 3.5), 'value_condition'],
    [
      'if then',
      // biome-ignore lint/suspicious/noThenProperty: it is the keyword's name
      { if: { types: 127, minimum: 2 }, then: { types: 127, minimum: 4 } },
      metric('a', 'Double', 3),
      'value_range',
    ],
    [
      'if else',
      { if: { types: 127, minimum: 4 }, else: { types: 127, minimum: 4 } },
      metric('a', 'Double', 3),
      'value_range',
    ],
    ['spells no number', { capture: 0, captureForm: 'decimal' }, metric('a', 'String', '1.'), 'value_pattern'],
    ['spells infinity', { capture: 0, captureForm: 'float32-hex' }, metric('a', 'String', '7f800000'), 'value_pattern'],
    ['an array of bytes', { types: Types.array }, metric('a', 'Bytes', new Uint8Array(3)), 'ok'],
    ['0 is not false', { enum: [0] }, metric('a', 'Boolean', false), 'value_enum'],
  ]
  test.each(CASES)('%s', (_, shape, one, code) => {
    const session = new Session()
    session.connect()
    session.shape = shapeOf({ a: shape })
    expect(session.birth([one])).toBe(code)
  })
})

test.each([
  ['allOf', '', { types: Types.object, allOf: [] }],
  ['minProperties', '', { types: Types.object, minProperties: 1 }],
  ['dependentRequired', '', { types: Types.object, dependentRequired: new Map() }],
  ['items', '/a~1b', { types: Types.object, properties: new Map([['a/b', { types: 127, items: { types: 127 } }]]) }],
  ['object', '', { types: Types.array }],
])('%s cannot be judged and is not ignored', (keyword, where, shape) => {
  const fault = compileMetrics(shape)
  expect(fault).toMatchObject({ code: 'shape_unsupported', where })
  expect('why' in fault && fault.why).toContain(keyword)
})
