import sparkplug from 'sparkplug-payload'
import type { Outgoing } from './line.ts'

const { encodePayload } = sparkplug.get('spBv1.0')!

/** The device that the edge node speaks for. */
export const EDGE_DEVICE = 'plc-1'
const SEQUENCES = 256
const UPTIME = 1
const TRACE = 2

/** The readings of the edge node's device: their names, and the aliases by which data names them. */
export const EDGE_METRICS = [
  { name: 'Tank 3/Level', alias: 10 },
  { name: 'Consumer/Flow', alias: 11 },
  { name: 'Tank 2/Temperature', alias: 12 },
] as const

export type EdgeMetric = (typeof EDGE_METRICS)[number]

interface Metric {
  readonly name?: string
  readonly alias?: number
  readonly type: 'Double' | 'UInt64' | 'Int64' | 'String' | 'Boolean'
  readonly value: number | string | boolean
}

/** Makes the messages of a Sparkplug B 3.0 edge node: births, data by alias, and the death that is its last will. */
export class EdgeNode {
  readonly #site: string
  readonly #name: string
  #deaths = -1
  #sequence = 0

  constructor(site: string, name: string) {
    this.#site = site
    this.#name = name
  }

  /** The will of the next session. Its number is that of the birth that follows (tck-id-payloads-nbirth-bdseq). */
  death(wall = Date.now()): Outgoing {
    this.#deaths = (this.#deaths + 1) % SEQUENCES
    const payload = encode({ timestamp: Math.round(wall), metrics: [this.#bdSeq()] })
    return { topic: this.#topic('NDEATH'), payload, qos: 1, retain: false }
  }

  /** Births of the node and of its device, which begin the sequence anew. @param trace of an attacker. */
  births(
    values: readonly number[],
    wall: number,
    trace = '',
    metrics: readonly EdgeMetric[] = EDGE_METRICS,
  ): Outgoing[] {
    this.#sequence = 0
    const node: Metric[] = [
      this.#bdSeq(),
      { name: 'Node Control/Rebirth', type: 'Boolean', value: false },
      { name: 'Uptime', alias: UPTIME, type: 'Double', value: 0 },
      { name: 'Trace', alias: TRACE, type: 'String', value: trace },
    ]
    const device = metrics.map(({ name, alias }, i): Metric => ({ name, alias, type: 'Double', value: values[i] }))
    return [this.#make('NBIRTH', node, wall), this.#make('DBIRTH', device, wall)]
  }

  /** @param uptime seconds. */
  nodeData(uptime: number, wall: number, trace?: string): Outgoing {
    const metrics: Metric[] = [{ alias: UPTIME, type: 'Double', value: uptime }]
    if (trace !== undefined) metrics.push({ alias: TRACE, type: 'String', value: trace })
    return this.#make('NDATA', metrics, wall)
  }

  deviceData(values: readonly number[], wall: number, metrics: readonly EdgeMetric[] = EDGE_METRICS): Outgoing {
    const named = metrics.map(({ alias }, i): Metric => ({ alias, type: 'Double', value: values[i] }))
    return this.#make('DDATA', named, wall)
  }

  /** Leaves out so many sequence numbers. */
  skip(count: number): void {
    this.#sequence = (this.#sequence + count) % SEQUENCES
  }

  #make(kind: string, metrics: readonly Metric[], wall: number): Outgoing {
    const seq = this.#sequence
    this.#sequence = (seq + 1) % SEQUENCES
    const timestamp = Math.round(wall)
    return { topic: this.#topic(kind), payload: encode({ timestamp, metrics, seq }), qos: 0, retain: false }
  }

  #bdSeq(): Metric {
    return { name: 'bdSeq', type: 'Int64', value: Math.max(0, this.#deaths) }
  }

  #topic(kind: string): string {
    const node = `spBv1.0/${this.#site}/${kind}/${this.#name}`
    return kind.startsWith('D') ? `${node}/${EDGE_DEVICE}` : node
  }
}

function encode({ metrics, ...rest }: { timestamp: number; metrics: readonly Metric[]; seq?: number }): Uint8Array {
  const { timestamp } = rest
  return encodePayload({ ...rest, metrics: metrics.map(metric => ({ ...metric, timestamp })) })
}
