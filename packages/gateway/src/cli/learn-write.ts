import { randomBytes } from 'node:crypto'
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { systemCode } from '../base/error.ts'
import { targetOf, unwritable } from './learn-outputs.ts'

/** What a file holds; many lines piece by piece. */
export type Content = string | Uint8Array | Iterable<string>

/** Who may read a file: whoever the system's mask lets, or its owner alone (mode 0600). */
export type Access = 'shared' | 'secret'

const OWNER_ONLY = 0o600
/** Those who may read and write a file. */
const MODE_BITS = 0o7777

/**
 * Writes a file whole or not at all: beside it first, and then in its place, so that nobody ever reads half of one. What is no file (a pipe, a device) is written to as it is.
 * Error: `file_unusable`.
 */
export function writeWhole(file: string, content: Content, access: Access = 'shared'): void {
  try {
    const there = statSync(file, { throwIfNoEntry: false })
    if (there !== undefined && !there.isFile()) return put(openSync(file, 'w'), content)
    // A link stays one, also where it leads to a file that is not there yet.
    const target = targetOf(file, there)
    const mode = access === 'secret' ? OWNER_ONLY : there === undefined ? undefined : there.mode & MODE_BITS
    // A drawn name: one that was left behind by a process that was killed stands in nobody's way.
    const beside = `${target}.${randomBytes(8).toString('hex')}.tmp`
    create(beside, content, mode)
    try {
      renameSync(beside, target)
    } catch (error) {
      rmSync(beside, { force: true })
      throw error
    }
  } catch (error) {
    const code = systemCode(error)
    if (code === '') throw error
    throw unwritable(file, code, error)
  }
}

/**
 * Makes a file of a secret, for its owner alone, where there is none; whole or not at all. Errors: of the system, `EEXIST` where there is one.
 */
export const createSecret = (file: string, content: string): void => create(file, content, OWNER_ONLY)

/** A new file, on the disk when this returns. @param mode whatever new files are given, where it is undefined */
function create(file: string, content: Content, mode: number | undefined): void {
  // Nobody else reads what is written before the mode is right.
  const descriptor = mode === undefined ? openSync(file, 'wx') : openSync(file, 'wx', OWNER_ONLY)
  try {
    put(descriptor, content, () => {
      if (mode !== undefined) fchmodSync(descriptor, mode)
      fsyncSync(descriptor)
    })
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  }
}

function put(descriptor: number, content: Content, finish: () => void = () => {}): void {
  try {
    for (const piece of piecesOf(content)) writeFileSync(descriptor, piece)
    finish()
  } finally {
    closeSync(descriptor)
  }
}

const PIECE = 65_536

/** Lines gathered to pieces that are worth a call. */
export function* piecesOf(content: Content): Generator<string | Uint8Array> {
  if (typeof content === 'string' || content instanceof Uint8Array) return yield content
  let piece = ''
  for (const line of content) {
    piece += line
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield piece
}
