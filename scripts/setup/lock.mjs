import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './run.mjs'

const POLL_MS = 250
const PATIENCE_MS = 15 * 60_000

/**
 * Runs `work` while no other set-up of the same name runs on this machine. The lock is a file that holds its owner's
 * process id; one whose owner is gone is taken over.
 */
export async function exclusively(name, work) {
  const file = join(tmpdir(), `ringwall-setup-${createHash('sha256').update(name).digest('hex').slice(0, 16)}.lock`)
  const deadline = Date.now() + PATIENCE_MS
  let told = false
  while (!take(file)) {
    if (Date.now() > deadline) throw new Error(`another set-up holds ${file} for too long; remove it if none runs`)
    if (!told) say('another set-up is at work; waiting for it')
    told = true
    await sleep(POLL_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (ownerIsGone(file)) discard(file)
    return false
  }
}

function ownerIsGone(file) {
  const owner = Number(read(file))
  // An empty file belongs to a process between its open and its write.
  if (!Number.isInteger(owner) || owner <= 0) return false
  try {
    process.kill(owner, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

// Renaming first lets one process alone discard a stale lock.
function discard(file) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    rmSync(aside, { force: true })
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
