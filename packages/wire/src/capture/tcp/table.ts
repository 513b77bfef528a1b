import { sameBytes } from '../../bytes/same.ts'
import { net32 } from '../integers.ts'
import type { Datagram } from '../net/datagram.ts'
import type { Segment } from '../net/segment.ts'
import type { Connection } from './connection.ts'

const SMALLEST = 1024

/** Connections by their addresses and ports, the same for both directions. */
export class ConnectionTable {
  fromA: boolean
  #places: (Connection | null)[]
  #count: number
  // Unknown to whoever chooses addresses and ports, so that nobody can make long chains. It decides nothing but speed.
  readonly #seed: number

  constructor() {
    this.fromA = true
    this.#places = new Array(SMALLEST).fill(null)
    this.#count = 0
    this.#seed = Math.floor(Math.random() * 0x1_0000_0000) | 0
  }

  get size(): number {
    return this.#count
  }

  /** The same for both directions of a connection. */
  hash({ bytes, source, destination, version }: Datagram, { sourcePort, destinationPort }: Segment): number {
    const size = version === 4 ? 4 : 16
    return (this.#mix(bytes, source, size, sourcePort) + this.#mix(bytes, destination, size, destinationPort)) | 0
  }

  /** The connection of a segment, or null; `fromA` then says whether its first end sent it. */
  find(hash: number, datagram: Datagram, segment: Segment): Connection | null {
    let at = this.#places[hash & (this.#places.length - 1)]
    for (; at !== null; at = at.chain) {
      if (at.hash !== hash) continue
      this.fromA = sentByA(at, datagram, segment)
      if (this.fromA || sentByB(at, datagram, segment)) return at
    }
    return null
  }

  add(connection: Connection): void {
    if (this.#count === this.#places.length) this.#grow()
    this.#count++
    this.#put(connection)
  }

  remove(connection: Connection): void {
    const place = connection.hash & (this.#places.length - 1)
    let before: Connection | null = null
    let at = this.#places[place]
    while (at !== null && at !== connection) {
      before = at
      at = at.chain
    }
    if (at === null) return
    if (before === null) this.#places[place] = connection.chain
    else before.chain = connection.chain
    connection.chain = null
    this.#count--
  }

  #put(connection: Connection): void {
    const place = connection.hash & (this.#places.length - 1)
    connection.chain = this.#places[place]
    this.#places[place] = connection
  }

  #grow(): void {
    const before = this.#places
    this.#places = new Array(2 * before.length).fill(null)
    for (let at of before) {
      while (at !== null) {
        const next: Connection | null = at.chain
        this.#put(at)
        at = next
      }
    }
  }

  #mix(bytes: Uint8Array, at: number, size: number, port: number): number {
    let hash = this.#seed
    for (let i = at; i < at + size; i += 4) {
      hash = Math.imul(hash ^ net32(bytes, i), 0x21f0aaad)
      hash ^= hash >>> 15
    }
    hash = Math.imul(hash ^ port, 0x735a2d97)
    return hash ^ (hash >>> 15)
  }
}

/** Whether a segment goes from the connection's first end to its second. */
function sentByA(connection: Connection, datagram: Datagram, { sourcePort, destinationPort }: Segment): boolean {
  const { addresses } = connection
  const size = addresses.length / 2
  return (
    connection.portA === sourcePort &&
    connection.portB === destinationPort &&
    sameAddresses(connection, datagram, 0, size, size)
  )
}

function sentByB(connection: Connection, datagram: Datagram, { sourcePort, destinationPort }: Segment): boolean {
  const size = connection.addresses.length / 2
  return (
    connection.portA === destinationPort &&
    connection.portB === sourcePort &&
    sameAddresses(connection, datagram, size, 0, size)
  )
}

function sameAddresses(
  { addresses, version }: Connection,
  datagram: Datagram,
  source: number,
  destination: number,
  size: number,
): boolean {
  const { bytes } = datagram
  return (
    version === datagram.version &&
    sameBytes(bytes, datagram.source, datagram.source + size, addresses, source, source + size) &&
    sameBytes(bytes, datagram.destination, datagram.destination + size, addresses, destination, destination + size)
  )
}
