import { type CapturedPacket, Flows, type FlowsOptions, LinkType } from '../../src/index.ts'
import { ip, type SegmentFields, tcp } from './frames.ts'
import { Ear, type HeardFlow } from './hearing.ts'
import { addressesOf } from './network.ts'

/** A packet as a reader shows it. */
export function packetOf(
  bytes: Uint8Array,
  time: number,
  linkType: number,
  originalLength = bytes.length,
): CapturedPacket {
  return { time, linkType, bytes, start: 0, end: bytes.length, originalLength }
}

/** Says segments of one client and one server by hand, ten milliseconds apart. */
export class Script {
  readonly ear: Ear
  readonly flows: Flows
  time: number
  readonly #ports: readonly [client: number, server: number]

  constructor(options: FlowsOptions = {}, ports: readonly [client: number, server: number] = [50_000, 1883]) {
    this.ear = new Ear()
    this.flows = new Flows(this.ear, options)
    this.time = 1_600_000_000_000
    this.#ports = ports
  }

  /** The only flow. */
  get heard(): HeardFlow {
    if (this.ear.flows.length !== 1) throw new Error(`there are ${this.ear.flows.length} flows`)
    return this.ear.flows[0]
  }

  up(flags: string, sequence: number, data = '', acknowledgement = 0): this {
    return this.#say(true, flags, sequence, data, acknowledgement)
  }

  down(flags: string, sequence: number, data = '', acknowledgement = 0): this {
    return this.#say(false, flags, sequence, data, acknowledgement)
  }

  /** SYN, SYN and ACK, ACK: the next bytes are 101 up and 501 down. */
  greet(): this {
    return this.up('S', 100).down('SA', 500, '', 101).up('A', 101, '', 501)
  }

  wait(milliseconds: number): this {
    this.time += milliseconds
    return this
  }

  /** The client's segment, of which the capture has kept so many bytes of data. */
  upCut(sequence: number, data: string, kept: number): this {
    const { from, to } = addressesOf(false)
    const fields = this.#fields(true, 'PA', sequence, data, 501)
    const packet = ip({ from, to }, tcp({ from, to }, fields))
    const cut = packet.slice(0, packet.length - data.length + kept)
    this.flows.packet(packetOf(cut, this.time, LinkType.RAW, packet.length))
    return this
  }

  #say(up: boolean, flags: string, sequence: number, data: string, acknowledgement: number): this {
    const { from, to } = addressesOf(false)
    const addresses = up ? { from, to } : { from: to, to: from }
    const packet = ip(addresses, tcp(addresses, this.#fields(up, flags, sequence, data, acknowledgement)))
    this.time += 10
    this.flows.packet(packetOf(packet, this.time, LinkType.RAW))
    return this
  }

  #fields(up: boolean, flags: string, sequence: number, data: string, acknowledgement: number): SegmentFields {
    const [client, server] = this.#ports
    const [source, destination] = up ? [client, server] : [server, client]
    return { source, destination, sequence, acknowledgement, flags, data: new Uint8Array(Buffer.from(data, 'latin1')) }
  }
}
