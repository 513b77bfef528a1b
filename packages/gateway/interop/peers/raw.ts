import { connect, type TLSSocket } from 'node:tls'
import { generate, type Packet, type Parser, parser } from 'mqtt-packet'
import type { Access, Version } from './kit.ts'
import { until, within } from './processes.ts'

/** A connection on which a test says exactly the bytes that it wants, and sees every packet that comes back. */
export class Raw {
  readonly packets: Packet[] = []
  /** Resolves once the connection is over, whoever ended it. */
  readonly closed: Promise<void>
  readonly #socket: TLSSocket
  readonly #version: 4 | 5

  private constructor(socket: TLSSocket, version: Version) {
    this.#socket = socket
    this.#version = version === '5' ? 5 : 4
    const reader: Parser = parser({ protocolVersion: this.#version })
    reader.on('packet', packet => this.packets.push(packet))
    socket.on('data', (chunk: Buffer) => reader.parse(chunk))
    socket.on('error', () => {})
    this.closed = new Promise(resolve => socket.once('close', () => resolve()))
  }

  /** Opens the TLS connection; nothing of MQTT is said yet. */
  static async open(access: Pick<Access, 'port' | 'ca' | 'certificate' | 'key'>, version: Version): Promise<Raw> {
    const { port, ca, certificate: cert, key } = access
    const socket = connect({ host: '127.0.0.1', port, ca, cert, key, servername: 'localhost' })
    await within(
      'the TLS handshake',
      new Promise<void>((resolve, reject) => {
        socket.once('secureConnect', resolve)
        socket.once('error', reject)
      }),
    )
    return new Raw(socket, version)
  }

  /** Opens a connection and says CONNECT. */
  static async connected(access: Access, device: string, version: Version): Promise<Raw> {
    const raw = await Raw.open(access, version)
    raw.say(raw.hello(device))
    await raw.until(1)
    return raw
  }

  hello(device: string): Packet {
    const name = { cmd: 'connect', protocolId: 'MQTT', clientId: device, clean: true, keepalive: 60 } as const
    return { ...name, protocolVersion: this.#version }
  }

  /** Writes packets at once, as one piece. */
  say(...packets: Packet[]): void {
    this.#socket.write(Buffer.concat(packets.map(packet => generate(packet, { protocolVersion: this.#version }))))
  }

  /** Writes bytes as they are. */
  bytes(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  until(count: number): Promise<void> {
    return until(
      `${count} packets`,
      () => this.packets.length >= count,
      () => JSON.stringify(this.packets),
    )
  }

  async ended(): Promise<void> {
    await within('the connection to end', this.closed)
  }

  /** The kinds of the packets that came back, with their reason where it is not 0. */
  get told(): string[] {
    return this.packets.map(packet => {
      const id = 'messageId' in packet && packet.messageId !== undefined ? ` ${packet.messageId}` : ''
      const code = codeOf(packet)
      return `${packet.cmd}${id}${code === 0 ? '' : ` 0x${code.toString(16)}`}`
    })
  }

  destroy(): void {
    this.#socket.destroy()
  }
}

function codeOf(packet: Packet): number {
  if ('reasonCode' in packet && packet.reasonCode !== undefined) return Number(packet.reasonCode)
  return 'returnCode' in packet && packet.returnCode !== undefined ? Number(packet.returnCode) : 0
}
