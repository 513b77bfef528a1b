import { expect, test } from 'vitest'
import { compileProfiles } from './compile.ts'
import { textFlaws } from './json.ts'
import { problemsOf, SITE, sensor } from './profile.testkit.ts'

test.each<[string, string[]]>([
  ['{"a":{"b":1,"c":[{"b":2},{"b":3}]},"b":4}', []],
  ['{"a":1,"b":{"a":1,"a":2}}', ['/b/a']],
  ['[{},{"x":[1,{"y/z":0,"y~":0,"y/z":1}]}]', ['/1/x/1/y~1z']],
  ['{"a\\"b,{":"}","c":"\\\\","c":""}', ['/c']],
  ['{"a":"a","b":["a","a"]}', []],
  ['"a"', []],
])('%s has twice: %j', (text, found) => {
  JSON.parse(text)
  expect(textFlaws(text).map(({ pointer }) => pointer)).toEqual(found)
})

test('a whole profile of a megabyte is looked through in its length', () => {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => ({ [`k${index}`]: 'x'.repeat(20), a: [] })))
  expect(textFlaws(text)).toEqual([])
})

test('keys that stand twice, with their lines', () => {
  const text = JSON.stringify(sensor(), null, 1).replace('"maximum": 2', '"maximum": 2, "maxim\\u0075m": 5000')
  const [problem] = problemsOf(() => compileProfiles([{ file: 'x', text }], SITE))
  expect(problem?.code).toBe('profile_duplicate')
  expect(problem?.what).toMatch(/^the key "?maximum"? stands here twice \(line \d+\)$/)
  expect(problem?.place.field).toBe('/properties/telemetry/properties/value/maximum')
})

test.each(['allOf', 'items', 'properties', 'enum', 'const'])('3,000 nested %s', key => {
  const text = JSON.stringify(sensor({ deep: 0 }))
  const [open, close] = key === 'allOf' || key === 'enum' ? [`{"${key}":[`, ']}'] : [`{"${key}":`, '}']
  const deep = `${open.repeat(3_000)}true${close.repeat(3_000)}`
  const sources = [{ file: 'x', text: text.replace('"deep":0', `"anyOf":[${deep}]`) }]
  expect(problemsOf(() => compileProfiles(sources, SITE)).map(({ code, place }) => `${code} ${place.field}`)).toEqual([
    'profile_schema /properties/telemetry/anyOf/0',
  ])
})
