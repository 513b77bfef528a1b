import { u16, u32 } from '../integers.ts'
import type { Format, FormatFault, PlainRecords, Shown } from './format.ts'

const FILE_HEADER = 24
const RECORD_HEADER = 16
const MICROSECONDS = 0xa1b2c3d4
const NANOSECONDS = 0xa1b23c4d
const MAJOR_VERSION = 2

/** Whether a classic capture file begins with these four bytes. */
export function isPcap(bytes: Uint8Array, at: number): boolean {
  return [true, false].some(little => [MICROSECONDS, NANOSECONDS].includes(u32(bytes, at, little)))
}

/**
 * The classic capture file of tcpdump (draft-ietf-opsawg-pcap): a header, then records; in the byte order of the machine
 * that wrote it, with micro- or nanoseconds.
 */
export class Pcap implements Format {
  fault: FormatFault | null
  skip: number
  plain: PlainRecords | null
  readonly #maxPacket: number
  #begun: boolean
  #little: boolean
  #fractionsPerMillisecond: number
  #linkType: number

  constructor(maxPacket: number) {
    this.fault = null
    this.skip = 0
    this.plain = null
    this.#maxPacket = maxPacket
    this.#begun = false
    this.#little = true
    this.#fractionsPerMillisecond = 1000
    this.#linkType = 0
  }

  get complete(): boolean {
    return this.#begun
  }

  need(bytes: Uint8Array, at: number, limit: number): number {
    if (!this.#begun) return FILE_HEADER
    if (limit - at < RECORD_HEADER) return RECORD_HEADER
    const length = u32(bytes, at + 8, this.#little)
    if (length > this.#maxPacket) {
      const why = `a packet of ${length} bytes is announced, the largest allowed is ${this.#maxPacket}`
      this.fault = { code: 'packet_too_large', why, at: 8 }
    }
    return RECORD_HEADER + length
  }

  read(bytes: Uint8Array, at: number, shown: Shown): boolean {
    if (!this.#begun) {
      this.#begin(bytes, at)
      return false
    }
    const little = this.#little
    shown.time = u32(bytes, at, little) * 1000 + u32(bytes, at + 4, little) / this.#fractionsPerMillisecond
    shown.linkType = this.#linkType
    shown.bytes = bytes
    shown.start = at + RECORD_HEADER
    shown.end = shown.start + u32(bytes, at + 8, little)
    shown.originalLength = u32(bytes, at + 12, little)
    return true
  }

  #begin(bytes: Uint8Array, at: number): void {
    const magic = u32(bytes, at, true)
    this.#little = magic === MICROSECONDS || magic === NANOSECONDS
    const nano = u32(bytes, at, this.#little) === NANOSECONDS
    const major = u16(bytes, at + 4, this.#little)
    if (major !== MAJOR_VERSION) {
      this.fault = {
        code: 'capture_version',
        why: `the file is of version ${major}, which is not ${MAJOR_VERSION}`,
        at: 4,
      }
    }
    this.#fractionsPerMillisecond = nano ? 1_000_000 : 1000
    // The upper half holds the length of a frame check sequence behind each packet.
    this.#linkType = u32(bytes, at + 20, this.#little) & 0xffff
    this.#begun = true
    if (!this.#little) return
    const divisor = this.#fractionsPerMillisecond
    this.plain = { format: 'pcap', linkType: this.#linkType, divisor, factor: 1, offset: 0, passed: () => {} }
  }
}
