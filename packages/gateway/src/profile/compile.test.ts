import { describe, expect, test } from 'vitest'
import { compileProfiles } from './compile.ts'
import {
  book,
  controller,
  form,
  problems,
  problemsOf,
  profile,
  pump,
  SITE,
  sensor,
  telemetry,
} from './profile.testkit.ts'
import { COUNTER_WORDS, SIGNAL_WORDS } from './types.ts'

describe('what a Thing Description must have', () => {
  test.each(['@context', 'id', 'title', 'security', 'securityDefinitions'])('%s', member => {
    const { [member]: _, ...rest } = sensor() as Record<string, unknown>
    expect(problems([rest])).toContain(`profile_missing /${member}`)
  })

  test.each([
    [{ '@context': 'https://www.w3.org/2019/wot/td/v1' }, 'profile_td /@context'],
    [{ '@context': ['https://www.w3.org/2022/wot/td/v1.1', { rw: 'urn:other', mqv: 'x' }] }, 'profile_td /@context'],
    [{ security: 'basic' }, 'profile_td /security'],
    [{ 'rw:devises': [] }, 'profile_unknown_term /rw:devises'],
    [{ 'rw:devices': ['a/b'] }, 'profile_value /rw:devices/0'],
    [{ 'rw:devices': [] }, 'profile_missing '],
    [{ 'rw:criticality': 'huge' }, 'profile_value /rw:criticality'],
  ])('%j: %s', (parts, problem) => expect(problems([{ ...sensor(), ...parts }])).toContain(problem))

  test('a file that is no JSON, or no object, is one problem', () => {
    const sources = ['{', '[]', '"x"'].map((text, index) => ({ file: `${index}`, text }))
    expect(problemsOf(() => compileProfiles(sources, SITE)).map(({ code, place }) => `${code} ${place.file}`)).toEqual([
      'profile_syntax 0',
      'profile_syntax 1',
      'profile_syntax 2',
    ])
  })

  test('all problems are told at once, each with its file', () => {
    const wrong = { ...sensor(), title: '', security: 'x' }
    expect(problems([wrong, { ...pump(), 'rw:x': 1 }]).length).toBe(3)
  })
})

describe('what an affordance says', () => {
  const AT = '/properties/telemetry'
  test.each([
    [{ forms: [] }, `profile_td ${AT}/forms`],
    [{ forms: [{ href: 'x' }] }, `profile_topic ${AT}/forms/0`],
    [{ forms: [form('a/+')] }, `profile_topic ${AT}/forms/0/mqv:topic`],
    [{ forms: [form('a', { op: 'observe' })] }, `profile_value ${AT}/forms/0/op`],
    [{ forms: [form('a', { 'mqv:qos': 3 })] }, `profile_value ${AT}/forms/0/mqv:qos`],
    [{ forms: [form('a', { 'mqv:retained': true })] }, `profile_unknown_term ${AT}/forms/0/mqv:retained`],
    [{ forms: [form('a', { contentType: 'application/xml' })] }, `profile_format ${AT}/forms/0/contentType`],
    [{ forms: [form('a', { op: ['observeproperty', 'writeproperty'] })] }, `profile_td ${AT}/forms/0/op`],
    [{ 'rw:unknown': 1 }, `profile_unknown_term ${AT}/rw:unknown`],
    [{ 'rw:maximumRate': { messages: 'often' } }, `profile_value ${AT}/rw:maximumRate/messages`],
    [{ 'rw:maximumRate': {} }, `profile_missing ${AT}/rw:maximumRate/messages`],
    [{ 'rw:unit': { of: '/value', field: '/units' } }, `profile_field ${AT}/rw:unit/field`],
    [{ 'rw:unit': { of: '/value', field: '/n' } }, `profile_unit ${AT}/rw:unit`],
    [{ required: ['n'], 'rw:unit': { of: '/value', field: '/unit' } }, `profile_field ${AT}/rw:unit/field`],
    [{ 'rw:clock': { field: '/ts' } }, `profile_missing ${AT}/rw:clock/skew`],
    [{ 'rw:clock': { field: '/unit', skew: '5s' } }, `profile_field ${AT}/rw:clock/field`],
    [{ required: [], 'rw:counter': { field: '/n' } }, `profile_field ${AT}/rw:counter/field`],
    [{ 'rw:redundant': [{ kind: 'echo' }] }, `profile_value ${AT}/rw:redundant/0/kind`],
    [{ 'rw:redundant': [{ kind: 'copy', of: '/value', field: '/unit' }] }, `profile_field ${AT}/rw:redundant/0/field`],
    [
      { 'rw:redundant': [{ kind: 'copy', of: '/value', field: '/cm', by: 1 }] },
      `profile_unknown_term ${AT}/rw:redundant/0/by`,
    ],
    [{ 'rw:redundant': [{ kind: 'sum', of: '/value', field: '/n' }] }, `profile_missing ${AT}/rw:redundant/0`],
    [
      { 'rw:counter': { field: '/n' }, 'rw:redundant': [{ kind: 'sum', of: '/value', field: '/cm' }] },
      `profile_field ${AT}/rw:redundant/0/field`,
    ],
    [
      { 'rw:counter': { field: '/n' }, 'rw:redundant': [{ kind: 'sum', of: '/check', field: '/n' }] },
      `profile_field ${AT}/rw:redundant/0/of`,
    ],
    [{ 'rw:senders': ['controller'] }, `profile_unknown_term ${AT}/rw:senders`],
    [{ 'rw:modes': ['normal'] }, `profile_unknown_term ${AT}/rw:modes`],
    [{ format: 'date' }, `profile_schema ${AT}/format`],
    [{ anyOf: [{ 'rw:name': 'x' }] }, `profile_unknown_term ${AT}/anyOf/0/rw:name`],
  ])('%j: %s', (parts, problem) => expect(problems([sensor(parts)])).toContain(problem))

  test.each([
    [{ value: { type: 'number', unit: 'metre' } }, `profile_unit ${AT}/properties/value/unit`],
    [{ value: { type: 'string', 'rw:name': 'x' } }, `profile_field ${AT}/properties/value`],
    [{ value: { type: 'number', 'rw:frozen': 5 } }, `profile_value ${AT}/properties/value/rw:frozen`],
    [{ value: { type: 'number', 'rw:name': '1x' } }, `profile_value ${AT}/properties/value/rw:name`],
    [
      { value: { type: 'number', 'rw:name': 'x', 'rw:change': {} } },
      `profile_missing ${AT}/properties/value/rw:change/perSecond`,
    ],
    [{ value: { type: 'numbr' } }, `profile_schema ${AT}/properties/value/type`],
    [
      { other: { type: 'number', 'rw:name': 'level' }, x: { 'rw:unit': {} } },
      `profile_unknown_term ${AT}/properties/x/rw:unit`,
    ],
  ])('%j: %s', (values, problem) => expect(problems([sensor({}, values)])).toContain(problem))

  test('units of another dimension, and copies without a unit beside several, are refused', () => {
    const unit = { 'rw:unit': { of: '/value', field: '/unit' } }
    expect(problems([sensor(unit, { unit: { enum: ['m', 'kPa'] } })])).toEqual([`profile_unit ${AT}/properties/unit`])
    const copy = { ...unit, 'rw:redundant': [{ kind: 'copy', of: '/value', field: '/cm' }] }
    expect(problems([sensor(copy, { cm: { type: 'number' } })])).toEqual([`profile_unit ${AT}/rw:redundant/0/field`])
  })
})

describe('what would do nothing is refused', () => {
  const AT = '/actions/set'
  const input = {
    type: 'object',
    properties: { ts: { type: 'integer' }, value: { type: 'number', unit: 'm' } },
    required: ['ts', 'value'],
  }
  const named = (term: object) => ({
    input: { ...input, properties: { ...input.properties, value: { type: 'number', 'rw:name': 'x', ...term } } },
  })
  test.each([
    [{ input, 'rw:counter': { field: '/ts' } }, `profile_unknown_term ${AT}/rw:counter`],
    [
      { input, 'rw:redundant': [{ kind: 'sum', of: '/value', field: '/ts' }] },
      `profile_unknown_term ${AT}/rw:redundant/0`,
    ],
    [named({}), `profile_unknown_term ${AT}/input/properties/value/rw:name`],
    [named({ 'rw:change': { perSecond: 1 } }), `profile_unknown_term ${AT}/input/properties/value/rw:change`],
    [named({ 'rw:frozen': 5 }), `profile_unknown_term ${AT}/input/properties/value/rw:frozen`],
  ])('%j: %s', (parts, problem) => expect(problems([pump(parts), controller()])).toContain(problem))

  test('an action has a clock, which needs no word of the lane', () => {
    const compiled = book([pump({ input, 'rw:clock': { field: '/ts', skew: '5s' } }), controller()])
    const entry = compiled.up('controller-1', 'mill-3/pump-1/set')
    if (typeof entry === 'string') throw new Error(entry)
    expect(entry.rule.clock).toMatchObject({ skew: 5_000, word: -1 })
    expect(compiled.profileOf('pump-1')?.words).toBe(64)
  })

  test('a property that is told and set is one reading', () => {
    const forms = [form('${site}/${device}/v'), form('${site}/${device}/v/set', { op: 'writeproperty' })]
    const both = sensor({ forms, 'rw:counter': { field: '/n' }, 'rw:senders': ['controller'] })
    const compiled = book([both])
    const [told, set] = [compiled.up('level-1', 'mill-3/level-1/v'), compiled.up('x', 'mill-3/level-1/v/set')]
    if (typeof told === 'string' || typeof set === 'string') throw new Error('undeclared')
    expect([told.rule.signals.length, told.rule.continuities.length]).toEqual([1, 1])
    expect([set.rule.signals.length, set.rule.continuities.length]).toEqual([0, 0])
    expect(compiled.profileOf('level-1')?.words).toBe(64 + SIGNAL_WORDS + COUNTER_WORDS)
  })

  test('counts that go round, what is equal for a frozen sensor, and what a missing reading can add', () => {
    const value = { type: 'number', minimum: 1, exclusiveMaximum: 15, 'rw:name': 'level' }
    const sum = { kind: 'sum', of: '/value', field: '/n' }
    const more = { 'rw:counter': { field: '/n', modulus: 65_536 }, 'rw:redundant': [sum] }
    const entry = book([sensor(more, { value: { ...value, 'rw:frozen': { count: 8, within: 0.01 } } })]).up(
      'level-1',
      'mill-3/level-1/telemetry',
    )
    if (typeof entry === 'string') throw new Error(entry)
    expect(entry.rule.signals).toMatchObject([{ frozen: 8, within: 0.01 }])
    expect(entry.rule.continuities).toMatchObject([{ modulus: 65_536 }, { least: 1, most: 15 }])
    const at = '/properties/telemetry/properties/value/rw:frozen'
    expect(problems([sensor({}, { value: { ...value, 'rw:frozen': { within: 1 } } })])).toContain(
      `profile_missing ${at}/count`,
    )
  })

  test('what a validator would ask of a reading before it is converted', () => {
    const unit = { 'rw:unit': { of: '/value', field: '/unit' } }
    const value = { type: 'number', unit: 'm', 'rw:name': 'level' }
    for (const more of [{ multipleOf: 0.1 }, { enum: [1, 2] }, { allOf: [{ maximum: 2 }] }]) {
      const at = `/properties/telemetry/properties/value/${Object.keys(more)[0]}`
      expect(problems([sensor(unit, { value: { ...value, ...more } })])).toContain(`profile_schema ${at}`)
      expect(problems([sensor({}, { value: { ...value, ...more, enum: undefined } })])).toEqual([])
    }
  })
})

describe('profiles together', () => {
  test('ids, device names and series are there once', () => {
    const [one, two] = [sensor(), { ...sensor(), 'rw:devices': ['level-*', 'x'] }]
    expect(problems([one, two])).toEqual(['profile_duplicate /id', 'profile_duplicate /rw:devices'])
    const twice = { properties: { a: telemetry(), b: telemetry({ forms: [form('b')] }) } }
    expect(problems([profile(twice)])).toEqual(['profile_duplicate /properties/b'])
  })

  test('modes are those that the mode series has', () => {
    expect(problems([pump(), controller()])).toEqual([])
    expect(problems([pump({ 'rw:modes': ['norml'] }), controller()])).toEqual(['profile_mode /actions/set/rw:modes/0'])
    expect(problems([pump()])).toEqual(['profile_mode /actions/set/rw:modes'])
    expect(problems([pump(), controller()], { site: 'mill-3' })).toEqual(['profile_mode /actions/set/rw:modes'])
  })

  test('a command says which device is meant', () => {
    const all = pump({ forms: [{ href: 'x', 'mqv:topic': 'all/set' }] })
    expect(problems([all, controller()])).toEqual(['profile_topic /actions/set'])
    expect(problems([{ ...all, 'rw:devices': ['pump-1'] }, controller()])).toEqual([])
  })

  test('more readings than a lane has words for are refused', () => {
    const values = Object.fromEntries(
      Array.from({ length: 150 }, (_, i) => [`v${i}`, { type: 'number', 'rw:name': `v${i}` }]),
    )
    expect(problems([sensor({}, values)])).toEqual(['profile_lane_full '])
  })
})

describe('laws', () => {
  const law = (parts: object = {}) => ({
    name: 'still',
    on: ['level-1/level'],
    values: { level: 'level-1/level', mode: 'controller-1/mode' },
    check: "mode == 'normal' || level < 1.5",
    ...parts,
  })

  test('stand in a description of the plant and are judged with the readings that they name', () => {
    const compiled = book([
      sensor(),
      controller(),
      profile({ id: 'urn:plant', 'rw:devices': [], 'rw:invariants': [law()] }),
    ])
    const entry = compiled.up('level-1', 'mill-3/level-1/telemetry')
    if (typeof entry === 'string') throw new Error(entry)
    expect(entry.rule.invariants.map(({ name }) => name)).toEqual(['still'])
    expect(compiled.series).toEqual(['level-1/level', 'controller-1/mode'])
    expect(entry.rule.signals[0]?.series).toBe(0)
    const other = compiled.up('level-2', 'mill-3/level-2/telemetry')
    if (typeof other === 'string') throw new Error(other)
    expect(other.rule.invariants).toEqual([])
    expect(other.rule.signals[0]?.series).toBe(-1)
  })

  test('that name what no profile has are refused', () => {
    const plant = profile({ id: 'urn:plant', 'rw:devices': [], 'rw:invariants': [law({ on: ['level-1/height'] })] })
    expect(problems([sensor(), controller(), plant])).toContain('law_series /rw:invariants/0/on/0')
  })

  test('of a type stand for each of its devices, which are named then', () => {
    const own = law({ on: ['${device}/level'], values: { level: '${device}/level' }, check: 'level < 1.5' })
    expect(problems([{ ...sensor(), 'rw:invariants': [own] }])).toEqual(['profile_value /rw:invariants/0'])
    const named = { ...sensor(), 'rw:devices': ['level-1', 'level-2'], 'rw:invariants': [own] }
    expect(book([named]).series).toEqual(['level-1/level', 'level-2/level'])
  })
})

describe('what is kept for others', () => {
  const law = (residual: string, values: object) => ({
    ...sensor(),
    id: 'urn:x:laws',
    'rw:devices': undefined,
    properties: undefined,
    'rw:invariants': [{ name: 'a law', on: ['level-1/level'], values, residual, tolerance: 1 }],
  })
  const shared = (residual: string, values: object): boolean[] => {
    const compiled = book([{ ...sensor(), 'rw:devices': ['level-1', 'level-2'] }, law(residual, values)])
    return ['level-1', 'level-2'].flatMap(device => {
      const entry = compiled.up(device, `mill-3/${device}/telemetry`)
      return typeof entry === 'string' ? [] : entry.rule.signals.map(signal => signal.shared)
    })
  }

  test('a reading that only its own messages are held against is not', () => {
    expect(shared('delta(x)', { x: 'level-1/level' })).toEqual([false, false])
  })

  test('one that a neighbor is held against is, and one whose area counts', () => {
    expect(shared('x - y', { x: 'level-1/level', y: 'level-2/level' })).toEqual([false, true])
    expect(shared('integral(x)', { x: 'level-1/level' })).toEqual([true, false])
  })
})
