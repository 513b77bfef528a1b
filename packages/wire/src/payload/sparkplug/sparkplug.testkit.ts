import sparkplug from 'sparkplug-payload'
import { Captures } from '../captures.ts'
import type { Names, Shape } from '../shape.ts'
import { Types } from '../shape.ts'
import { SparkplugJudge } from './judge.ts'
import { compileMetrics, isShapeFault, type MetricShape } from './metric-shape.ts'
import { SparkplugNode, type SparkplugOptions } from './node.ts'
import { isTopicFault, readSparkplugTopic } from './topic.ts'

const codec = sparkplug.get('spBv1.0')
if (codec === null) throw new Error('the reference has no Sparkplug B')

export type Payload = Parameters<typeof codec.encodePayload>[0]
export type UserMetric = NonNullable<Payload['metrics']>[number]

/** The reference's encoder and decoder. */
export const encode = codec.encodePayload
export const decode = codec.decodePayload

export const NAMES: Names = { device: new TextEncoder().encode('press-1'), site: new TextEncoder().encode('mill') }
export const TIME = 1_700_000_000_000

export function metric(
  name: string,
  type: UserMetric['type'],
  value: UserMetric['value'],
  more: object = {},
): UserMetric {
  return { name, type, value, timestamp: TIME, ...more }
}

export const bdSeq = (value: number) => metric('bdSeq', 'Int64', value)
export const rebirth = (value = false) => metric('Node Control/Rebirth', 'Boolean', value)

/** A metric by its alias alone. */
export function aliased(
  alias: number,
  type: UserMetric['type'],
  value: UserMetric['value'],
  more: object = {},
): UserMetric {
  return { alias, type, value, timestamp: TIME, ...more } as UserMetric
}

export function shapeOf(properties: Record<string, Partial<Shape>>, more: Partial<Shape> = {}): MetricShape {
  const shapes = Object.entries(properties).map(([name, one]) => [name, { types: Types.any, ...one }] as const)
  const compiled = compileMetrics({ types: Types.object, properties: new Map(shapes), ...more })
  if (isShapeFault(compiled)) throw new Error(compiled.why)
  return compiled
}

/** One edge node and a judge, spoken to in messages. */
export class Session {
  readonly judge = new SparkplugJudge()
  readonly node: SparkplugNode
  readonly captures = new Captures(8)
  shape: MetricShape | null = null
  /** The number of the next message that counts. */
  seq = 0

  constructor(options?: SparkplugOptions) {
    this.node = new SparkplugNode(options)
  }

  /** Judges bytes on a topic below `spBv1.0/plant/`; keeps them where they are good. Answers the fault's code, or `ok`. */
  bytes(topic: string, bytes: Uint8Array, { will = false, accept = true } = {}): string {
    const read = readSparkplugTopic(`spBv1.0/plant/${topic}`)
    if (isTopicFault(read)) return read.code
    // Not at the beginning of its buffer, as in a packet.
    const buffer = new Uint8Array(bytes.length + 7)
    buffer.set(bytes, 5)
    const end = 5 + bytes.length
    const good = this.judge.judge(this.node, read, will, this.shape, buffer, 5, end, NAMES, this.captures)
    if (good && accept) this.judge.accept()
    return good ? 'ok' : (this.judge.fault?.code ?? 'no fault')
  }

  /** Says a message, with the sequence number that is due unless the payload has its own. */
  say(topic: string, metrics: UserMetric[], more: object = {}, options = {}): string {
    const counts = !/CMD|NDEATH/.test(topic)
    const payload = { timestamp: TIME, metrics, ...(counts ? { seq: this.seq } : {}), ...more }
    const answer = this.bytes(topic, encode(payload), options)
    if (counts && 'seq' in payload && answer === 'ok') this.seq = (Number(payload.seq) + 1) % 256
    return answer
  }

  /** A CONNECT with its will. */
  connect(number: number | null = 0, resumed = false): string {
    this.node.connect(resumed)
    this.seq = 0
    if (number === null) return 'ok'
    return this.say('NDEATH/edge', [bdSeq(number)], {}, { will: true })
  }

  /** An NBIRTH with these metrics besides the standard's own. */
  birth(metrics: UserMetric[] = [], number = 0, more: object = {}): string {
    this.seq = 0
    return this.say('NBIRTH/edge', [bdSeq(number), rebirth(), ...metrics], more)
  }

  /** The clause of the last fault. */
  get clause(): string {
    return this.judge.fault?.clause ?? ''
  }
}
