import type { X509Certificate } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import type { Clock } from '../base/clock.ts'
import { systemCode } from '../base/error.ts'
import type { Admission, AdmissionCode, Ticket } from './admission.ts'
import { plainAddress, readProxyHeader } from './proxy.ts'
import { type Credentials, secureContext, tlsOptions } from './secure.ts'

/** A peer whose certificate chain was verified. */
export interface Peer {
  readonly socket: TLSSocket
  readonly certificate: X509Certificate
  readonly address: string
  readonly port: number
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Several workers accept on one port. */
  readonly shared: boolean
  readonly handshakeTimeout: number
  /** Says whose PROXY headers are believed; null: the protocol is off. */
  readonly trustedProxy: ((address: string) => boolean) | null
}

export interface ListenEvents {
  peer(peer: Peer): void
  /** A connection that came to nothing. `reset`: an admission code; otherwise the error of the handshake. */
  turnedAway(address: string, port: number, code: string, why: string): void
}

interface Caller {
  readonly address: string
  readonly port: number
  readonly ticket: Ticket
}

/** The TLS listener of one worker: admission, PROXY header, handshake, in this order. */
export class Listener {
  readonly #options: ListenOptions
  readonly #admission: Admission
  readonly #events: ListenEvents
  readonly #clock: Clock
  readonly #tls: TlsServer
  readonly #tcp: Server
  /** Callers in the middle of their handshake, by the remote end of the TCP connection. */
  readonly #callers = new Map<string, Caller>()

  constructor(
    options: ListenOptions,
    credentials: Credentials,
    admission: Admission,
    events: ListenEvents,
    clock: Clock,
  ) {
    this.#options = options
    this.#admission = admission
    this.#events = events
    this.#clock = clock
    this.#tls = createTlsServer(tlsOptions(credentials, options.handshakeTimeout), socket => this.#secured(socket))
    this.#tls.on('tlsClientError', (error, socket) => this.#failed(error, socket))
    this.#tcp = createServer({ noDelay: true, allowHalfOpen: false }, raw => this.#accepted(raw))
  }

  /** Starts to accept. @returns the port. */
  async listen(): Promise<number> {
    const { host, port, shared } = this.#options
    await new Promise<void>((resolve, reject) => {
      this.#tcp.once('error', reject)
      this.#tcp.listen({ host, port, reusePort: shared, backlog: 1024 }, resolve)
    })
    const address = this.#tcp.address()
    return address !== null && typeof address === 'object' ? address.port : port
  }

  /** Uses new certificates from the next handshake on. */
  renew(credentials: Credentials): void {
    this.#tls.setSecureContext(secureContext(credentials))
  }

  /** Accepts no more; what is open stays. */
  close(): void {
    this.#tcp.close()
  }

  #accepted(raw: Socket): void {
    raw.on('error', ignore)
    const address = plainAddress(raw.remoteAddress ?? '')
    const port = raw.remotePort ?? 0
    if (this.#options.trustedProxy?.(address)) this.#readProxy(raw, address, port)
    else this.#admit(raw, address, port)
  }

  #readProxy(raw: Socket, proxy: string, proxyPort: number): void {
    let known: Buffer = Buffer.alloc(0)
    const turnAway = (why: string): void => {
      raw.destroy()
      this.#events.turnedAway(proxy, proxyPort, 'proxy_header', why)
    }
    const deadline = setTimeout(() => turnAway('no PROXY header in time'), this.#options.handshakeTimeout)
    raw.once('close', () => clearTimeout(deadline))
    const onData = (chunk: Buffer): void => {
      known = known.length === 0 ? chunk : Buffer.concat([known, chunk])
      const header = readProxyHeader(known)
      if (header.kind === 'more') return
      clearTimeout(deadline)
      raw.off('data', onData)
      raw.pause()
      if (header.kind === 'bad') return turnAway(header.why)
      if (header.address === null) return void raw.destroy()
      if (known.length > header.length) raw.unshift(known.subarray(header.length))
      this.#admit(raw, plainAddress(header.address), header.port)
    }
    raw.on('data', onData)
  }

  #admit(raw: Socket, address: string, port: number): void {
    const ticket = this.#admission.admit(address, this.#clock.now())
    if (typeof ticket === 'string') {
      // A reset costs no TIME_WAIT and tells a client at once.
      raw.resetAndDestroy()
      this.#events.turnedAway(address, port, ticket, WHY[ticket])
      return
    }
    const key = `${raw.remoteAddress}|${raw.remotePort}`
    this.#callers.set(key, { address, port, ticket })
    raw.once('close', () => {
      this.#callers.delete(key)
      this.#admission.release(ticket)
    })
    this.#tls.emit('connection', raw)
  }

  #secured(socket: TLSSocket): void {
    const key = `${socket.remoteAddress}|${socket.remotePort}`
    const caller = this.#callers.get(key)
    const certificate = socket.getPeerX509Certificate()
    if (caller === undefined || certificate === undefined || !socket.authorized) return void socket.destroy()
    this.#callers.delete(key)
    this.#admission.shaken(caller.ticket)
    this.#events.peer({ socket, certificate, address: caller.address, port: caller.port })
  }

  #failed(error: Error, socket: TLSSocket): void {
    const caller = this.#callers.get(`${socket.remoteAddress}|${socket.remotePort}`)
    // `authorizationError` holds OpenSSL's verify code as text, whatever the declared type says.
    const refused = socket.authorizationError as unknown
    socket.destroy()
    const code = typeof refused === 'string' ? refused : systemCode(error) || 'TLS_ERROR'
    this.#events.turnedAway(
      caller?.address ?? '',
      caller?.port ?? 0,
      handshakeCode(code),
      `TLS handshake failed: ${code}`,
    )
  }
}

const WHY: Record<AdmissionCode, string> = {
  connection_rate: 'more new connections a second than limits.connectRate allows',
  connection_limit: 'as many connections are open as limits.connections allows',
  handshake_limit: 'as many handshakes are open as limits.handshakes allows',
  address_rate: 'more new connections a second from this address than limits.addressRate allows',
  address_limit: 'as many connections are open from this address as limits.addressConnections allows',
}

function handshakeCode(code: string): string {
  if (code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') return 'certificate_missing'
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'handshake_timeout'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'handshake_aborted'
  return code.startsWith('ERR_') || code.startsWith('E') ? 'handshake_failed' : 'certificate_refused'
}

function ignore(): void {}
