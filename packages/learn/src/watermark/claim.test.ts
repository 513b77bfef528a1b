import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LearnError } from '../base/error.ts'
import { claimStatement, newClaim, readClaim } from './claim.ts'
import { spaceOf } from './space.ts'
import { machine } from './watermark.testkit.ts'

const space = spaceOf(machine(100, 1), ['a', 'b', 'c', 'd'], ['good', 'worn'])
const claimed = {
  name: 'state.model.json',
  sha256: 'a'.repeat(64),
  claim: newClaim({
    commitment: 'b'.repeat(64),
    owner: 'Mill 3',
    ownerKey: 'AAAA',
    date: '2026-01-05T00:00:00Z',
    space,
  }),
}
const statement = claimStatement(claimed)

function outcome(text: string): string {
  try {
    readClaim(text)
    return 'read'
  } catch (error) {
    if (error instanceof LearnError) return error.code
    throw error
  }
}

/** The statement with something else at a path. */
function withAt(path: string, value: unknown): string {
  const whole = JSON.parse(statement) as Record<string, unknown>
  const names = path.split('.')
  const last = names.pop()!
  const at = names.reduce<Record<string, unknown>>((held, name) => held[name] as Record<string, unknown>, whole)
  at[last] = value
  return JSON.stringify(whole)
}

test('a claim is read back as it was written', () => {
  expect(readClaim(statement)).toEqual(claimed)
})

test.each([
  ['_type', 'https://in-toto.io/Statement/v0.1', 'claim_malformed'],
  ['predicateType', 'https://slsa.dev/provenance/v1', 'claim_malformed'],
  ['predicateType', 'urn:ringwall:watermark-claim:v1', 'claim_version'],
  ['subject', [], 'claim_malformed'],
  ['subject.0', null, 'claim_malformed'],
  ['subject.0.digest', { sha512: 'a' }, 'claim_malformed'],
  ['subject.0.name', '', 'claim_malformed'],
  ['predicate', 7, 'claim_version'],
  ['predicate.version', 1, 'claim_version'],
  ['predicate.scheme', 'other', 'claim_version'],
  ['predicate.commitment', 'B'.repeat(64), 'claim_malformed'],
  ['predicate.owner', null, 'claim_malformed'],
  ['predicate.owner', 'Mill\u001b[2J', 'claim_malformed'],
  ['predicate.owner', 'Mill \u202e3', 'claim_malformed'],
  ['predicate.owner', 'x'.repeat(2_000), 'claim_malformed'],
  ['subject.0.name', 'a\nb', 'claim_malformed'],
  ['predicate.date', 'yesterday', 'claim_malformed'],
  ['predicate.date', '2026-01-05 (\u001b[2Jforged)', 'claim_malformed'],
  ['predicate.date', '2026-13-05T00:00:00Z', 'claim_malformed'],
  ['predicate.space', {}, 'watermark_space'],
])('with another %s it is refused', (path, value, code) => {
  expect(outcome(withAt(path, value))).toBe(code)
})

test('whatever stands in a claim is read, or refused by a code', () => {
  const codes = ['read', 'claim_malformed', 'claim_version', 'watermark_space']
  const broken = fc
    .tuple(fc.nat(statement.length), fc.nat(9), fc.string({ maxLength: 5 }))
    .map(([at, length, put]) => statement.slice(0, at) + put + statement.slice(at + length))
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), broken), text => codes.includes(outcome(text))),
    { seed: 1, numRuns: 500 },
  )
})
