import { closeSync, fchmodSync, openSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { systemCode } from '../base/error.ts'
import { targetOf, unwritable } from './learn-outputs.ts'

/** What a file holds; many lines piece by piece. */
export type Content = string | Uint8Array | Iterable<string>

/**
 * Writes a file whole or not at all: beside it first, and then in its place, so that nobody ever reads half of one. What is no file (a pipe, a device) is written to as it is.
 * Error: `file_unusable`.
 */
export function writeWhole(file: string, content: Content): void {
  try {
    const there = statSync(file, { throwIfNoEntry: false })
    if (there !== undefined && !there.isFile()) return put(file, 'w', content)
    // A link stays one, also where it leads to a file that is not there yet.
    const target = targetOf(file, there)
    const beside = `${target}.${process.pid}.tmp`
    try {
      put(beside, 'wx', content, there)
      renameSync(beside, target)
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') rmSync(beside, { force: true })
      throw error
    }
  } catch (error) {
    const code = systemCode(error)
    if (code === '') throw error
    throw unwritable(file, code, error)
  }
}

/** Those who may read and write a file. */
const MODE_BITS = 0o7777

/** @param replaced what the file will stand in place of: its mode goes on, whatever new files are given */
function put(file: string, flags: 'w' | 'wx', content: Content, replaced?: Stats): void {
  // Nobody else reads what is written before the mode is right.
  const descriptor = replaced === undefined ? openSync(file, flags) : openSync(file, flags, 0o600)
  try {
    if (replaced !== undefined) fchmodSync(descriptor, replaced.mode & MODE_BITS)
    for (const piece of piecesOf(content)) writeFileSync(descriptor, piece)
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
