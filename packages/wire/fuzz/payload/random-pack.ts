import type { Json } from '../../src/index.ts'
import type { Random } from '../random.ts'

const NUMBERS = [0, 1, 2, -1, 0.5, 10, 1.25, 100, 1e21, 1e308, -7.5]
const TIMES = [0, 1, 2, -1, 1_700_000_000]
const UNITS = ['m', 'cm', 'm', 'Cel']
const NAMES = ['a', 'b', 'c/d', 'a', 'b', 'x:a', 'é', '_', '']

/** A schema of the object that a pack is seen as. */
export function randomPackSchema(random: Random): Json {
  const one = (): Json =>
    random.pick([
      { type: 'number', minimum: -1, maximum: 100 },
      { type: 'integer' },
      { type: ['number', 'boolean'] },
      { type: 'boolean' },
      { enum: ['on', 'off', 1] },
      { type: 'string', maxLength: 3 },
      true,
    ])
  const names = ['a', 'b', 'c/d', 'a#sum', 'b#sum']
  return {
    type: 'object',
    properties: Object.fromEntries(names.filter(() => random.below(4) > 0).map(name => [name, one()])),
    additionalProperties: random.below(2) === 0,
    required: names.slice(0, 3).filter(() => random.below(6) === 0),
  }
}

/** A pack of which RFC 8428 thinks well, or nearly so. */
export function randomPack(random: Random): { [label: string]: string | number | boolean }[] {
  const sometimes = (odds: number) => random.below(odds) === 0
  return Array.from({ length: sometimes(30) ? 0 : 1 + random.below(4) }, (_, i) => {
    const record: { [label: string]: string | number | boolean } = {}
    if (i === 0 && !sometimes(15)) record['bn'] = 'x:'
    if (sometimes(20)) record['bver'] = sometimes(4) ? 11 : 10
    if (sometimes(5)) record['bt'] = random.pick(TIMES)
    if (sometimes(5)) record['bu'] = random.pick(UNITS)
    if (sometimes(6)) record['bv'] = random.pick(NUMBERS)
    if (sometimes(10)) record['bs'] = random.pick(NUMBERS)
    if (!sometimes(15)) record['n'] = random.pick(random.below(3) === 0 ? NAMES : NAMES.slice(0, 3))
    if (sometimes(4)) record['u'] = random.pick(UNITS)
    if (sometimes(3)) record['t'] = i
    if (sometimes(10)) record['s'] = random.pick(NUMBERS)
    if (sometimes(20)) record['ut'] = random.pick(NUMBERS)
    if (sometimes(40)) record[random.pick(['foo', 'foo_', 'é'])] = 1
    if (!sometimes(12)) addValue(record, random)
    if (sometimes(40)) addValue(record, random)
    return record
  })
}

function addValue(record: { [label: string]: string | number | boolean }, random: Random): void {
  switch (random.below(8)) {
    case 0:
      record['vs'] = random.pick(['on', 'off', '', 'é😀', 'long text'])
      return
    case 1:
      record['vb'] = random.below(2) === 0
      return
    case 2:
      record['vd'] = Buffer.from(Uint8Array.from({ length: random.below(6) }, () => random.below(256))).toString(
        'base64url',
      )
      return
    default:
      record['v'] = random.pick(NUMBERS)
  }
}
