import { expect, test } from 'vitest'
import { Bounds } from './bounds.ts'
import type { AuditEvent } from './event.ts'

const MINUTE = 60_000
const refused = (device: string, code: string, address = '10.0.0.1'): AuditEvent => ({
  kind: 'refuse',
  time: 0,
  message: '',
  device,
  address,
  findings: [{ guard: 'access', code, severity: 'medium', clause: '', why: '' }],
})

test('the first ten of a kind by device stand by themselves, the rest is counted and told once the minute is over', () => {
  const bounds = new Bounds()
  bounds.turn(MINUTE)
  const taken = Array.from({ length: 1_000 }, () => bounds.takes(refused('pump-1', 'publish_denied')))
  expect(taken.filter(Boolean).length).toBe(10)
  expect(bounds.takes(refused('pump-1', 'topic_unknown'))).toBe(true)
  expect(bounds.turn(2 * MINUTE - 1)).toBeNull()
  expect(bounds.turn(2 * MINUTE)).toEqual({
    time: MINUTE,
    counts: [{ kind: 'refuse', who: 'pump-1', code: 'access:publish_denied', count: 990 }],
    others: 0,
  })
  expect(bounds.takes(refused('pump-1', 'publish_denied'))).toBe(true)
  expect(bounds.turn(3 * MINUTE)).toBeNull()
})

test('no device takes more than its part, and none is missing in the counts', () => {
  const bounds = new Bounds()
  bounds.turn(MINUTE)
  const codes = Array.from({ length: 500 }, (_, i) => bounds.takes(refused('pump-1', `code_${i}`)))
  expect(codes.filter(Boolean).length).toBe(60)
  expect(bounds.takes(refused('pump-2', 'x'))).toBe(true)
  const minute = bounds.turn(2 * MINUTE)
  expect((minute?.counts.length ?? 0) <= 256).toBe(true)
  expect(minute?.counts.reduce((sum, { count }) => sum + count, minute.others)).toBe(440)
})

test('a crowd of devices, and of strangers, sizes neither the ledger nor memory, and neither takes the room of the other', () => {
  const bounds = new Bounds()
  bounds.turn(MINUTE)
  let taken = 0
  for (let i = 0; i < 100_000; i++)
    if (bounds.takes(refused('', 'certificate_missing', `10.0.${i >> 8}.${i & 255}`))) taken++
  expect(taken).toBe(200)
  taken = 0
  for (let i = 0; i < 100_000; i++) if (bounds.takes(refused(`pump-${i}`, 'x'))) taken++
  expect(taken).toBe(600)
  expect(bounds.takes({ kind: 'bypass_on', time: 0, message: '' })).toBe(true)
  const minute = bounds.turn(2 * MINUTE)
  expect(minute?.counts.length).toBe(256)
  expect(minute?.counts.reduce((sum, { count }) => sum + count, minute.others)).toBe(200_000 - 800)
})
