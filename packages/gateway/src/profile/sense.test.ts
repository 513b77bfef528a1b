import { describe, expect, test } from 'vitest'
import { compileProfiles } from './compile.ts'
import { book, form, problems, problemsOf, profile, SITE, sensor } from './profile.testkit.ts'

describe('what would not be enforced is refused', () => {
  const event = (parts: object) => profile({ events: { alarm: { forms: [form('${site}/${device}/a')], ...parts } } })
  const action = (parts: object) => profile({ actions: { go: { forms: [form('${site}/${device}/go')], ...parts } } })
  const op = (group: string, value: object) =>
    JSON.parse(JSON.stringify(value).replace('observeproperty', group)) as Record<string, unknown>

  test.each([
    [event({ data: { type: 'object' }, title: 'a', '@type': 'x', 'ex:y': 1 }), []],
    [event({ type: 'object' }), ['profile_unknown_term /events/alarm/type']],
    [event({ properties: {} }), ['profile_unknown_term /events/alarm/properties']],
    [event({ input: {} }), ['profile_unknown_term /events/alarm/input']],
  ])('schemas of events stand in data: %#', (from, found) =>
    expect(problems([op('subscribeevent', from)])).toEqual(found),
  )

  test.each([
    [{ ...sensor(), event: {} }, 'profile_unknown_term /event'],
    [sensor({ forms: [form('a', { retain: true })] }), 'profile_unknown_term /properties/telemetry/forms/0/retain'],
    [
      sensor({ forms: [form('a', { contentCoding: 'gzip' })] }),
      'profile_format /properties/telemetry/forms/0/contentCoding',
    ],
  ])('members that nobody reads: %#', (from, found) => expect(problems([from])).toEqual([found]))

  test('schemas of actions stand in input', () => {
    const told = problemsOf(() => book([op('invokeaction', action({ maximum: 1 }))]))
    expect(told.map(({ what, hint }) => `${what}: ${hint}`)).toEqual([
      expect.stringMatching(/^"?maximum"? says nothing here: A payload's schema stands in input\. /),
    ])
    expect(problems([op('invokeaction', action({ input: { maximum: 1 }, safe: true }))])).toEqual([])
  })

  test('forms say the same of retain and QoS', () => {
    const forms = (one: object, two: object) => sensor({ forms: [form('a', { ...one }), form('b', { ...two })] })
    const AT = '/properties/telemetry/forms/1'
    expect(problems([forms({ 'mqv:retain': true }, { 'mqv:retain': false })])).toEqual([
      `profile_value ${AT}/mqv:retain`,
    ])
    expect(problems([forms({ 'mqv:qos': '1' }, {})])).toEqual([`profile_value ${AT}/mqv:qos`])
    expect(problems([forms({ 'mqv:qos': '1', 'mqv:retain': true }, { 'mqv:qos': 1, 'mqv:retain': true })])).toEqual([])
  })

  test.each([
    [{ minimum: 2, maximum: 1 }, 'profile_schema', 'value/minimum'],
    [{ minimum: 1, exclusiveMaximum: 1 }, 'profile_schema', 'value/minimum'],
    [{ anyOf: [{ minLength: 2, maxLength: 1 }] }, 'profile_schema', 'value/anyOf/0/minLength'],
    [{ properties: { const: { minItems: 2, maxItems: 1 } } }, 'profile_schema', 'value/properties/const/minItems'],
    [{ 'rw:name': 'x', 'rw:frozen': 2.5 }, 'profile_value', 'value/rw:frozen'],
    [{ 'rw:name': 'x', 'rw:frozen': 1e9 }, 'profile_value', 'value/rw:frozen'],
  ])('%j leaves nothing to judge', (value, code, at) =>
    expect(problems([sensor({}, { value: { type: 'number', ...value } })])).toEqual([
      `${code} /properties/telemetry/properties/${at}`,
    ]),
  )

  test.each([
    [{ 'rw:clock': { field: '/ts', skew: '25h' } }, 'rw:clock/skew'],
    [{ 'rw:counter': { field: '/n', period: '1h', tolerance: 25 } }, 'rw:counter/tolerance'],
    [{ 'rw:redundant': [{ kind: 'copy', of: '/value', field: '/cm', tolerance: 2 }] }, 'rw:redundant/0/tolerance'],
  ])('%j is no limit', (parts, at) =>
    expect(problems([sensor(parts)])).toEqual([`profile_value /properties/telemetry/${at}`]),
  )

  test('what is a value is no limit', () => {
    expect(problems([sensor({}, { extra: { const: { minimum: 2, maximum: 1 } } })])).toEqual([])
  })

  test('a tolerance of infinity is no number', () => {
    const text = JSON.stringify(
      sensor({ 'rw:redundant': [{ kind: 'copy', of: '/value', field: '/cm', tolerance: 7 }] }),
    )
    const sources = [{ file: 'x', text: text.replace('"tolerance":7', '"tolerance":1e999') }]
    expect(problemsOf(() => compileProfiles(sources, SITE)).map(({ place }) => place.field)).toEqual([
      '/properties/telemetry/rw:redundant/0/tolerance',
    ])
  })
})
