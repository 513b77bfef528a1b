import { RingwallError } from '../base/error.ts'
import { decodeRecord, type Recorded } from './decode.ts'
import { FORMAT_VERSION, MAGIC } from './layout.ts'
import { unseal } from './unseal.ts'

/** Records are never longer: a ring takes none of more than half its size. */
const LARGEST = 16 * 1024 ** 2

/** The first bytes of a recording. */
export const PREAMBLE = Buffer.concat([Buffer.from(MAGIC), Buffer.of(FORMAT_VERSION)])

/** A record behind its length. */
export function framed(record: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(4 + record.length)
  bytes.writeUInt32LE(record.length, 0)
  bytes.set(record, 4)
  return bytes
}

/** The records of a recording, in order, and after the last whether its end is missing. */
export interface Container {
  readonly records: Iterable<Recorded>
  readonly isCut: () => boolean
}

/** Is told how many bytes more were read. */
export type Watch = (bytes: number) => void

/** Opens a recording. Errors: those of `unseal`; `recording_version`; `recording_corrupt` where its records do not fit together. */
export async function openContainer(
  path: string,
  identities: readonly string[],
  watch: Watch = () => {},
): Promise<Container> {
  const unsealed = await unseal(path, identities)
  let rest = 0
  return {
    records: decoded(
      path,
      pieces(path, watched(unsealed.chunks, watch), left => (rest = left)),
    ),
    isCut: () => unsealed.cut || rest > 0,
  }
}

function* watched(chunks: Iterable<Buffer>, watch: Watch): Generator<Buffer> {
  for (const chunk of chunks) {
    watch(chunk.length)
    yield chunk
  }
}

function* decoded(path: string, records: Iterable<Buffer>): Generator<Recorded> {
  let isBegun = false
  for (const record of records) {
    let read: Recorded
    try {
      read = decodeRecord(record)
    } catch (error) {
      throw corrupt(path, error)
    }
    isBegun ||= read.kind === 'segment'
    if (!isBegun) throw corrupt(path)
    yield read
  }
}

function* pieces(path: string, chunks: Iterable<Buffer>, told: (left: number) => void): Generator<Buffer> {
  let bytes: Buffer = Buffer.alloc(0)
  let isBegun = false
  for (const chunk of chunks) {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    if (!isBegun) bytes = withoutPreamble(path, bytes)
    isBegun = true
    let at = 0
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt32LE(at)
      if (length === 0 || length > LARGEST) throw corrupt(path)
      if (bytes.length - at - 4 < length) break
      yield bytes.subarray(at + 4, at + 4 + length)
      at += 4 + length
    }
    bytes = bytes.subarray(at)
  }
  told(bytes.length)
}

function withoutPreamble(path: string, bytes: Buffer): Buffer {
  const version = bytes[MAGIC.length]
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new RingwallError(
      'recording_unreadable',
      'the file holds no recording',
      'Name one of `ringwall record list`.',
      { file: path },
    )
  }
  if (version === FORMAT_VERSION) return bytes.subarray(PREAMBLE.length)
  const what = `the recording is of version ${version}, and this reads ${FORMAT_VERSION}`
  throw new RingwallError('recording_version', what, 'Use the Ringwall that wrote it.', { file: path })
}

function corrupt(path: string, cause?: unknown): RingwallError {
  const what = 'the records do not fit together'
  return new RingwallError('recording_corrupt', what, 'Take the copy from which this one came.', { file: path }, cause)
}
