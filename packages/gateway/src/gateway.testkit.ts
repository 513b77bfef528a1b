import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { vi } from 'vitest'
import { silentLog } from './base/log.ts'
import { type Config, makeConfig } from './config/index.ts'
import { Gateway } from './gateway.ts'
import { Authority, type Pair } from './identity/authority.ts'
import { type ConnectParts, connect, lines, read } from './path/packets.testkit.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from './upstream/embedded.ts'

/** A client that speaks in packets over TLS. */
export class Client {
  readonly socket: TLSSocket
  readonly #version: 4 | 5
  closed = false
  bytes = Buffer.alloc(0)

  constructor(socket: TLSSocket, version: 4 | 5) {
    this.socket = socket
    this.#version = version
    socket.on('error', () => {})
    socket.on('close', () => {
      this.closed = true
    })
    socket.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk])
    })
  }

  send(...packets: Uint8Array[]): void {
    for (const bytes of packets) this.socket.write(bytes)
  }

  /** Whole packets so far, as lines; an unfinished one throws, so ask again. */
  get seen(): string[] {
    return lines(this.bytes, 'server', this.#version)
  }

  get payloads(): string[] {
    return read(this.bytes, 'server', this.#version).flatMap(({ name, payload }) =>
      name === 'PUBLISH' ? [payload] : [],
    )
  }
}

/** A site with an embedded broker and as many gateways as a test starts. */
export class Plant {
  readonly folder: string
  readonly broker: EmbeddedBroker
  readonly #authority: Authority
  readonly #pairs = new Map<string, Pair>()
  readonly #gateways: Gateway[] = []
  readonly #clients: Client[] = []

  private constructor(folder: string, broker: EmbeddedBroker, authority: Authority) {
    this.folder = folder
    this.broker = broker
    this.#authority = authority
  }

  static async make(): Promise<Plant> {
    const folder = mkdtempSync(join(tmpdir(), 'ringwall-gateway-'))
    const authority = await Authority.create('mill-3')
    const broker = await startEmbeddedBroker()
    const own = await authority.issueServer(['localhost', '127.0.0.1'])
    const files = {
      'root.pem': authority.root.certificate,
      'own.pem': own.certificate,
      'own.key': own.key,
      'broker.pw': broker.password,
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 })
    return new Plant(folder, broker, authority)
  }

  /** A configuration with what a test cares about. */
  config(parts: { mqtts?: object; upstream?: object } & Record<string, object | string> = {}): Config {
    const { mqtts, upstream, ...rest } = parts
    return makeConfig(
      {
        site: 'mill-3',
        listen: { mqtts: { host: '127.0.0.1', port: 0, certificate: 'own.pem', key: 'own.key', ...mqtts } },
        upstream: { url: `mqtt://127.0.0.1:${this.broker.port}`, passwordFile: 'broker.pw', ...upstream },
        identity: { anchors: [{ ca: 'root.pem' }] },
        roles: { sensor: { publish: ['plant/${device}/#'], subscribe: ['plant/#'] } },
        rings: { network: 'enforce', identity: 'enforce' },
        control: 'off',
        ledger: 'off',
        ...rest,
      },
      join(this.folder, 'ringwall.yaml'),
    )
  }

  async start(config: Config): Promise<Gateway> {
    const gateway = await Gateway.start(config, silentLog)
    this.#gateways.push(gateway)
    return gateway
  }

  /** A device's TLS connection, shaken hands. */
  async dial(gateway: Gateway, device: string, version: 4 | 5 = 4): Promise<Client> {
    let pair = this.#pairs.get(device)
    if (pair === undefined) {
      pair = await this.#authority.issueDevice(device, ['sensor'])
      this.#pairs.set(device, pair)
    }
    const { certificate: cert, key } = pair
    const socket = connectTls({
      host: '127.0.0.1',
      port: gateway.port,
      ca: this.#authority.root.certificate,
      cert,
      key,
    })
    const client = new Client(socket, version)
    this.#clients.push(client)
    await once(socket, 'secureConnect')
    return client
  }

  /** A device with a session. */
  async join(gateway: Gateway, device: string, parts: ConnectParts = {}): Promise<Client> {
    const version = parts.version ?? 4
    const client = await this.dial(gateway, device, version)
    client.send(connect({ clientId: device, ...parts, version }))
    await until(() => client.seen[0] === 'CONNACK')
    return client
  }

  /** Ends what the last test began. */
  async clear(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.socket.destroy()
    for (const gateway of this.#gateways.splice(0)) await gateway.stop()
  }

  async close(): Promise<void> {
    await this.clear()
    await this.broker.close()
    rmSync(this.folder, { recursive: true })
  }
}

/** Waits until something is so; the time only ends what would never be. */
export async function until(so: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      if (!so()) throw new Error(`it never was so: ${so}`)
    },
    { timeout: 20_000, interval: 10 },
  )
}
