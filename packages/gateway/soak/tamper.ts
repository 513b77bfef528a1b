import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { decodeEntries, TILE_WIDTH } from '@ringwall/proof'
import { verifyLedger } from '../src/audit/verify.ts'
import { type KeptLedger, keptLedger } from './kept-ledger.ts'
import { type Outcome, random, type SoakOptions } from './soak.ts'

const ENTRIES = 100_000
/** Verifications of the untouched ledger: none may find anything. */
const UNTOUCHED = 5
const WAYS = ['flip', 'remove', 'duplicate'] as const

/** What somebody does to one byte of one file. */
interface Change {
  readonly file: string
  readonly at: number
  readonly way: (typeof WAYS)[number]
  readonly bit: number
}

/**
 * Changes one byte somewhere in a ledger at rest, round after round, and verifies it. Its promise: each time the file is named, and of a byte that
 * was flipped in an entry, the entry. All files take part: a ledger at rest has no lock, which is the only one that says nothing.
 */
export const tamper = (options: SoakOptions): Promise<Outcome> => tamperWith(options, ENTRIES)

export async function tamperWith({ rounds, seed, tell }: SoakOptions, entries: number): Promise<Outcome> {
  const dice = random(seed)
  tell(`tamper: ${rounds} places, ${entries} entries, seed ${seed}`)
  const ledger = await keptLedger(entries)
  try {
    const files = filesOf(ledger.folder)
    let named = 0
    let missed = 0
    for (let round = 1; round <= rounds; round++) {
      const change = chosen(files, dice)
      const fault = await faultOf(ledger, change)
      if (fault === '') named++
      else {
        missed++
        tell(`tamper: ${JSON.stringify(change)}: ${fault}`)
      }
      if (round % 100 === 0) tell(`tamper: place ${round} of ${rounds}`)
    }
    let false_alarms = 0
    for (let i = 0; i < UNTOUCHED; i++) {
      if (!(await verifyLedger(ledger.folder, ledger.keys, null)).ok) false_alarms++
    }
    const figures = { places: rounds, files: files.length, entries, named, missed, untouched: UNTOUCHED, false_alarms }
    return { good: missed === 0 && false_alarms === 0, figures }
  } finally {
    ledger.remove()
  }
}

interface File {
  readonly name: string
  readonly bytes: number
}

function filesOf(folder: string): File[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(each => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map(path => ({ name: relative(folder, path).replaceAll('\\', '/'), bytes: statSync(path).size }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Half of the places are any byte of all, half any file: else the small files at the top would never be met. */
function chosen(files: readonly File[], dice: () => number): Change {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let place = dice() * total
  const byBytes = files.find(({ bytes }) => {
    place -= bytes
    return place < 0
  })
  const file = dice() < 0.5 && byBytes !== undefined ? byBytes : files[Math.floor(dice() * files.length)]
  const way = WAYS[Math.floor(dice() * WAYS.length)]
  return { file: file.name, at: Math.floor(dice() * file.bytes), way, bit: 1 << Math.floor(dice() * 8) }
}

/** What is wrong with what a verification says of a change, '' where it names it. The file is as it was afterwards. */
async function faultOf({ folder, keys }: KeptLedger, change: Change): Promise<string> {
  const path = join(folder, change.file)
  const before = readFileSync(path)
  writeFileSync(path, changed(before, change))
  try {
    const found = await verifyLedger(folder, keys, null)
    if (found.ok) return 'it holds'
    if (found.file !== change.file) return `${found.code} in ${found.file}`
    const entry = entryAt(before, change)
    return entry === null || entry === found.entry ? '' : `${found.code} in entry ${found.entry}, not ${entry}`
  } finally {
    writeFileSync(path, before)
  }
}

function changed(before: Buffer, { at, way, bit }: Change): Buffer {
  if (way === 'flip') {
    const after = Buffer.from(before)
    after[at] ^= bit
    return after
  }
  return Buffer.concat([
    before.subarray(0, way === 'remove' ? at : at + 1),
    before.subarray(way === 'remove' ? at + 1 : at),
  ])
}

/** The entry that a flipped byte of a bundle is in; null where that is not the question. */
function entryAt(bundle: Buffer, { file, at, way }: Change): number | null {
  const found = /^tile\/entries\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/\d+)?$/.exec(file)
  if (found === null || way !== 'flip') return null
  const index = Number(`${found[1].replaceAll(/[x/]/g, '')}${found[2]}`)
  let end = 0
  const inBundle = decodeEntries(bundle, TILE_WIDTH).entries.findIndex(({ length }) => {
    end += 2 + length
    return end > at
  })
  return index * TILE_WIDTH + inBundle
}
