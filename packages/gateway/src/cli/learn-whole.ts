import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { RingwallError, systemCode } from '../base/error.ts'

/** Bytes of a model, a key or a claim. The largest model that can be read is some megabytes below: JavaScript has no longer texts. */
export const LARGEST_FILE = 512 * 1024 * 1024
const PIECE = 1024 * 1024

/** A file's text without its byte order mark; `-` is standard input. Errors: `file_too_large`, and those of the system. */
export const textOf = (file: string, largest = LARGEST_FILE): string => new TextDecoder().decode(bytesOf(file, largest))

/** A file's bytes, in the same way. */
export function bytesOf(file: string, largest = LARGEST_FILE): Uint8Array {
  const descriptor = file === '-' ? 0 : openSync(file, 'r')
  try {
    // A regular file is told by its size, before anything is read.
    const found = fstatSync(descriptor)
    if (found.isFile() && found.size > largest) throw tooLarge(file, largest)
    const pieces: Buffer[] = []
    let size = 0
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE)
      const count = readSome(descriptor, piece)
      if (count === 0) break
      size += count
      if (size > largest) throw tooLarge(file, largest)
      pieces.push(piece.subarray(0, count))
    }
    return Buffer.concat(pieces, size)
  } finally {
    if (descriptor !== 0) closeSync(descriptor)
  }
}

/** Waits where a pipe has nothing yet. */
function readSome(descriptor: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, into)
    } catch (error) {
      const code = systemCode(error)
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

const tooLarge = (file: string, largest: number): RingwallError =>
  new RingwallError(
    'file_too_large',
    `it has more than ${largest} bytes`,
    'Name a file that a learn command has written; of fewer rows or classes the model is smaller.',
    { file: file === '-' ? '<stdin>' : file },
  )
