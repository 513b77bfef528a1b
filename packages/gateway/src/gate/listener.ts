import type { X509Certificate } from 'node:crypto'
import { createServer, type Server, Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import type { Clock } from '../base/clock.ts'
import { systemCode } from '../base/error.ts'
import { networkOf } from '../base/network.ts'
import type { Admission, AdmissionCode, Ticket } from './admission.ts'
import { plainAddress, readProxyHeader } from './proxy.ts'
import { type Credentials, secureContext, tlsOptions } from './secure.ts'
import { handshakeFailure } from './why.ts'

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
  /** How many handshakes may be open at this worker. */
  readonly handshakes: number
  /** Says whose PROXY headers are believed; null: the protocol is off. */
  readonly trustedProxy: ((address: string) => boolean) | null
}

export interface ListenEvents {
  peer(peer: Peer): void
  /** A connection that came to nothing. `reset`: an admission code; otherwise the error of the handshake. */
  turnedAway(address: string, port: number, code: string, why: string): void
}

/** A connection in the middle of its handshake. */
interface Caller {
  readonly address: string
  readonly port: number
  readonly ticket: Ticket
  readonly raw: Socket
  /** Monotonic milliseconds. */
  readonly since: number
}

/** The share of the open handshakes that one address may have. */
const ADDRESS_SHARE = 4
/** A handshake that is older has stalled and makes room for a newcomer, in milliseconds. */
const STALLED = 1_000

/** The TLS listener of one worker: admission, PROXY header, handshake, in this order. */
export class Listener {
  readonly #options: ListenOptions
  readonly #admission: Admission
  readonly #events: ListenEvents
  readonly #clock: Clock
  readonly #tls: TlsServer
  readonly #tcp: Server
  // By the remote end of the TCP connection, in order of arrival: the first is the oldest.
  readonly #callers = new Map<string, Caller>()
  // For telling who it was once the connection is closed and has no remote end any more.
  readonly #carried = new WeakMap<Socket, Caller>()
  readonly #byAddress = new Map<string, number>()

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
    const now = this.#clock.now()
    // Before all limits: who is blocked takes nobody's place.
    const until = this.#admission.blockedUntil(address, this.#clock.wallAt(now))
    if (until !== 0) {
      raw.resetAndDestroy()
      return this.#events.turnedAway(address, port, 'address_blocked', blockedText(until))
    }
    if (this.#admission.crowded) this.#makeRoom(now)
    const ticket: Ticket | AdmissionCode = this.#crowded(address)
      ? 'address_handshakes'
      : this.#admission.admit(address, now)
    if (typeof ticket === 'string') {
      // A reset costs no TIME_WAIT and tells a client at once.
      raw.resetAndDestroy()
      this.#events.turnedAway(address, port, ticket, WHY[ticket])
      return
    }
    const key = remoteEnd(raw)
    const caller: Caller = { address, port, ticket, raw, since: now }
    this.#callers.set(key, caller)
    this.#carried.set(raw, caller)
    const network = networkOf(address)
    this.#byAddress.set(network, (this.#byAddress.get(network) ?? 0) + 1)
    raw.once('close', () => {
      this.#admission.release(ticket)
      this.#forget(key)
    })
    this.#tls.emit('connection', raw)
  }

  /** Many unfinished handshakes of one address leave room for those of others. */
  #crowded(address: string): boolean {
    return (
      (this.#byAddress.get(networkOf(address)) ?? 0) >=
      Math.max(ADDRESS_SHARE, this.#options.handshakes / ADDRESS_SHARE)
    )
  }

  /** Ends the oldest handshake if it has stalled: a device's own takes milliseconds, a flood's stand until their deadline. */
  #makeRoom(now: number): void {
    for (const { raw, since, ticket } of this.#callers.values()) {
      if (raw.destroyed) continue
      if (now - since < STALLED) return
      raw.destroy()
      return this.#admission.release(ticket)
    }
  }

  #forget(key: string): Caller | undefined {
    const caller = this.#callers.get(key)
    if (caller === undefined) return undefined
    this.#callers.delete(key)
    const network = networkOf(caller.address)
    const left = (this.#byAddress.get(network) ?? 1) - 1
    if (left > 0) this.#byAddress.set(network, left)
    else this.#byAddress.delete(network)
    return caller
  }

  #secured(socket: TLSSocket): void {
    const caller = this.#forget(remoteEnd(socket))
    const certificate = socket.getPeerX509Certificate()
    if (caller === undefined || certificate === undefined || !socket.authorized) return void socket.destroy()
    this.#admission.shaken(caller.ticket)
    this.#events.peer({ socket, certificate, address: caller.address, port: caller.port })
  }

  #failed(error: Error, socket: TLSSocket): void {
    const raw = carrierOf(socket)
    const caller = raw === undefined ? undefined : this.#carried.get(raw)
    // `authorizationError` holds OpenSSL's verify code as text, whatever the declared type says.
    const refused = socket.authorizationError as unknown
    socket.destroy()
    const { code, why } = handshakeFailure(typeof refused === 'string' ? refused : systemCode(error) || 'TLS_ERROR')
    this.#events.turnedAway(caller?.address ?? '', caller?.port ?? 0, code, why)
  }
}

function remoteEnd(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}|${socket.localAddress}`
}

/** The TCP connection under a TLS socket, for telling who called; Node gives no public way from one to the other. */
function carrierOf(socket: TLSSocket): Socket | undefined {
  return '_parent' in socket && socket._parent instanceof Socket ? socket._parent : undefined
}

/** Why somebody is not let in who is blocked. */
export function blockedText(until: number): string {
  return `blocked until ${new Date(until).toISOString()}; ringwall blocks says by whom and why`
}

const WHY: Record<AdmissionCode, string> = {
  connection_rate: 'more new connections a second than limits.connectRate allows',
  connection_limit: 'as many connections are open as limits.connections allows',
  handshake_limit: 'as many handshakes are open as limits.handshakes allows',
  address_rate: 'more new connections a second from this address than limits.addressRate allows',
  address_handshakes: 'this address has more than its share of the open handshakes',
  address_limit: 'as many connections are open from this address as limits.addressConnections allows',
}

function ignore(): void {}
