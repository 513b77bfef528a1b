import { readFile } from 'node:fs/promises'
import { connect as connectTcp, type Socket } from 'node:net'
import { join } from 'node:path'
import { checkServerIdentity, connect as connectTls, createSecureContext, type SecureContext } from 'node:tls'
import { RingwallError, systemCode } from '../base/error.ts'
import { Link } from './link.ts'
import type { Slab } from './slab.ts'
import { brokerTrouble } from './trouble.ts'

export interface ConnectorOptions {
  readonly host: string
  readonly port: number
  /** Milliseconds. */
  readonly timeout: number
  /** Absent: plain TCP. PEM texts. */
  readonly tls?: {
    readonly ca?: string
    readonly certificate?: string
    readonly key?: string
    readonly serverName: string
    /** A folder with DEVICE.pem and DEVICE.key for each device. */
    readonly folder?: string
  }
}

/** How long a broker that did not answer is not asked again, in milliseconds: a crowd of devices must not wait in line for it. */
const REST = 250

/**
 * Opens connections to the broker, one a device. Errors: `upstream_timeout`, those of `Trouble`, and
 * `upstream_client_certificate` where a device's pair is missing.
 */
export class Connector {
  readonly #options: ConnectorOptions
  readonly #slab: Slab
  readonly #context: SecureContext | null
  #failedAt = Number.NEGATIVE_INFINITY
  #failure: RingwallError | null = null

  constructor(options: ConnectorOptions, slab: Slab) {
    this.#options = options
    this.#slab = slab
    const { tls } = options
    this.#context = tls === undefined ? null : this.#secure(tls.certificate, tls.key)
  }

  async connect(device: string): Promise<Link> {
    if (this.#failure !== null && performance.now() - this.#failedAt < REST) throw this.#failure
    try {
      const socket = await this.#dial(device)
      this.#failure = null
      return new Link(socket, this.#slab, error => new Error(this.#trouble(error).what, { cause: error }))
    } catch (error) {
      const failure = error instanceof RingwallError ? error : this.#failed(error)
      // A device's own certificate is that device's trouble, not the broker's.
      if (failure.code !== 'upstream_client_certificate' || this.#options.tls?.folder === undefined) {
        this.#failure = failure
        this.#failedAt = performance.now()
      }
      throw failure
    }
  }

  async #dial(device: string): Promise<Socket> {
    const { host, port, timeout, tls } = this.#options
    if (tls === undefined) return this.#settle(connectTcp({ host, port, noDelay: true }), 'connect', timeout)
    const secureContext = tls.folder === undefined ? this.#context : await this.#contextOf(device, tls.folder)
    const { serverName } = tls
    const socket = connectTls({
      host,
      port,
      ...(secureContext === null ? {} : { secureContext }),
      // An address cannot be a server name indication (RFC 6066, section 3).
      ...(/^[\d.]+$|:/.test(serverName) ? {} : { servername: serverName }),
      // Said outright, since NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would otherwise switch it off.
      rejectUnauthorized: true,
      // The name that must stand in the certificate, whatever address is dialed.
      checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    })
    socket.setNoDelay(true)
    return this.#settle(socket, 'secureConnect', timeout)
  }

  #settle(socket: Socket, event: 'connect' | 'secureConnect', timeout: number): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>()
    const { host, port } = this.#options
    const deadline = setTimeout(() => {
      socket.destroy()
      const what = `the broker at ${host}:${port} did not answer within ${timeout} ms`
      reject(new RingwallError('upstream_timeout', what, HINT, { field: 'upstream.url' }))
    }, timeout)
    socket.once('error', error => reject(this.#failed(error)))
    socket.once(event, () => resolve(socket))
    return promise.finally(() => clearTimeout(deadline))
  }

  #secure(cert: string | undefined, key: string | undefined): SecureContext {
    const ca = this.#options.tls?.ca
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    })
  }

  async #contextOf(device: string, folder: string): Promise<SecureContext> {
    try {
      const [certificate, key] = await Promise.all([
        readFile(join(folder, `${device}.pem`), 'utf8'),
        readFile(join(folder, `${device}.key`), 'utf8'),
      ])
      return this.#secure(certificate, key)
    } catch (error) {
      const what = `no usable upstream certificate for ${device} (${systemCode(error) || 'not PEM'})`
      const hint = `Put ${device}.pem and ${device}.key into the folder.`
      throw new RingwallError(
        'upstream_client_certificate',
        what,
        hint,
        { file: folder, field: 'upstream.certificates' },
        error,
      )
    }
  }

  #trouble(error: unknown) {
    const { tls } = this.#options
    return brokerTrouble(error, {
      tls: tls !== undefined,
      shown: tls?.certificate !== undefined || tls?.folder !== undefined,
    })
  }

  #failed(error: unknown): RingwallError {
    const { host, port } = this.#options
    const { code, what, hint, field } = this.#trouble(error)
    return new RingwallError(code, `${what} (${host}:${port})`, hint, { field }, error)
  }
}

const HINT = 'Check that it runs and that upstream.url is right.'
