import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

const RECORD_HEADER = 5
const APPLICATION_DATA = 23

/**
 * Carries a TLS connection over a socket, and can put the encrypted records aside instead of sending them. A load is
 * encrypted before the clock runs, one record a write, and then sent in pieces as large as the socket takes: the
 * generator costs next to nothing while the server is measured, and the server finds many small records in each read.
 */
export class Vault extends Duplex {
  readonly #socket: Socket
  #kept: Buffer[] | null = null

  constructor(socket: Socket) {
    super()
    this.#socket = socket
    socket.on('data', chunk => {
      if (!this.push(chunk)) socket.pause()
    })
    socket.on('close', () => this.destroy())
    socket.on('error', error => this.destroy(error))
  }

  /** From now on records are kept. */
  keep(): void {
    this.#kept = []
  }

  /** The records kept since `keep`, joined; from now on records are sent again. */
  release(): Buffer {
    const joined = Buffer.concat(this.#kept ?? [])
    this.#kept = null
    return joined
  }

  /** Sends bytes that `release` gave, past TLS. Answers when the kernel has them all. */
  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, error => (error ? reject(error) : resolve()))
    })
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#kept === null) {
      this.#socket.write(chunk, done)
    } else {
      this.#kept.push(chunk)
      done()
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}

/**
 * The lengths of the TLS records in `bytes`, header included. Throws if a record is cut short or is not application
 * data: the proof, on the bytes as they go on the wire, of how many messages a record holds.
 */
export function recordLengths(bytes: Buffer): number[] {
  const lengths: number[] = []
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== APPLICATION_DATA) throw new Error(`a record of type ${bytes[at]} among the load`)
    const length = RECORD_HEADER + bytes.readUInt16BE(at + 3)
    lengths.push(length)
    at += length
    if (at > bytes.length) throw new Error('the last record is cut short')
  }
  return lengths
}

/** Bytes of a TLS 1.3 record around `plain` bytes: header, content type and the tag of AES-GCM. */
export const recordLength = (plain: number): number => RECORD_HEADER + plain + 1 + 16
