import { expect, test } from 'vitest'
import { ActBatch, RECORD_BYTES } from './act-batch.ts'
import type { SideFile } from './act-files.ts'
import { Committer } from './commitment.ts'
import { checkAct, checkPayload, discloseAct, disclosePayload } from './disclose.ts'
import { entryOf } from './ocsf.ts'

const committer = new Committer(new Uint8Array(32).fill(3))
const origin = { version: '0', site: 'mill-3', origin: 'ringwall/mill-3' }
const party = { device: 'pump-1', address: '10.0.0.1', connection: 7, direction: 'up', topic: 'plant/pump-1' } as const
const other = { ...party, device: 'press-1', topic: 'plant/press-1' }

function batch(count: number, milliseconds: number): { entry: ReturnType<typeof entryOf>; side: SideFile } {
  const acts = new ActBatch()
  acts.party(party)
  acts.party(other)
  for (let i = 0; i < count; i++) acts.add(i % 3 === 0 ? 0 : 1, 1e12 + (i * milliseconds) / count, i, 0, 1)
  const { root, nonce, bytes, group } = acts.finish(committer)
  const details = { root: root.toString('hex'), nonce: nonce.toString('hex'), count, group }
  const entry = entryOf({ kind: 'allowed', time: 0, message: '', details }, origin, committer)
  return { entry, side: { parties: [party, other], records: bytes.subarray(bytes.length - count * RECORD_BYTES) } }
}

test.each([
  [1, 10],
  [37, 1_000],
  [20_001, 1_000],
  [60_001, 500],
])('each of %d acts can be proven without the others', (count, milliseconds) => {
  const { entry, side } = batch(count, milliseconds)
  for (const index of [0, Math.floor(count / 2), count - 1]) {
    const disclosure = discloseAct(entry, side, index, committer)
    if (disclosure === null) throw new Error('not disclosed')
    const found = checkAct(entry, disclosure)
    expect(found).toMatchObject({ ok: true, act: { bytes: index, qos: 1 }, party: index % 3 === 0 ? party : other })
    // Nobody else is named in it.
    const hidden = index % 3 === 0 ? 'press-1' : 'pump-1'
    expect(Buffer.from(JSON.stringify(disclosure)).includes(Buffer.from(hidden).toString('hex'))).toBe(false)
  }
})

test('what does not hold is named', () => {
  const { entry, side } = batch(37, 1_000)
  const good = discloseAct(entry, side, 20, committer)
  if (good === null) throw new Error('not disclosed')
  const codeOf = (parts: Partial<typeof good>): string => {
    const found = checkAct(entry, { ...good, ...parts })
    return found.ok ? 'ok' : found.code
  }
  const flip = (hex: string): string => `${hex[0] === '0' ? '1' : '0'}${hex.slice(1)}`
  expect(codeOf({})).toBe('ok')
  expect(codeOf({ index: 37 })).toBe('act_range')
  expect(codeOf({ index: 21 })).toBe('act_inclusion_mismatch')
  expect(codeOf({ leaf: flip(good.leaf) })).toBe('act_inclusion_mismatch')
  expect(codeOf({ path: good.path.slice(1) })).toBe('act_inclusion_mismatch')
  expect(codeOf({ path: ['zz'] })).toBe('act_malformed')
  expect(codeOf({ salt: flip(good.salt) })).toBe('act_party_mismatch')
  expect(codeOf({ party: discloseAct(entry, side, 0, committer)?.party ?? '' })).toBe('act_party_mismatch')
  expect(checkAct(entryOf({ kind: 'start', time: 0, message: '' }, origin, committer), good)).toMatchObject({
    code: 'act_none',
  })
  side.records[5] ^= 1
  expect(discloseAct(entry, side, 20, committer)).toBeNull()
})

test('a payload is disclosed to whom its owner discloses it, and no other passes for it', () => {
  const payload = new TextEncoder().encode('open the gate')
  const entry = entryOf({ kind: 'refuse', time: 0, message: '', payload }, origin, committer)
  const disclosure = disclosePayload(entry, payload, committer)
  if (disclosure === null) throw new Error('not disclosed')
  expect(checkPayload(entry, disclosure)).toBe('ok')
  expect(checkPayload(entry, { ...disclosure, bytes: '00' })).toBe('payload_mismatch')
  expect(disclosePayload(entry, payload.slice(1), committer)).toBeNull()
  expect(checkPayload(entryOf({ kind: 'start', time: 0, message: '' }, origin, committer), disclosure)).toBe(
    'payload_none',
  )
})
