import { randomBytes } from 'node:crypto'
import { isIP, connect as openTcp, type Socket } from 'node:net'
import { connect as openTls, type TLSSocket } from 'node:tls'
import { systemCode } from '../base/error.ts'
import type { BrokerAddress } from '../config/address.ts'

/** How a broker is probed, besides its address. */
export interface ProbeOptions {
  /** The authorities (PEM) that the broker's certificate is verified against; the system's if absent. */
  readonly ca?: string
  /** The name that the certificate must carry; the host if absent. */
  readonly serverName?: string
  /** When to give up, in milliseconds. */
  readonly deadline?: number
}

/** What a broker does with a stranger. */
export interface ProbeResult {
  /**
   * `accepted`: it took a client without user name, password or certificate. `refused`: it answered with a refusal, or closed.
   * `unclear`: it was reached and did not speak MQTT in time. `unreachable`: there was no connection.
   */
  readonly answer: 'accepted' | 'refused' | 'unclear' | 'unreachable'
  /** In words, with the CONNACK's code or the system's. */
  readonly why: string
  /** The peer's address, where it was reached. */
  readonly peer?: string
  /** Why the broker's certificate does not verify, where it does not. */
  readonly certificate?: string
}

const DEADLINE = 5_000

/** Who a probe says it is. */
export interface Caller {
  readonly clientId: string
  readonly username?: string
  readonly password?: string
}

/** MQTT 3.1.1 CONNECT: clean session, keep-alive 10 s, no will (3.1). */
export function connectPacket({ clientId, username, password }: Caller): Buffer {
  // MQTT 3.1.1 has no password without a user name (3.1.2.9).
  const flags =
    0b10 | (username === undefined ? 0 : 0x80) | (username !== undefined && password !== undefined ? 0x40 : 0)
  const credentials = username === undefined ? [] : [username, ...(password === undefined ? [] : [password])]
  const fields = [clientId, ...credentials].map(text => {
    const bytes = Buffer.from(text)
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
  })
  const body = Buffer.concat([Buffer.from([0, 4, ...Buffer.from('MQTT'), 4, flags, 0, 10]), ...fields])
  const length: number[] = []
  for (let left = body.length; length.length === 0 || left > 0; left >>= 7) {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
  }
  return Buffer.concat([Buffer.from([0x10, ...length]), body])
}

const DISCONNECT = Buffer.from([0xe0, 0])
const CONNACK = 0x20
const CONNACK_LENGTH = 4

/** Connects to a broker as a stranger would, without the gateway's credentials, and says what it does. Never throws. */
export async function probeBroker(address: BrokerAddress, options: ProbeOptions = {}): Promise<ProbeResult> {
  return new Promise(done => {
    const socket = open(address, options)
    let peer: string | undefined
    let certificate: string | undefined
    let received: Buffer = Buffer.alloc(0)
    const end = (answer: ProbeResult['answer'], why: string) => {
      clearTimeout(timer)
      socket.destroy()
      done({ answer, why, ...(peer && { peer }), ...(certificate && { certificate }) })
    }
    const deadline = options.deadline ?? DEADLINE
    const timer = setTimeout(
      () => end(peer === undefined ? 'unreachable' : 'unclear', `no answer within ${deadline} ms`),
      deadline,
    )
    const lost = (why: string) => end(peer === undefined ? 'unreachable' : 'refused', why)
    // A TLS broker that wants a certificate ends the handshake: it was reached all the same.
    socket.on('connect', () => {
      peer = socket.remoteAddress
    })
    socket.on(address.tls ? 'secureConnect' : 'connect', () => {
      certificate = certificateFault(socket)
      socket.write(connectPacket({ clientId: `ringwall-${randomBytes(6).toString('hex')}` }))
    })
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received[0] !== CONNACK) return end('unclear', 'it answered with something that is not MQTT')
      if (received.length < CONNACK_LENGTH) return
      const code = received[3]!
      if (code === 0) socket.write(DISCONNECT)
      end(code === 0 ? 'accepted' : 'refused', `CONNACK with return code ${code}`)
    })
    socket.on('error', error => lost(systemCode(error) || 'the connection failed'))
    socket.on('close', () => lost('it closed the connection'))
  })
}

function open({ host, port, tls }: BrokerAddress, { ca, serverName }: ProbeOptions): Socket {
  if (!tls) return openTcp({ host, port })
  const name = serverName ?? (isIP(host) === 0 ? host : undefined)
  // A stranger would not verify either; what the gateway would think of the certificate is told apart.
  return openTls({ host, port, rejectUnauthorized: false, ...(ca && { ca }), ...(name && { servername: name }) })
}

function certificateFault(socket: Socket | TLSSocket): string | undefined {
  if (!('authorized' in socket) || socket.authorized) return undefined
  return String(socket.authorizationError)
}
