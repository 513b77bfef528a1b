import { type CaptureFault, CaptureReader, type CaptureReaderOptions } from '../../src/index.ts'

/** What was read of a packet, in a copy. */
export interface Seen {
  readonly time: number
  readonly linkType: number
  readonly bytes: Uint8Array
  readonly originalLength: number
}

/** Reads a file in the given pieces. */
export function readPieces(
  pieces: readonly Uint8Array[],
  options: CaptureReaderOptions = {},
): { packets: Seen[]; fault: CaptureFault | null } {
  const reader = new CaptureReader(options)
  const packets: Seen[] = []
  for (const piece of pieces) {
    reader.feed(piece)
    while (reader.next()) {
      const { time, linkType, bytes, start, end, originalLength } = reader
      packets.push({ time, linkType, bytes: bytes.slice(start, end), originalLength })
    }
  }
  return { packets, fault: reader.finish() }
}
