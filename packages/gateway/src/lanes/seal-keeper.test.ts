import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asCose, readCose, Sealer, SealView, sealKey } from '@ringwall/proof'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import { Document } from '../store/document.ts'
import { FolderStore } from '../store/folder-store.ts'
import { LaneChain } from './seal-chain.ts'
import { CHAINS, SealKeeper } from './seal-keeper.ts'
import { LaneTable } from './table.ts'

const NOTHING = new Uint8Array(0)
const file = () => join(base, `${CHAINS.name}.${CHAINS.kind}`)
let base: string
let table: LaneTable
let sealer: Sealer

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'ringwall-chains-'))
  table = new LaneTable(2)
  sealer = new Sealer(sealKey(new Uint8Array(32), 'pump-1', 1), 1)
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const keeper = () =>
  new SealKeeper(table, new Document(new FolderStore(base, CHAINS.kind), CHAINS.name, CHAINS.version), silentLog)

const chainAt = (lane: number) => new LaneChain(table.open(lane, 1).words)

/** The device says so many messages, all of which come. */
function say(count: number, lane: number): void {
  const view = new SealView()
  for (let i = 0; i < count; i++) {
    const bytes = asCose(sealer.seal('t', NOTHING, 0), NOTHING)
    expect(readCose(bytes, 0, bytes.length, view)).toBe(true)
    chainAt(lane).window.advance(view)
  }
}

/** The gateway begins anew: other memory, the same folder. */
async function restarted(): Promise<SealKeeper> {
  table = new LaneTable(2)
  const kept = keeper()
  await kept.load()
  kept.assigned('valve-1', 0)
  kept.assigned('pump-1', 1)
  return kept
}

test('after an orderly stop a chain stands exactly where it stood, in whatever lane', async () => {
  const kept = keeper()
  kept.assigned('pump-1', 0)
  say(70, 0)
  const before = [...chainAt(0).words]
  await kept.save(true)
  await restarted()
  expect([...chainAt(1).words]).toEqual(before)
  expect(chainAt(1).window.last).toBe(70)
  expect(chainAt(0).window.last).toBe(0)
})

test('after a crash it stands where it was saved, and may jump', async () => {
  const kept = keeper()
  kept.assigned('pump-1', 0)
  say(5, 0)
  await kept.save()
  say(5, 0)
  await restarted()
  expect(chainAt(1).window.last).toBe(5)
  expect(chainAt(1).isBehind).toBe(true)
})

test('an orderly stop counts for one restart only', async () => {
  const kept = keeper()
  kept.assigned('pump-1', 0)
  say(5, 0)
  await kept.save(true)
  await restarted()
  expect(chainAt(1).isBehind).toBe(false)
  await restarted()
  expect(chainAt(1).isBehind).toBe(true)
})

test('a chain that has lost its lane waits for another', async () => {
  const kept = keeper()
  kept.assigned('pump-1', 0)
  say(3, 0)
  kept.evicted('pump-1')
  table.clear(0)
  kept.assigned('valve-1', 0)
  expect(chainAt(0).window.last).toBe(0)
  kept.assigned('pump-1', 1)
  expect(chainAt(1).window.last).toBe(3)
})

test('no more chains wait than twice the lanes, and only those of devices that have sealed', () => {
  const kept = keeper()
  for (let i = 0; i < 9; i++) {
    kept.assigned(`device-${i}`, 0)
    if (i !== 8) say(1, 0)
    kept.evicted(`device-${i}`)
    table.clear(0)
  }
  kept.assigned('device-0', 0)
  expect(chainAt(0).window.last).toBe(0)
  kept.assigned('device-7', 1)
  expect(chainAt(1).window.last).toBe(8)
})

test('a copy is not taken amid a message', () => {
  say(3, 0)
  const chain = chainAt(0)
  expect(chain.copy()).not.toBe(null)
  // The number of the next is written, its tag is not yet.
  chain.words[1]++
  expect(chain.copy()).toBe(null)
})

test('what is damaged is left out, and the rest is kept', async () => {
  const kept = keeper()
  kept.assigned('pump-1', 0)
  say(3, 0)
  await kept.save(true)
  const store = new FolderStore(base, CHAINS.kind)
  const body = JSON.parse(readFileSync(file(), 'utf8').slice(65))
  body.body.chains.push(['valve-1', 'AAAA'], 7)
  await store.put(CHAINS.name, JSON.stringify(body))
  await restarted()
  expect([chainAt(0).window.last, chainAt(1).window.last]).toEqual([0, 3])
  writeFileSync(file(), 'something else')
  await restarted()
  expect(chainAt(1).window.last).toBe(0)
})
