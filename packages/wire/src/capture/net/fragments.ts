import { sameBytes } from '../../bytes/same.ts'
import type { Datagram } from './datagram.ts'
import { behindExtensions } from './ip6-extensions.ts'

const MOST_DATAGRAMS = 64
const LARGEST = 65_535
const UNIT = 8
const UNITS = Math.ceil(LARGEST / UNIT)
/** Both addresses stand before the payload. */
const ADDRESSES = 32
/** RFC 791 wants 15 s or more, RFC 8200 sixty; Linux and this take 30. */
const LIFETIME_MS = 30_000

/** One datagram on its way to being whole. */
interface Partial {
  used: boolean
  version: 4 | 6
  id: number
  protocol: number
  time: number
  /** The addresses, then the payload. */
  readonly bytes: Uint8Array
  /** 1 for each eight bytes of the payload that have come. */
  readonly covered: Uint8Array
  units: number
  /** The payload's length, or -1 before its last fragment came. */
  total: number
  contradicts: boolean
}

/**
 * Puts fragments of IP datagrams together (RFC 791, RFC 8200 section 4.5). The bytes that came first win. At most 64 datagrams of
 * 64 KiB are kept, some 5 MB, for 30 s of the capture's time; the oldest makes room.
 */
export class Fragments {
  /** Datagrams that were given up. */
  lost: number
  readonly #partials: Partial[]

  constructor() {
    this.lost = 0
    this.#partials = []
  }

  /**
   * Takes a fragment. True when its datagram is whole: `datagram` is then the whole one, its bytes valid until the
   * next call.
   */
  put(datagram: Datagram, time: number): boolean {
    const { start, end, offset, length, more } = datagram
    const stop = offset + length
    // A fragment that is not the last fills whole units; one that was cut off cannot be put in.
    if (end - start < length || length === 0 || stop > LARGEST || (more && length % UNIT !== 0)) return false
    const partial = this.#find(datagram, time)
    if (partial.total >= 0 && (stop > partial.total || (!more && stop !== partial.total))) {
      partial.contradicts = true
      return false
    }
    if (!more) {
      if (partial.covered.indexOf(1, Math.ceil(stop / UNIT)) >= 0) return this.#giveUp(partial)
      partial.total = stop
    }
    fill(partial, datagram)
    if (partial.total < 0 || partial.units < Math.ceil(partial.total / UNIT)) return false
    partial.used = false
    return show(partial, datagram)
  }

  /** The datagram of a fragment, or a new one in a free place, or in that of the oldest. */
  #find(datagram: Datagram, time: number): Partial {
    let place: Partial | undefined
    for (const partial of this.#partials) {
      if (partial.used && Math.abs(time - partial.time) > LIFETIME_MS) this.#giveUp(partial)
      if (partial.used && belongs(partial, datagram)) return partial
      if (!partial.used) place = partial
    }
    place ??= this.#partials.length < MOST_DATAGRAMS ? this.#add() : this.#oldest()
    begin(place, datagram, time)
    return place
  }

  #add(): Partial {
    const partial: Partial = {
      used: false,
      version: 4,
      id: 0,
      protocol: 0,
      time: 0,
      bytes: new Uint8Array(ADDRESSES + LARGEST),
      covered: new Uint8Array(UNITS),
      units: 0,
      total: -1,
      contradicts: false,
    }
    this.#partials.push(partial)
    return partial
  }

  #oldest(): Partial {
    const oldest = this.#partials.reduce((a, b) => (b.time < a.time ? b : a))
    this.#giveUp(oldest)
    return oldest
  }

  #giveUp(partial: Partial): false {
    partial.used = false
    this.lost++
    return false
  }
}

/** RFC 791 keeps datagrams of different protocols apart, RFC 8200 does not. */
function belongs(partial: Partial, { version, id, protocol, bytes, source, destination }: Datagram): boolean {
  if (partial.id !== id || partial.version !== version || (version === 4 && partial.protocol !== protocol)) return false
  const size = version === 4 ? 4 : 16
  return (
    sameBytes(partial.bytes, 0, size, bytes, source, source + size) &&
    sameBytes(partial.bytes, size, 2 * size, bytes, destination, destination + size)
  )
}

function begin(partial: Partial, { version, id, protocol, bytes, source, destination }: Datagram, time: number): void {
  const size = version === 4 ? 4 : 16
  partial.used = true
  partial.version = version
  partial.id = id
  partial.protocol = protocol
  partial.time = time
  partial.bytes.set(bytes.subarray(source, source + size), 0)
  partial.bytes.set(bytes.subarray(destination, destination + size), size)
  partial.covered.fill(0)
  partial.units = 0
  partial.total = -1
  partial.contradicts = false
}

/** Puts a fragment's bytes where none are yet and compares the others. */
function fill(partial: Partial, { bytes, start, end, offset, protocol }: Datagram): void {
  if (offset === 0) partial.protocol = protocol
  for (let at = start; at < end; at += UNIT) {
    const place = offset + at - start
    const stop = Math.min(end, at + UNIT)
    const into = ADDRESSES + place
    if (partial.covered[place / UNIT] === 1) {
      if (!sameBytes(bytes, at, stop, partial.bytes, into, into + stop - at)) partial.contradicts = true
      continue
    }
    partial.bytes.set(bytes.subarray(at, stop), into)
    partial.covered[place / UNIT] = 1
    partial.units++
  }
}

function show(partial: Partial, into: Datagram): boolean {
  const size = partial.version === 4 ? 4 : 16
  const end = ADDRESSES + partial.total
  into.bytes = partial.bytes
  into.source = 0
  into.destination = size
  into.protocol = partial.protocol
  into.fragment = false
  into.contradicts = partial.contradicts
  into.start = partial.version === 4 ? ADDRESSES : behindExtensions(partial.bytes, ADDRESSES, end, into)
  into.end = end
  into.length = end - into.start
  return into.start >= 0 && into.start <= end && !into.fragment
}
