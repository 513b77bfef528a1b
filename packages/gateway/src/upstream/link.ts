import type { Socket } from 'node:net'
import { flowing } from '../base/flowing.ts'
import type { Slab, SlabTarget } from './slab.ts'

export interface LinkEvents {
  data(chunk: Buffer): void
  /** The link's buffer is full; `drain` follows. */
  full(): void
  drain(): void
  /** The broker closed, or the link broke. Once. */
  gone(error: Error | null): void
}

/** One device's connection to the broker: the mirrored upstream session. */
export class Link implements SlabTarget {
  readonly socket: Socket
  readonly #slab: Slab
  #events: LinkEvents | null = null
  #error: Error | null = null

  /**
   * @param socket connected, with TLS done where there is any
   * @param explain puts an error of the socket into words: with TLS 1.3 a broker refuses a certificate after the handshake
   */
  constructor(socket: Socket, slab: Slab, explain: (error: Error) => Error = error => error) {
    this.socket = socket
    this.#slab = slab
    socket.on('error', error => {
      this.#error = explain(error)
    })
  }

  /** Starts to read. */
  open(events: LinkEvents): void {
    this.#events = events
    flowing(this.socket)
    this.socket.on('data', chunk => events.data(chunk as Buffer))
    this.socket.on('drain', () => events.drain())
    this.socket.on('close', () => events.gone(this.#error))
    if (this.socket.destroyed) events.gone(this.#error)
  }

  send(bytes: Uint8Array, start: number, end: number): void {
    this.#slab.append(this, bytes, start, end)
  }

  full(): void {
    this.#events?.full()
  }

  /** Bytes that the broker has not taken yet. */
  get waiting(): number {
    return this.socket.writableLength
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  /** Sends what is still to be sent, then closes. A broker that reads no more is cut off by `cut`. */
  finish(): void {
    this.#slab.cut()
    this.socket.end()
  }

  /** Breaks the connection as it stands: the broker takes it for lost and publishes the will. */
  cut(): void {
    this.#slab.cut()
    this.socket.destroy()
  }
}
