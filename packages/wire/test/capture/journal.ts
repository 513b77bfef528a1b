import {
  CaptureReader,
  type Closing,
  type Direction,
  type Flow,
  type FlowAnomaly,
  type FlowEvents,
  Flows,
  type FlowsOptions,
  Ready,
  type ReadyFor,
  type Shortcut,
} from '../../src/index.ts'

/** Which way messages go that can be read in one step: as all others, told one by one, or only counted. */
export type Way = 'plain' | 'told' | 'counted'

/** Whether a direction stands between two packets, by their fixed headers alone. */
class Framing {
  #rest: Buffer = Buffer.alloc(0)

  take(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    for (let end = packetEnd(this.#rest); end > 0 && end <= this.#rest.length; end = packetEnd(this.#rest)) {
      this.#rest = this.#rest.subarray(end)
    }
  }

  reset(): void {
    this.#rest = Buffer.alloc(0)
  }

  get idle(): boolean {
    return this.#rest.length === 0
  }
}

/** Where the packet at the beginning ends; 0 where that cannot be said. */
function packetEnd(bytes: Buffer): number {
  let length = 0
  for (let at = 1; at < 5 && at < bytes.length; at++) {
    length |= (bytes[at] & 0x7f) << (7 * (at - 1))
    if (bytes[at] < 0x80) return at + 1 + length
  }
  return 0
}

/** Writes down all that is told of a capture's flows, in its order. Bytes that come at once are one entry. */
export class Journal implements FlowEvents {
  readonly entries: string[] = []
  /** Messages that were read in one step. */
  stepped = 0
  readonly shortcut?: Shortcut
  readonly #framings = new Map<Flow, Record<Direction, Framing>>()
  readonly #five: boolean
  #last = ''

  constructor(way: Way, five: boolean) {
    this.#five = five
    if (way === 'plain') return
    this.shortcut = {
      tells: way === 'told',
      ready: flow => this.#ready(flow),
      message: (flow, up, bytes, start, _body, end, time) => {
        this.stepped++
        this.data(flow, up ? 'up' : 'down', bytes, start, end, time)
      },
      messages: (_flow, count) => {
        this.stepped += count
      },
    }
  }

  opened(flow: Flow): void {
    this.#framings.set(flow, { up: new Framing(), down: new Framing() })
    this.#add(`opened ${flow.id} ${flow.client.address} ${flow.client.port} ${flow.midstream} ${flow.began}`)
  }

  data(flow: Flow, direction: Direction, bytes: Uint8Array, start: number, end: number, time: number): void {
    const said = Buffer.from(bytes.subarray(start, end))
    this.#framings.get(flow)?.[direction].take(said)
    const about = `data ${flow.id} ${direction} ${time}`
    if (this.#last === about) this.entries[this.entries.length - 1] += said.toString('hex')
    else this.#add(`${about} ${said.toString('hex')}`)
    this.#last = about
  }

  gap(flow: Flow, direction: Direction, missing: number, time: number): void {
    this.#framings.get(flow)?.[direction].reset()
    this.#add(`gap ${flow.id} ${direction} ${missing} ${time}`)
  }

  anomaly(flow: Flow, code: FlowAnomaly, time: number): void {
    this.#add(`anomaly ${flow.id} ${code} ${time}`)
  }

  closed(flow: Flow, how: Closing, time: number): void {
    const { packetsUp, packetsDown, bytesUp, bytesDown } = flow
    this.#add(`closed ${flow.id} ${how} ${time} ${packetsUp} ${packetsDown} ${bytesUp} ${bytesDown}`)
  }

  #ready(flow: Flow): ReadyFor {
    const framing = this.#framings.get(flow)
    const idle = (framing?.up.idle ? Ready.UP : 0) | (framing?.down.idle ? Ready.DOWN : 0)
    return idle === 0 || !this.#five ? idle : idle | Ready.FIVE
  }

  #add(entry: string): void {
    this.#last = ''
    this.entries.push(entry)
  }
}

/** What is told of a capture read in the given pieces, one way or another, with the counts at its end. */
export function journal(
  file: Uint8Array,
  size: () => number,
  { way, five, options }: { readonly way: Way; readonly five: boolean; readonly options: FlowsOptions },
): Journal {
  const told = new Journal(way, five)
  const flows = new Flows(told, options)
  const reader = new CaptureReader()
  for (let at = 0; at < file.length; ) {
    const next = Math.min(file.length, at + size())
    for (const piece of flows.pieces(file.slice(at, next))) {
      reader.feed(piece)
      reader.passBy(flows.pass)
      while (reader.next()) {
        flows.packet(reader)
        reader.passBy(flows.pass)
      }
    }
    at = next
  }
  const fault = reader.finish()
  flows.flush()
  told.entries.push(JSON.stringify([flows.counts, flows.latest, fault, flows.size, flows.held]))
  return told
}
