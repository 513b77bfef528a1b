import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'

/** Bytes of received packets that are kept until they are whole. */
const MAX_PENDING = 1 << 20
const DIAL_TIMEOUT = 8000

export interface Packet {
  /** 1 to 15. */
  readonly type: number
  readonly body: Buffer
}

/** Where and how to dial: without `tls` in the clear. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly localAddress?: string
  /** Called with this end's `address:port` once TCP is up, whatever becomes of TLS. */
  readonly opened?: (peer: string) => void
  readonly tls?: Pick<ConnectionOptions, 'key' | 'cert' | 'ca' | 'servername' | 'maxVersion'>
}

/** A raw connection of an attacker: sends any bytes, cuts what comes back into packets. */
export class Session {
  readonly #socket: Socket
  readonly #waiting = new Set<() => void>()
  #pending: Buffer = Buffer.alloc(0)
  readonly packets: Packet[] = []
  closed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('close', () => {
      this.closed = true
      this.#wake()
    })
    // A server that has closed its half is of no more use to an attacker.
    socket.on('end', () => socket.destroy())
  }

  /** Resolves when TCP, and TLS where asked for, is up on this side; rejects if it does not come up. */
  static dial(target: Target): Promise<Session> {
    return new Promise((resolve, reject) => {
      const { tls, opened, ...where } = target
      const socket: Socket = tls ? connectTls({ ...where, ...tls }) : connectTcp(where)
      socket.setTimeout(DIAL_TIMEOUT, () => socket.destroy(new Error('The handshake took too long')))
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('The connection was closed during the handshake')))
      socket.once('connect', () => opened?.(`${socket.localAddress}:${socket.localPort}`))
      socket.once(tls ? 'secureConnect' : 'connect', () => {
        socket.setTimeout(0)
        socket.setNoDelay(true)
        resolve(new Session(socket))
      })
    })
  }

  send(...bytes: readonly Uint8Array[]): void {
    if (!this.closed) this.#socket.write(Buffer.concat(bytes))
  }

  /** Bytes that were sent but that the other side has not yet taken. */
  get unsent(): number {
    return this.#socket.writableLength
  }

  /** Sends a CONNECT and waits for its answer: the return or reason code, or null if there was none. */
  async login(connect: Uint8Array, timeout = 5000): Promise<number | null> {
    this.send(connect)
    await this.until(() => this.packets.some(({ type }) => type === 2), timeout)
    return this.packets.find(({ type }) => type === 2)?.body[1] ?? null
  }

  /** Waits until `done()`, the end of the connection, or `timeout` milliseconds; says whether it was `done()`. */
  until(done: () => boolean, timeout: number): Promise<boolean> {
    return new Promise(resolve => {
      const check = () => {
        if (!done() && !this.closed) return
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve(done())
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(check)
        resolve(done())
      }, timeout)
      this.#waiting.add(check)
      check()
    })
  }

  /** Ends the connection as a crash would, without a DISCONNECT. */
  destroy(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk])
    if (this.#pending.length > MAX_PENDING) this.#socket.destroy()
    for (;;) {
      const cut = first(this.#pending)
      if (!cut) break
      this.packets.push(cut.packet)
      this.#pending = this.#pending.subarray(cut.end)
    }
    this.#wake()
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check()
  }
}

/** The topic of a received PUBLISH. */
export function topicOf(packet: Packet): string {
  return packet.body.toString('utf8', 2, 2 + packet.body.readUInt16BE(0))
}

function first(bytes: Buffer): { packet: Packet; end: number } | null {
  let length = 0
  for (let at = 1; at < bytes.length && at < 5; at += 1) {
    length += (bytes[at] & 127) * 128 ** (at - 1)
    if (bytes[at] >= 128) continue
    const end = at + 1 + length
    return end > bytes.length ? null : { packet: { type: bytes[0] >> 4, body: bytes.subarray(at + 1, end) }, end }
  }
  return null
}
