import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { ManualClock } from '../base/clock.ts'
import { Authority, type Pair } from '../identity/authority.ts'
import { SharedBlocks } from '../lanes/blocks.ts'
import { SharedCounters } from '../lanes/counters.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { Admission, type AdmissionOptions } from './admission.ts'
import { Listener, type ListenOptions, type Peer } from './listener.ts'

/** The authority of a site, its gateway's pair and one of its devices' pairs. */
export interface Site {
  readonly authority: Authority
  readonly own: Pair
  readonly device: Pair
}

export async function makeSite(): Promise<Site> {
  const authority = await Authority.create('mill-3')
  const own = await authority.issueServer(['localhost', '127.0.0.1'])
  return { authority, own, device: await authority.issueDevice('pump-1', ['sensor']) }
}

const WIDE = { perSecond: 1e5, burst: 1e5 }

/** A listener on a port of 127.0.0.1, with what it said, and clients for it. */
export class Hall {
  readonly clock = new ManualClock()
  readonly counters = new SharedCounters(1024, 1)
  readonly blocks = new SharedBlocks(64, [1, 2, 3, 4])
  readonly peers: Peer[] = []
  readonly turnedAway: { address: string; port: number; code: string; why: string }[] = []
  readonly listener: Listener
  readonly #site: Site
  readonly #sockets: Socket[] = []
  port = 0

  private constructor(site: Site, listen: Partial<ListenOptions>, admission: Partial<AdmissionOptions>) {
    this.#site = site
    const options: AdmissionOptions = {
      connections: 100,
      handshakes: 100,
      rate: WIDE,
      addressRate: WIDE,
      addressConnections: 0,
      ...admission,
    }
    this.listener = new Listener(
      {
        host: '127.0.0.1',
        port: 0,
        shared: false,
        handshakeTimeout: 60_000,
        handshakes: options.handshakes,
        trustedProxy: null,
        ...listen,
      },
      { certificate: site.own.certificate, key: site.own.key, anchors: [site.authority.root.certificate] },
      new Admission(options, new SharedLimits(1024, 3), this.counters, this.blocks, 0),
      {
        peer: peer => {
          peer.socket.on('error', () => {})
          peer.socket.resume()
          this.peers.push(peer)
        },
        turnedAway: (address, port, code, why) => this.turnedAway.push({ address, port, code, why }),
      },
      this.clock,
    )
  }

  static async open(
    site: Site,
    listen: Partial<ListenOptions> = {},
    admission: Partial<AdmissionOptions> = {},
  ): Promise<Hall> {
    const hall = new Hall(site, listen, admission)
    hall.port = await hall.listener.listen()
    return hall
  }

  get handshakes(): number {
    return this.counters.handshakes(0, 0)
  }

  get connections(): number {
    return this.counters.connections(0, 0)
  }

  get codes(): string[] {
    return this.turnedAway.map(({ code }) => code)
  }

  /** A TLS client; by default a device of the site. */
  dial(options: ConnectionOptions = {}): TLSSocket {
    const { authority, device } = this.#site
    const socket = connectTls({
      host: '127.0.0.1',
      port: this.port,
      ca: authority.root.certificate,
      cert: device.certificate,
      key: device.key,
      checkServerIdentity: () => undefined,
      ...options,
    })
    socket.on('error', () => {})
    socket.resume()
    this.#sockets.push(socket)
    return socket
  }

  /** A TCP client that says nothing by itself, from a loopback address of its own. */
  async raw(localAddress = '127.0.0.1'): Promise<Socket> {
    const socket = connectTcp({ host: '127.0.0.1', port: this.port, localAddress })
    socket.on('error', () => {})
    socket.resume()
    this.#sockets.push(socket)
    // A reset may be there as soon as the connection.
    await new Promise<void>(resolve => socket.once('connect', resolve).once('close', () => resolve()))
    return socket
  }

  close(): void {
    this.listener.close()
    for (const socket of this.#sockets) socket.destroy()
    for (const { socket } of this.peers) socket.destroy()
  }
}
