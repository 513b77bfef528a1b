import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { systemCode } from '../base/error.ts'
import { Flaw } from './problem.ts'

// The largest certificate bundle in the field, a whole Mozilla root program, is some 220 KB.
const LARGEST = 4 * 1024 ** 2
const AT_ONCE = 65_536

/** Standard input, where a file may be named. */
export const STDIN = '<stdin>'

/** Reads a text file in UTF-8, or `STDIN`, bounded, or says why not. @param largest bytes */
export function readText(file: string, largest: number = LARGEST): string | Flaw {
  const bytes = readBytes(file, largest)
  if (bytes instanceof Flaw || isUtf8(bytes)) return bytes instanceof Flaw ? bytes : bytes.toString()
  if (UTF16.has(bytes.toString('hex', 0, 2))) return new Flaw(`${file} is UTF-16`, 'Save it as UTF-8.')
  let line = 1
  for (let at = 0; isUtf8(bytes.subarray(at, endOfLine(bytes, at))); line++) at = endOfLine(bytes, at) + 1
  return new Flaw(`${file} is not UTF-8: see line ${line}`, 'Save it as UTF-8.')
}

const UTF16: ReadonlySet<string> = new Set(['fffe', 'feff'])

function endOfLine(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(0x0a, from)
  return at === -1 ? bytes.length : at
}

/** Reads a file, bounded, or says why not. What is no regular file may have no end: no more than what is allowed is taken from it. */
export function readBytes(file: string, largest: number = LARGEST): Buffer | Flaw {
  try {
    const descriptor = file === STDIN ? 0 : openSync(file, 'r')
    try {
      const { size } = fstatSync(descriptor)
      const bytes = size > largest ? Buffer.alloc(0) : readAtMost(descriptor, largest + 1)
      const length = Math.max(size, bytes.length)
      if (length <= largest) return bytes
      return new Flaw(
        `${file} has ${size > largest ? length : `over ${largest}`} bytes`,
        `At most ${largest} are read.`,
      )
    } finally {
      if (descriptor !== 0) closeSync(descriptor)
    }
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: 'does not exist',
      EACCES: 'may not be read',
      EISDIR: 'is a folder',
    }
    const code = systemCode(error)
    return new Flaw(`${file} ${reasons[code] ?? `cannot be read (${code})`}`, 'Name a file that the gateway may read.')
  }
}

function readAtMost(descriptor: number, most: number): Buffer {
  const pieces: Buffer[] = []
  for (let left = most; left > 0; ) {
    const piece = Buffer.alloc(Math.min(left, AT_ONCE))
    const read = readSync(descriptor, piece)
    if (read === 0) break
    pieces.push(piece.subarray(0, read))
    left -= read
  }
  return Buffer.concat(pieces)
}
