import { expect, test } from 'vitest'
import { Captures } from '../captures.ts'
import { compileSchema, isShape } from '../schema/compile.ts'
import { jsonValidator } from './validator.ts'

const nobody = new Uint8Array(0)
const encoder = new TextEncoder()

test('what one payload was teaches no other verdict', () => {
  const schema = {
    type: 'object',
    properties: {
      n: { type: 'integer' },
      site: { const: 'demo' },
      list: { items: { maximum: 3 } },
      u: { enum: ['m', 'cm'] },
    },
    required: ['n'],
    additionalProperties: false,
  }
  const shape = compileSchema(schema, {
    annotate: (_, pointer) =>
      pointer === '/properties/n' ? { capture: 0 } : pointer === '/properties/u' ? { capture: 1 } : null,
  })
  if (!isShape(shape)) throw new Error('problems')
  const taught = jsonValidator(shape)
  const captures = new Captures(2)
  const fresh = new Captures(2)
  const texts = [
    '{"n":1,"site":"demo","list":[1],"u":"m"}',
    '{"n":22,"site":"demo","list":[1,2],"u":"cm"}',
    ...['{"n":1.5,"site":"demo","list":[1],"u":"m"}', '{"n":1,"site":"demi","list":[1],"u":"m"}'],
    ...['{"n":1,"site":"demo","list":[4],"u":"m"}', '{"n":1,"site":"demo","list":[1],"u":"k"}'],
    ...[
      '{"n":1,"site":"demo","list":[1],"u":"m"}}',
      '{"n":1,"site":"demo","list":[1],"u":"m"',
      '{"n":1,"site":"demo","list":[1]',
    ],
    ...[
      '{"n":1,"site":"demo","list":[1],"n":1}',
      '{"u":"m","n":7}',
      ' {"u":"m","n":-7} ',
      '{"u":"m","n":-7}',
      '{"u":"m"}',
    ],
    ...['{"u":"\\u006d","n":01}', '{"u":"m","n":1e309}', '{"n":3}', '{"n":4}', '{"n" :4}', '{}', '', '[]'],
  ]
  for (const text of [...texts, ...texts, ...texts.toReversed(), ...texts]) {
    const bytes = encoder.encode(`[${text}]`)
    const untaught = jsonValidator(shape)
    const names = { device: nobody, site: nobody }
    const wanted = untaught.check(bytes, 1, bytes.length - 1, names, fresh)
    expect(taught.check(bytes, 1, bytes.length - 1, names, captures), text).toBe(wanted)
    expect(taught.fault).toEqual(untaught.fault)
    if (wanted) expect(captures).toEqual(fresh)
  }
})
