import { Authority } from './certificates.ts'
import { Folder } from './folder.ts'
import { Gateway } from './gateway.ts'
import type { Access, Target } from './kit.ts'
import { Mosquitto, type MosquittoOptions } from './mosquitto.ts'

/** The ways to the same broker: by its own mutual TLS, or through the gateway with a plain or a TLS upstream. */
export type Way = 'direct' | 'gateway over TCP' | 'gateway over TLS'

/** What the gateway's file says beyond the defaults in every interoperability test. */
const MORE = ['size: { default: 512KiB }']

/** A broker, gateways in front of it as they are asked for, and the devices' certificates. */
export class House {
  readonly folder: Folder
  readonly authority: Authority
  readonly mosquitto: Mosquitto
  readonly #gateways = new Map<Way, Promise<Gateway>>()
  readonly #devices = new Map<string, Promise<Omit<Access, 'port'>>>()

  private constructor(authority: Authority, mosquitto: Mosquitto, folder: Folder) {
    this.authority = authority
    this.mosquitto = mosquitto
    this.folder = folder
  }

  static async build(options: MosquittoOptions = {}): Promise<House> {
    const folder = new Folder()
    const authority = await Authority.create()
    return new House(authority, await Mosquitto.start(folder, authority, options), folder)
  }

  async target(way: Way): Promise<Target> {
    const port = way === 'direct' ? this.mosquitto.mutual : (await this.gateway(way)).port
    return { name: way, access: async device => ({ port, ...(await this.#device(device)) }) }
  }

  /** The gateway of this way, started when it is first asked for. */
  gateway(way: Exclude<Way, 'direct'>): Promise<Gateway> {
    const there = this.#gateways.get(way)
    if (there !== undefined) return there
    const gateway = Gateway.start(this.folder, this.authority, { upstream: this.#upstream(way), more: MORE })
    this.#gateways.set(way, gateway)
    return gateway
  }

  /** Ends everything; what the gateways have written is shown where one of them complained. */
  async close(): Promise<void> {
    for (const [way, starting] of this.#gateways) {
      const gateway = await starting.catch(() => undefined)
      await gateway?.stop()
      if (gateway !== undefined && gateway.output !== '') process.stderr.write(`${way}:\n${gateway.output}\n`)
    }
    await this.mosquitto.stop()
    this.folder.remove()
  }

  #upstream(way: Way): string {
    if (way === 'gateway over TCP') return `url: mqtt://127.0.0.1:${this.mosquitto.tcp}, identity: client-id`
    return `url: mqtts://127.0.0.1:${this.mosquitto.tls}, identity: client-id, ca: broker-ca.pem, serverName: localhost`
  }

  #device(id: string): Promise<Omit<Access, 'port'>> {
    const there = this.#devices.get(id)
    if (there !== undefined) return there
    const device = this.#issue(id)
    this.#devices.set(id, device)
    return device
  }

  async #issue(id: string): Promise<Omit<Access, 'port'>> {
    const { certificate, key } = await this.authority.device(id)
    return {
      ca: this.authority.certificate,
      caFile: this.folder.at('broker-ca.pem'),
      certificate,
      certificateFile: this.folder.write(`device-${id}.pem`, certificate),
      key,
      keyFile: this.folder.write(`device-${id}.key`, key),
    }
  }
}
