import { expect, test } from 'vitest'
import { inspectStream } from '../src/cli/inspect-stream.ts'
import { FIXED, RELAXED } from './strict.ts'
import { judgeTalk } from './talk.ts'
import type { Vector } from './vector.ts'
import { talks, vectors } from './vectors/index.ts'

/** An identifier in use is relaxed here, and not where a message has it. */
const RELAXED_ID = 'a SUBSCRIBE with the identifier of a message'

const told = ({ name, version, expect: code, clause, strict }: Vector): string =>
  `${version} ${name}: ${code === 'accept' ? 'accept' : `${code}${strict ? ' (strict)' : ''} ${clause}`}`

function judged(vector: Vector): string {
  const { verdict, code, clause, strict } = inspectStream(Buffer.from(vector.hex, 'hex'), vector.options)
  const { name, version } = vector
  return `${version} ${name}: ${verdict === 'accept' ? 'accept' : `${code}${strict ? ' (strict)' : ''} ${clause}`}`
}

test('every vector is judged as it says, by its code, its clause and whether it is strict', () => {
  expect(vectors.map(judged).filter((line, index) => line !== told(vectors[index]))).toEqual([])
})

test('what is strict passes where strictness is off, but for the codes that a reason is given for', () => {
  const strict = vectors.filter(each => each.strict)
  const codes = new Set(strict.map(each => each.expect))
  expect([...codes].sort()).toEqual([...new Set([...Object.keys(RELAXED), ...Object.keys(FIXED)])].sort())
  const refused = strict.filter(({ hex, options, expect: code }) => {
    const { verdict } = inspectStream(Buffer.from(hex, 'hex'), { ...options, strict: false })
    return (verdict === 'accept') !== code in RELAXED
  })
  expect(refused.filter(({ name }) => name !== RELAXED_ID).map(told)).toEqual([])
})

test('there are at least a thousand different streams, of both versions, legal and not', () => {
  // A legal stream may be the near miss of several clauses; one that is refused stands for itself.
  const streams = (list: readonly Vector[]) =>
    new Set(list.map(({ hex, options }) => hex + JSON.stringify(options ?? {})))
  const refused = vectors.filter(each => each.expect !== 'accept')
  expect(streams(refused).size).toBe(refused.length)
  expect(streams(vectors).size).toBeGreaterThanOrEqual(1_000)
  expect(new Set(vectors.map(({ name, version }) => `${version} ${name}`)).size).toBe(vectors.length)
  for (const version of [4, 5]) {
    const some = vectors.filter(each => each.version === version)
    const legal = some.filter(each => each.expect === 'accept').length
    expect(legal).toBeGreaterThan(100)
    expect(some.length - legal).toBeGreaterThan(100)
  }
})

test('every talk of two sides is judged as it says', () => {
  const wrong = talks.filter(each => {
    const fault = judgeTalk(each)
    return fault === null ? each.expect !== 'accept' : fault.code !== each.expect || fault.clause !== each.clause
  })
  expect(
    wrong.map(each => `${each.version} ${each.name}: ${judgeTalk(each)?.code} ${judgeTalk(each)?.clause}`),
  ).toEqual([])
})
