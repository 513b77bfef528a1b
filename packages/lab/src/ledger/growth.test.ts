import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeCbor } from '@ringwall/proof'
import { afterAll, expect, test } from 'vitest'
import { rewriteLedger } from './copy.ts'
import { entriesIn, growthSince } from './growth.ts'
import { madeUpKey } from './keys.ts'

const home = mkdtempSync(join(tmpdir(), 'ringwall-growth-'))
afterAll(() => rmSync(home, { recursive: true }))

const entry = (event: Parameters<typeof encodeCbor>[0]) => encodeCbor(event)
const refusal = (parts: object) =>
  entry({ class_uid: 2004, disposition_id: 2, finding_info: { uid: 'access:publish_denied' }, ...parts })

test('counts what a device and strangers brought about, each by its code, and nothing else', async () => {
  const folder = join(home, 'ledger')
  const alarm = entry({ class_uid: 2004, finding_info: { uid: 'alarm:alarm' } })
  await rewriteLedger(folder, await madeUpKey('lab.example'), [
    refusal({ device: { uid: 'pump-1' } }),
    refusal({ device: { uid: 'pump-1' } }),
    entry({ class_uid: 4001, activity_id: 1, device: { uid: 'pump-1' }, metadata: { event_code: 'opened' } }),
    // Blocked before its session: it takes the room of strangers, as the ledger counts.
    entry({ class_uid: 4001, activity_id: 5, device: { uid: 'pump-1' }, metadata: { event_code: 'turned_away' } }),
    refusal({}),
    refusal({ device: { uid: 'valve-1' } }),
    alarm,
  ])
  expect(entriesIn(folder)).toBe(7)
  const growth = growthSince(folder, 1, 'pump-1')
  expect(growth).toMatchObject({ entries: 6, device: 2, strangers: 2 })
  expect(Object.fromEntries(growth.codes)).toEqual({ publish_denied: 2, opened: 1, turned_away: 1 })
  expect(growthSince(folder, 6, 'pump-1')).toMatchObject({ entries: 1, bytes: alarm.length + 35, device: 0 })
})
