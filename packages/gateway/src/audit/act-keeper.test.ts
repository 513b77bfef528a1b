import { hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isSideFileName, readSideFile, sideFileName } from './act-files.ts'
import { ActKeeper } from './act-keeper.ts'
import { Committer } from './commitment.ts'
import type { AuditEvent } from './event.ts'

const committer = new Committer(new Uint8Array(32).fill(4))
const party = { device: 'pump-1', address: '10.0.0.1', connection: 7, direction: 'up', topic: 'plant/pump-1' } as const
const TIME = 1_700_000_000_000
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-acts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const keeperOf = (parts: object = {}, size = 0) =>
  new ActKeeper({ folder, keep: 1e9, size: 1e9, ...parts }, committer, size)

/** Acts of one party, `count` of them from `time` on, one a millisecond. */
function gather(keeper: ActKeeper, count: number, time = TIME): void {
  const current = keeper.current()
  if (current === null) throw new Error('no room')
  const number = current.batch.party(party)
  for (let i = 0; i < count; i++) current.batch.add(number, time + i, 135, 0, 0)
}

const batch = async (keeper: ActKeeper, count = 3, time = TIME): Promise<AuditEvent> => {
  gather(keeper, count, time)
  const [event] = await keeper.end()
  return event
}

test('an entry says which file holds its acts, and its digest', async () => {
  const { details } = await batch(keeperOf({}, 41))
  expect(details).toMatchObject({ file: sideFileName(41, 0), count: 3, from: TIME, until: TIME + 2 })
  const bytes = readFileSync(join(folder, String(details?.['file'])))
  expect(hash('sha256', bytes)).toBe(details?.['digest'])
  expect(readSideFile(folder, sideFileName(41, 0)).parties).toEqual([party])
})

test('two files of the same acts have nothing in common that tells so', async () => {
  const keeper = keeperOf()
  const [a, b] = [await batch(keeper), await batch(keeper)]
  expect(a.details?.['digest']).not.toBe(b.details?.['digest'])
  expect(a.details?.['root']).not.toBe(b.details?.['root'])
})

test('names go up from batch to batch and from run to run, though the clock is set back', async () => {
  const first = keeperOf({}, 10)
  const names = [
    await batch(first, 3, TIME),
    await batch(first, 3, TIME - 1e9),
    await batch(keeperOf({}, 12), 3, 0),
  ].map(({ details }) => String(details?.['file']))
  expect(names).toEqual([...names].sort())
  expect(new Set(names).size).toBe(3)
  expect(isSideFileName('../../etc/passwd')).toBe(false)
})

test('a batch does not wait for a clock that was set back to come round again', async () => {
  const keeper = keeperOf()
  gather(keeper, 3)
  expect(keeper.tick(TIME + 5_000)).toEqual([])
  keeper.tick(TIME - 3_600_000)
  expect(readdirSync(folder).length + (await keeper.end()).length).toBeGreaterThanOrEqual(1)
  expect(keeper.current()?.batch.count).toBe(0)
})

test('where a file cannot be written the entry says so, and nothing half written stays', async () => {
  const keeper = keeperOf({ folder: join(folder, 'gone') })
  const { details, message } = await batch(keeper)
  expect(details).toMatchObject({ failed: 'ENOENT', count: 3 })
  expect(details).not.toHaveProperty('file')
  expect(message).toBe('3 allowed acts')
  writeFileSync(join(folder, 'x.acts.new'), 'half', { mode: 0o600 })
  keeperOf()
  expect(readdirSync(folder)).toEqual([])
})

test('what finds no room is counted in the next entry', async () => {
  const keeper = keeperOf()
  gather(keeper, 65_536)
  expect(keeper.current()?.batch.count).toBe(0)
  gather(keeper, 65_536)
  for (let i = 0; i < 7; i++) expect(keeper.current()).toBeNull()
  expect(keeper.isBehind).toBe(true)
  const events = await keeper.end()
  expect(events.map(({ message }) => message)).toEqual([
    '65536 allowed acts',
    '65536 allowed acts, and 7 that were only counted',
  ])
})

describe('side files over their bounds', () => {
  const files = (): string[] => readdirSync(folder).sort()

  test('go oldest first, and the ledger says so before they do', async () => {
    const keeper = keeperOf({ size: 700 })
    for (let i = 0; i < 6; i++) await batch(keeper)
    const before = files()
    let told: AuditEvent | null = null
    await keeper.trim(TIME, async event => {
      told = event
      expect(files()).toEqual(before)
      return true
    })
    expect(files().length).toBeGreaterThan(0)
    const gone = before.length - files().length
    expect(files()).toEqual(before.slice(gone))
    expect(told).toMatchObject({ kind: 'trimmed', details: { until: before[gone - 1], count: gone } })
  })

  test('go by age, and those that are not too old end the row', async () => {
    const keeper = keeperOf({ keep: 1_000 })
    for (let i = 0; i < 3; i++) await batch(keeper)
    const [a, b, c] = files()
    for (const name of [a, c]) utimesSync(join(folder, name), new Date(TIME - 5_000), new Date(TIME - 5_000))
    utimesSync(join(folder, b), new Date(TIME), new Date(TIME))
    await keeper.trim(TIME, async () => true)
    expect(files()).toEqual([b, c])
  })

  test('stay where the ledger could not say that they go, or cannot be removed, and are tried again', async () => {
    const keeper = keeperOf({ size: 1 })
    await batch(keeper)
    const [name] = files()
    await keeper.trim(TIME, async () => false)
    expect(files()).toEqual([name])
    rmSync(join(folder, name))
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'x'), '')
    await keeper.trim(TIME + 61_000, async () => true)
    expect(files()).toEqual([name])
    rmSync(join(folder, name), { recursive: true })
    await batch(keeper)
    await keeper.trim(TIME + 122_000, async () => true)
    expect(files()).toEqual([])
  })

  test('are looked at once a minute, and nothing is told where none goes', async () => {
    const keeper = keeperOf()
    await batch(keeper)
    const tell = async (): Promise<boolean> => {
      throw new Error('told')
    }
    await keeper.trim(TIME, tell)
    const small = keeperOf({ size: 1 })
    await small.trim(TIME, async () => true)
    await batch(small)
    await small.trim(TIME + 1_000, tell)
    expect(files().length).toBe(1)
  })
})

test.each([
  ['acts_missing', () => {}],
  ['acts_malformed', (path: string) => writeFileSync(path, 'RWACTS')],
  [
    'acts_malformed',
    (path: string) => writeFileSync(path, Buffer.concat([Buffer.from('RWACTS1\n'), Buffer.alloc(24, 255)])),
  ],
  ['acts_unreadable', (path: string) => mkdirSync(path)],
])('a side file that cannot be read has the code %s', (code, spoil) => {
  spoil(join(folder, sideFileName(1, 1)))
  expect(() => readSideFile(folder, sideFileName(1, 1))).toThrow(expect.objectContaining({ code }))
})

test('a side file is for its owner only', async () => {
  await batch(keeperOf())
  expect(statSync(join(folder, sideFileName(0, 0))).mode & 0o777).toBe(0o600)
})
