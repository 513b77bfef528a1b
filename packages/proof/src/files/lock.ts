import {
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ProofError } from '../error.ts'

export const LOCK_FILE = 'lock'

/**
 * Who holds a lock: the process, what tells it from another that got its number later, and the space in which its number means something
 * (pid_namespaces(7)); empty where the system does not say.
 */
interface Holder {
  readonly pid: number
  readonly birth: string
  readonly space: string
}

/** A holder lets the others know so often that it lives, and is taken for dead by those that cannot see it when it was silent for so long; ms. */
const BEAT_MS = 5_000
const SILENT_MS = 60_000

/**
 * Takes a ledger's folder for this process. The lock of a process that is gone, or whose number is another's by now, is moved away first:
 *  of two that see it, one succeeds. Error: `ledger_locked`.
 * @param takesOwn takes that of this process too, whose thread that wrote has died
 */
export function takeLock(folder: string, takesOwn = false): { release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, LOCK_FILE)
  const own = `${process.pid} ${birthOf(process.pid) || '-'} ${spaceOf()}\n`
  for (let isAgain = false; ; isAgain = true) {
    try {
      create(path, own)
      return held(path, own)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const text = readIfAny(path)
      const holder = holderOf(text)
      const isForeign = holder.space !== '' && holder.space !== spaceOf()
      if (isForeign && !isSilent(path))
        throw new ProofError(
          'ledger_locked',
          `process ${holder.pid} of another container or machine writes ${folder}: stop it; where it is dead, try again in ${SILENT_MS / 1_000} s`,
        )
      if (isAgain || (!isForeign && isAlive(holder) && !(takesOwn && text === own)))
        throw new ProofError(
          'ledger_locked',
          `process ${holder.pid} writes ${folder}: stop it, or remove ${path} if it is none`,
        )
      putAway(path, text)
    }
  }
}

/** Lets others know that its holder lives, until it is released; only what is still its own is removed. */
function held(path: string, own: string): { release(): void } {
  const beat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date())
    } catch {
      // Somebody has removed it; the next beat will say the same.
    }
  }, BEAT_MS)
  beat.unref()
  return {
    release: () => {
      clearInterval(beat)
      if (readIfAny(path) === own) rmSync(path, { force: true })
    },
  }
}

/** Nobody has let others know for long. */
function isSilent(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined || Math.abs(Date.now() - stat.mtimeMs) >= SILENT_MS
}

/** The machine's start does not tell containers of one machine apart; this does. */
function spaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** A lock is there with what it says, or not at all: nobody finds one that names no one yet. */
function create(path: string, text: string): void {
  const written = `${path}.${process.pid}`
  writeFileSync(written, text, { mode: 0o600 })
  try {
    linkSync(written, path)
  } finally {
    rmSync(written, { force: true })
  }
}

/** Moves away the lock that was judged. Where another took its place meanwhile, that one is put back. */
function putAway(path: string, judged: string): void {
  const away = `${path}.${process.pid}.old`
  try {
    renameSync(path, away)
    if (readIfAny(away) !== judged) linkSync(away, path)
    rmSync(away)
  } catch {
    // Another was quicker: its lock is found in the next try.
  }
}

function readIfAny(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function holderOf(text: string): Holder {
  const [pid = '', birth = '', space = ''] = text.trim().split(' ')
  return { pid: Number(pid), birth: birth === '-' ? '' : birth, space }
}

/** When a process began: the machine's start, and clock ticks since then (proc(5), field 22). */
function birthOf(pid: number): string {
  const stat = readIfAny(`/proc/${pid}/stat`)
  // The name before it, in parentheses, may hold spaces.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return ticks === undefined ? '' : `${readIfAny('/proc/sys/kernel/random/boot_id').trim()}/${ticks}`
}

function isZombie(pid: number): boolean {
  const stat = readIfAny(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

function isAlive({ pid, birth }: Holder): boolean {
  // A lock that names nobody was cut short by a crash.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const now = birthOf(pid)
  // It has ended, and only its parent has not asked for it yet (proc(5)).
  if (isZombie(pid)) return false
  return birth === '' || now === '' || now === birth
}
