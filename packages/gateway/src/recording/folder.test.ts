import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listSegments, segmentName, trimFolder } from './folder.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 0, 2)

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-segments-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function segment(worker: number, hours: number, size: number): string {
  const path = join(folder, segmentName(worker, NOW - hours * HOUR))
  writeFileSync(path, Buffer.alloc(size))
  utimesSync(path, (NOW - hours * HOUR) / 1_000, (NOW - hours * HOUR) / 1_000)
  return path
}

const hoursLeft = (): number[] => listSegments(folder).map(({ began }) => (NOW - began) / HOUR)

test('a name tells when a segment began and by whom, and the oldest is first', () => {
  segment(1, 1, 5)
  segment(0, 3, 7)
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  expect(listSegments(folder).map(({ worker, began, size }) => ({ worker, began, size }))).toEqual([
    { worker: 0, began: NOW - 3 * HOUR, size: 7 },
    { worker: 1, began: NOW - HOUR, size: 5 },
  ])
  expect(listSegments(join(folder, 'none'))).toEqual([])
})

test('what is too old goes, then the oldest until the rest fits; other files and what is being written stay', () => {
  const open = segment(0, 9, 50)
  segment(1, 8, 10)
  for (const hours of [4, 3, 2, 1]) segment(0, hours, 10)
  writeFileSync(join(folder, 'notes.txt'), Buffer.alloc(100))
  expect(trimFolder(folder, 1e9, 5 * HOUR, new Set([open]), NOW).length).toBe(1)
  expect(hoursLeft()).toEqual([9, 4, 3, 2, 1])
  trimFolder(folder, 71, 5 * HOUR, new Set([open]), NOW)
  expect(hoursLeft()).toEqual([9, 2, 1])
  trimFolder(folder, 15, 5 * HOUR, new Set(), NOW)
  expect(hoursLeft()).toEqual([1])
})
