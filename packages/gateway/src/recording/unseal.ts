import { createDecipheriv, hkdfSync } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { Decrypter } from 'age-encryption'
import { RingwallError, systemCode } from '../base/error.ts'

/** The payload of age: chunks of so many bytes, each with its tag; a nonce's last byte marks the last one. */
const CHUNK = 64 * 1024
const TAG = 16
const NONCE = 16
const LARGEST_HEADER = 64 * 1024
const NOTHING = Buffer.alloc(0)
const VERSION_LINE = 'age-encryption.org/v1\n'

/** What came of reading a sealed file: whole, or ended in the middle of a chunk. */
export interface Unsealed {
  chunks: Iterable<Buffer>
  /** Set once all chunks were read: the file's end is missing. */
  cut: boolean
}

/**
 * Reads what `SealedFile` wrote, or `age`. The header is the library's; the chunks are read here, for a file that was cut is to be
 * read up to its last whole chunk, where the library gives up what it had decrypted. One that ended before its first chunk has none.
 * Errors: `recording_unreadable`, `recording_locked` where no identity fits, and from `chunks` `recording_corrupt`.
 */
export async function unseal(path: string, identities: readonly string[]): Promise<Unsealed> {
  const input = new Input(path)
  try {
    const head = input.take(LARGEST_HEADER)
    const end = headerEnd(head)
    if (end === -1 && head.length < LARGEST_HEADER && isBegun(head)) {
      input.close()
      return { chunks: [], cut: true }
    }
    if (end === -1) throw unreadable(path, 'it is no file of age')
    const fileKey = await unlock(path, head.subarray(0, end), identities)
    input.giveBack(head.subarray(end))
    const nonce = input.take(NONCE)
    const key = Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32))
    const unsealed: Unsealed = { chunks: [], cut: false }
    unsealed.chunks = chunks(path, input, key, end + NONCE, unsealed)
    return unsealed
  } catch (error) {
    input.close()
    throw error
  }
}

function* chunks(path: string, input: Input, key: Buffer, from: number, unsealed: Unsealed): Generator<Buffer> {
  try {
    const counter = Buffer.alloc(12)
    let sealed = input.take(CHUNK + TAG)
    for (let number = 0; ; number++) {
      const next = sealed.length < CHUNK + TAG ? NOTHING : input.take(CHUNK + TAG)
      counter.writeUIntBE(number, 5, 6)
      const isLast = next.length === 0
      const plain =
        sealed.length <= TAG
          ? null
          : (decrypt(key, counter, sealed, isLast) ?? (isLast ? decrypt(key, counter, sealed, false) : null))
      if (plain === null && !isLast) throw corrupt(path, from + number * (CHUNK + TAG))
      if (plain !== null) yield plain
      sealed = next
      if (!isLast) continue
      unsealed.cut = plain === null || counter[11] === 0
      return
    }
  } finally {
    input.close()
  }
}

/** The chunk, or null where the tag does not hold. */
function decrypt(key: Buffer, nonce: Buffer, sealed: Buffer, isLast: boolean): Buffer | null {
  nonce[11] = isLast ? 1 : 0
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG })
  cipher.setAuthTag(sealed.subarray(sealed.length - TAG))
  try {
    return Buffer.concat([cipher.update(sealed.subarray(0, -TAG)), cipher.final()])
  } catch {
    return null
  }
}

async function unlock(path: string, header: Buffer, identities: readonly string[]): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  try {
    return await decrypter.decryptHeader(header)
  } catch (error) {
    const hint = 'Name the identity whose recipient stands in record.to, by --identity FILE.'
    throw new RingwallError(
      'recording_locked',
      'none of these identities opens the recording',
      hint,
      { file: path },
      error,
    )
  }
}

/** Where the payload begins: behind the line of the header's MAC. */
function headerEnd(head: Buffer): number {
  if (!head.toString('latin1', 0, VERSION_LINE.length).startsWith(VERSION_LINE)) return -1
  const mac = head.indexOf('\n---')
  const end = mac === -1 ? -1 : head.indexOf('\n', mac + 1)
  return end === -1 ? -1 : end + 1
}

/** Whether it can be the beginning of a header: the disk was full, or the machine fell, before the rest of it was written. */
function isBegun(head: Buffer): boolean {
  const line = head.toString('latin1', 0, VERSION_LINE.length)
  return VERSION_LINE.startsWith(line)
}

/** A file, or standard input for `-`, from its beginning to its end. */
class Input {
  readonly #path: string
  readonly #file: number
  #left: Buffer = NOTHING

  constructor(path: string) {
    this.#path = path
    try {
      this.#file = path === '-' ? 0 : openSync(path, 'r')
    } catch (error) {
      throw unreadable(path, systemCode(error))
    }
  }

  /** The next bytes; fewer where it ends. */
  take(length: number): Buffer {
    const bytes = Buffer.alloc(length)
    let filled = this.#left.copy(bytes)
    this.#left = this.#left.subarray(filled)
    try {
      for (let read = -1; filled < length && read !== 0; filled += read) {
        read = readSync(this.#file, bytes, filled, length - filled, null)
      }
    } catch (error) {
      throw unreadable(this.#path, systemCode(error))
    }
    return bytes.subarray(0, filled)
  }

  giveBack(bytes: Buffer): void {
    this.#left = bytes
  }

  close(): void {
    if (this.#file !== 0) closeSync(this.#file)
  }
}

function unreadable(path: string, why: string): RingwallError {
  const hint = 'Name a segment that `ringwall record` wrote; `ringwall record list` shows them.'
  return new RingwallError('recording_unreadable', `the recording cannot be read (${why})`, hint, { file: path })
}

function corrupt(path: string, at: number): RingwallError {
  const what = `the recording was changed after it was written: its chunk at byte ${at} does not hold`
  return new RingwallError('recording_corrupt', what, 'Take the copy from which this one came.', { file: path })
}
