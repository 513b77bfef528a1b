import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Ledger, LedgerReader, verifyFolder } from '@ringwall/proof/files'
import { entriesFrom, keysOf, newKeys, ORIGIN } from './ledger-entries.ts'
import { mountSmall } from './small-disk.ts'
import { type Outcome, random, type SoakOptions } from './soak.ts'

const CHILD = join(import.meta.dirname, 'ledger-appender.ts')
/** A round lasts until so many commits were acknowledged, and then some milliseconds. */
const COMMITS = { least: 3, more: 40 }
const STRAY_MS = 12
/** Room of the file system that fills up, and of the file that is taken off it to make room again. */
const DISK_BYTES = 4 * 2 ** 20
const BALLAST_BYTES = 2 * 2 ** 20

/**
 * Kills a ledger's writer during appends, round after round; then lets one run into a full file system, where that can be mounted. Its promise:
 * what was acknowledged is there, in its place, and the ledger opens.
 */
export async function ledger({ rounds, seed, tell }: SoakOptions): Promise<Outcome> {
  const dice = random(seed)
  const started = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'ringwall-soak-'))
  const keys = await newKeys()
  const path = join(folder, 'killed')
  let [acknowledged, lost] = [0, 0]
  try {
    for (let round = 1; round <= rounds; round++) {
      const goal = COMMITS.least + Math.floor(dice() * COMMITS.more)
      const child = append(path, keys)
      await child.until(lines => lines.length >= goal)
      await sleep(dice() * STRAY_MS)
      acknowledged = sizeIn(await child.kill(), acknowledged)
      lost += await lostIn(path, acknowledged, keys)
      if (round % 10 === 0 || round === rounds) tell(`ledger: kill ${round} of ${rounds}, ${acknowledged} acknowledged`)
    }
    await (await Ledger.open(path, { ...(await keysOf(keys)), origin: ORIGIN })).close()
    lost += await lostIn(path, acknowledged, keys)
    const full = await fillUp(folder, keys, tell)
    const seconds = Math.round((performance.now() - started) / 1000)
    const figures = {
      rounds,
      seed,
      acknowledged,
      lost: lost + full.lost,
      refused: full.refused,
      filled: full.filled,
      seconds,
    }
    return { good: figures.lost === 0 && acknowledged > 0 && (full.filled === 0 || full.refused > 0), figures }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A file system runs full during appends; room is made, it goes on; and it runs full again and its writer is killed. */
async function fillUp(folder: string, keys: string, tell: (text: string) => void) {
  const disk = mountSmall(join(folder, 'small'), DISK_BYTES)
  if (disk === null) {
    tell('ledger: no small file system can be mounted here: the full disk is left out')
    return { lost: 0, refused: 0, filled: 0 }
  }
  try {
    const ballast = join(disk.path, 'ballast')
    writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES, 1))
    const path = join(disk.path, 'ledger')
    mkdirSync(path)
    const child = append(path, keys)
    await child.until(lines => lines.filter(line => line === 'ledger_full').length >= 20)
    const before = sizeIn(child.lines(), 0)
    let lost = await lostIn(path, before, keys)
    rmSync(ballast)
    await child.until(lines => sizeIn(lines, 0) > before)
    const refused = child.lines().filter(line => line === 'ledger_full').length
    await child.until(lines => lines.filter(line => line === 'ledger_full').length >= refused + 20)
    const after = sizeIn(await child.kill(), 0)
    lost += await lostIn(path, after, keys)
    tell(`ledger: full at ${before} entries and at ${after}, ${refused} appends refused`)
    return { lost, refused, filled: 2 }
  } finally {
    disk.unmount()
  }
}

function append(path: string, keys: string) {
  const child = spawn(process.execPath, [CHILD, path, keys], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let told = ''
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk
  })
  const lines = () => told.split('\n').slice(0, -1)
  return {
    lines,
    async until(holds: (lines: readonly string[]) => boolean): Promise<void> {
      while (!holds(lines())) {
        if (child.exitCode !== null) throw new Error(`the writer ended with ${child.exitCode}`)
        await once(child.stdout, 'data')
      }
    },
    async kill(): Promise<string[]> {
      child.kill('SIGKILL')
      await closed
      return lines()
    },
  }
}

/** The last size that was told. */
function sizeIn(lines: readonly string[], before: number): number {
  return Number(lines.findLast(line => /^\d+$/.test(line)) ?? before)
}

/** How many of the acknowledged entries are not there as they were appended. Throws where the ledger does not hold. */
async function lostIn(path: string, acknowledged: number, keys: string): Promise<number> {
  const { verifier } = await keysOf(keys)
  const found = await verifyFolder(path, [verifier])
  if (!found.ok) throw new Error(`${found.code} in ${found.file}: ${found.what}`)
  let lost = Math.max(0, acknowledged - found.size)
  // What no note signs yet is signed by the next opening, and compared in the next round.
  for (const [index, entry] of new LedgerReader(path).entries(0, acknowledged))
    if (!Buffer.from(entry).equals(entriesFrom(index, 1)[0]!)) lost++
  return lost
}
