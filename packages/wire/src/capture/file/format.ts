import type { CapturedPacket } from '../packet.ts'

/** A packet that a format fills in. */
export type Shown = { -readonly [Field in keyof CapturedPacket]: CapturedPacket[Field] }

/** What a format finds wrong; `at` counts from where its step began. */
export interface FormatFault {
  readonly code: string
  readonly why: string
  readonly at: number
}

/** How packets stand in a capture as long as nothing unusual comes between them: in the byte order of WebAssembly, of one interface. */
export interface PlainRecords {
  readonly format: 'pcap' | 'pcapng'
  readonly linkType: number
  /** A time is `seconds * 1000 + fractions / divisor` in the one, `offset + stamp / divisor * factor` in the other, in milliseconds. */
  readonly divisor: number
  readonly factor: number
  readonly offset: number
  /** Somebody else has read records; the last one was of this time. */
  passed(time: number): void
}

/**
 * A capture's file format as a sequence of steps: the reader brings the bytes that a step needs, the format reads
 * them and says how many bytes behind them are of no interest. So no more is ever held than a step needs.
 */
export interface Format {
  /** Set where the file cannot be read any further; the answers of `need` and `read` then mean nothing. */
  fault: FormatFault | null
  /** Bytes to pass over once the step was read. */
  skip: number
  /** The file may end here. */
  readonly complete: boolean
  /** How the next records stand if they are plain; null where a step is open, or they cannot be. */
  readonly plain: PlainRecords | null
  /** How many bytes from `at` the step needs, as far as those before `limit` tell. Asked again when they are there. */
  need(bytes: Uint8Array, at: number, limit: number): number
  /** Reads the step; true where it is a packet. */
  read(bytes: Uint8Array, at: number, shown: Shown): boolean
}
