/** One packet of a capture. Offsets are indexes into `bytes`, ends are exclusive. */
export interface CapturedPacket {
  /** When it was captured: milliseconds since the Unix epoch, with a fraction. */
  readonly time: number
  /** What `bytes` begin with: one of `LinkType`, or another number of the tcpdump group's registry. */
  readonly linkType: number
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Bytes that the packet had on the wire; more than `end - start` where the capture cut it off. */
  readonly originalLength: number
}

/** The link layers that are understood, by their numbers in capture files (tcpdump.org/linktypes.html). */
export const LinkType = {
  NULL: 0,
  ETHERNET: 1,
  /** Raw IP as some BSDs number it. */
  RAW_BSD: 12,
  RAW_OPENBSD: 14,
  RAW: 101,
  LOOP: 108,
  LINUX_SLL: 113,
  IPV4: 228,
  IPV6: 229,
  LINUX_SLL2: 276,
} as const
