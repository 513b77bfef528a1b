import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CelError } from '../../profile/cel/fault.ts'
import { compileCondition } from './condition.ts'
import { at } from './scenario.testkit.ts'

const one = at(Date.UTC(2026, 0, 5, 22), {
  topic: 'plant/Pump/set',
  bytes: 12,
  qos: 1,
  retain: true,
  roles: ['sensor', 'edge'],
})

describe('what holds', () => {
  test.each([
    ["kind == 'publish' && device != 'x'", true],
    ["topic in ['a', 'plant/Pump/set']", true],
    ['qos in [0, 2]', false],
    ['bytes / 4 >= 3 && bytes - 2 * 3 < 7 && -bytes < 0', true],
    ['retain && !(qos == 0)', true],
    ['retain ? qos == 1 : false', true],
    ["startsWith(topic, 'plant/') && endsWith(topic, '/set') && contains(lower(topic), 'pump')", true],
    ["like(topic, 'plant/+/set') && !like(topic, '+/set')", true],
    ["within(address, '10.0.0.0/24') && !within(address, '10.0.1.0/24') && !within(user, '10.0.0.0/24')", true],
    ["hasRole('edge') && !hasRole('operator')", true],
    ['hour == 22 && weekday == 1', true],
    ['length(topic) == 14', true],
    ["subject == 'pump-1' && role == 'sensor'", true],
    ['bytes / 0 > 1', true],
    ['packet / 0 > 1 || packet / 0 <= 1', false],
  ])('%s: %s', (source, holds) => {
    expect(compileCondition(source)(one)).toBe(holds)
  })
})

describe('what is refused, and at which column', () => {
  test.each([
    ['bytes', 'cel_type 1'],
    ['topik == 1', 'cel_unknown 1'],
    ['begins(topic, 1)', 'cel_unknown 1'],
    ['topic == 1', 'cel_type 7'],
    ['topic < device', 'cel_type 7'],
    ['!bytes', 'cel_type 1'],
    ['-topic == 1', 'cel_type 1'],
    ['retain && topic', 'cel_type 8'],
    ["topic in ['a', 1]", 'cel_type 7'],
    ['topic in [device]', 'cel_type 7'],
    ["like(topic, 'a/#/b')", 'cel_type 1'],
    ['like(topic, topic)', 'cel_type 1'],
    ["within(address, 'nowhere')", 'cel_type 1'],
    ['startsWith(topic)', 'cel_type 1'],
    ['retain ? 1 : true', 'cel_type 8'],
    ['retain &&', 'cel_syntax 10'],
  ])('%s: %s', (source, wanted) => {
    expect.assertions(1)
    try {
      compileCondition(source)
    } catch (error) {
      if (error instanceof CelError) expect(`${error.code} ${error.place.column}`).toBe(wanted)
      else throw error
    }
  })
})

test('any text is compiled to what is true or false, or refused', () => {
  const pieces = [
    'topic',
    'qos',
    'retain',
    "'a'",
    '1',
    '(',
    ')',
    '[',
    ']',
    '==',
    '&&',
    '!',
    'in',
    ',',
    'like',
    '?',
    ':',
    '/',
  ]
  const source = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map(each => each.join(' '))
  fc.assert(
    fc.property(source, text => {
      try {
        expect(typeof compileCondition(text)(one)).toBe('boolean')
      } catch (error) {
        if (!(error instanceof CelError)) throw error
      }
    }),
    { numRuns: 2_000, seed: 7 },
  )
})
