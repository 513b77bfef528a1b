import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { capture, type MadeFlow, type Sent } from '../../src/replay/capture.testkit.ts'

/** Bytes of a segment: what a socket gives at once may be more than a packet of IP holds. */
const SEGMENT = 1_448

interface Heard {
  readonly client: number
  readonly at: number
  readonly sent: Sent[]
}

/** Stands between clients and a broker, passes bytes on as they come, and keeps when which were said: what a tap would have seen, without being root. */
export class Overheard {
  readonly #server: Server
  readonly #flows: Heard[] = []
  #began = Number.NaN

  private constructor(server: Server) {
    this.#server = server
  }

  /** @param broker its port on 127.0.0.1 */
  static async begin(broker: number): Promise<Overheard> {
    const server = createServer()
    const overheard = new Overheard(server)
    server.on('connection', client => {
      const from = Number(client.remoteAddress?.split('.').at(-1))
      const flow: Heard = { client: from, at: overheard.#now(), sent: [] }
      overheard.#flows.push(flow)
      const upstream = connect(broker, '127.0.0.1')
      client.on('data', (bytes: Buffer) => overheard.#hear(flow, 'up', bytes))
      upstream.on('data', (bytes: Buffer) => overheard.#hear(flow, 'down', bytes))
      client.pipe(upstream).pipe(client)
      for (const socket of [client, upstream]) socket.on('error', () => {})
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return overheard
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** No more comes: a capture of it all, with the broker at port 1883. A client at 127.0.0.N is 10.0.0.N there. */
  end(): Buffer {
    this.#server.close()
    return capture(...this.#flows.map(({ client, at, sent }): MadeFlow => ({ client, at, sent })))
  }

  #hear({ sent }: Heard, direction: 'up' | 'down', bytes: Buffer): void {
    const at = this.#now()
    for (let from = 0; from < bytes.length; from += SEGMENT)
      sent.push({ [direction]: bytes.subarray(from, from + SEGMENT), at })
  }

  #now(): number {
    if (Number.isNaN(this.#began)) this.#began = performance.now()
    return Math.round(performance.now() - this.#began)
  }
}
