const EMPTY = new Uint8Array(0)

/** An IP datagram, or a fragment of one, as `readDatagram` finds it; used again for the next. Offsets are indexes into `bytes`. */
export class Datagram {
  version: 4 | 6
  bytes: Uint8Array
  /** Where the addresses stand: four bytes each, or sixteen. */
  source: number
  destination: number
  /** Of the payload: IANA's number, 6 for TCP. */
  protocol: number
  start: number
  end: number
  /** The payload's length as announced; more than `end - start` where the capture cut it off. */
  length: number
  /** It is a fragment: of which datagram, from which byte on, and whether more follow. */
  fragment: boolean
  id: number
  offset: number
  more: boolean
  /** Put together from fragments that contradict each other. */
  contradicts: boolean

  constructor() {
    this.version = 4
    this.bytes = EMPTY
    this.source = 0
    this.destination = 0
    this.protocol = 0
    this.start = 0
    this.end = 0
    this.length = 0
    this.fragment = false
    this.id = 0
    this.offset = 0
    this.more = false
    this.contradicts = false
  }
}
