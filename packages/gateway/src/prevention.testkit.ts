import { rmSync } from 'node:fs'
import { type AddressInfo, connect as connectTcp, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { kindOf, textAt, valueAt } from './audit/entry.ts'
import { openView } from './audit/view.ts'
import { blockVerbs } from './cli/block.ts'
import { bypassVerb } from './cli/bypass.ts'
import { postureVerbs } from './cli/posture.ts'
import { printedBy } from './cli/verb.testkit.ts'
import { Plant, until } from './gateway.testkit.ts'
import type { Gateway } from './gateway.ts'
import { connack } from './path/packets.testkit.ts'

/** What every order of these tests needs. */
export const HOUR = ['--for', '1h', '--reason', 'test']
const CLIENT_HELLO = Buffer.from('16030100050100000100', 'hex')

/** What `knock` says. */
export const RESET = 'ECONNRESET after 0 bytes'
export const ANSWERED = 'closed after some bytes'

/** A plant whose gateways are given orders by the verbs of prevention. */
export class Ward {
  readonly plant: Plant
  /** Where its gateways keep blocks and postures. */
  readonly state: string
  readonly #socket: string
  readonly #five: Server

  private constructor(plant: Plant, five: Server) {
    this.plant = plant
    this.state = join(plant.folder, 'data')
    this.#socket = join(plant.folder, 'prevention.sock')
    this.#five = five
  }

  static async make(): Promise<Ward> {
    const plant = await Plant.make()
    // A broker of version 5, which the embedded one is not.
    const five = createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => socket.write(connack(5)))
    }).listen(0, '127.0.0.1')
    await until(() => five.listening)
    return new Ward(plant, five)
  }

  /** The part of a configuration that names the broker of version 5. */
  get onFive(): { upstream: object } {
    return { upstream: { url: `mqtt://127.0.0.1:${(this.#five.address() as AddressInfo).port}` } }
  }

  config(parts: Parameters<Plant['config']>[0] = {}): ReturnType<Plant['config']> {
    return this.plant.config({ control: { path: this.#socket }, ledger: {}, ...parts })
  }

  start(parts: Parameters<Plant['config']>[0] = {}): Promise<Gateway> {
    return this.plant.start(this.config(parts))
  }

  /** What a verb comes to: its status and what it prints. */
  async say(...args: string[]): Promise<string> {
    const { status, out, err } = await printedBy(
      [blockVerbs, bypassVerb, postureVerbs],
      [...args, '--socket', this.#socket],
    )
    return `${status} ${out}${err}`
  }

  /** What stands in the ledger of its gateways, by kind, with who ordered it and why. */
  get entries(): { kind: string; by: string; reason: unknown }[] {
    const { size, read } = openView(join(this.state, 'ledger'))
    return [...read(0, size)].map(({ entry }) => ({
      kind: kindOf(entry),
      by: textAt(entry, 'actor', 'user', 'name'),
      reason: valueAt(entry, 'unmapped', 'reason'),
    }))
  }

  /** Ends what the last test began and forgets what its gateways kept. */
  async clear(): Promise<void> {
    await this.plant.clear()
    rmSync(this.state, { recursive: true, force: true })
  }

  async close(): Promise<void> {
    await this.plant.close()
    this.#five.close()
  }
}

/** What becomes of a TCP connection from an address of the loopback network that begins a handshake. */
export function knock(gateway: Gateway, localAddress: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const tcp = connectTcp({ host: '127.0.0.1', port: gateway.port, localAddress })
  let bytes = 0
  tcp.on('connect', () => tcp.write(CLIENT_HELLO))
  tcp.on('data', chunk => {
    bytes += chunk.length
  })
  tcp.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} after ${bytes} bytes`))
  tcp.on('close', () => resolve(`closed after ${bytes > 0 ? 'some' : 'no'} bytes`))
  return promise.finally(() => tcp.destroy())
}

/** The codes of a gateway's latest verdicts. */
export const codes = (gateway: Gateway): string[] => gateway.verdicts.latest(20).map(({ findings }) => findings[0].code)
