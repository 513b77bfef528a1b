import {
  type Captures,
  type Delivery,
  deliveryFault,
  isTopicFault,
  type MetricShape,
  type Names,
  Phase,
  readSparkplugTopic,
  SPARKPLUG_OPTIONS,
  type SparkplugFault,
  SparkplugJudge,
  SparkplugNode,
  type SparkplugTopic,
} from '@ringwall/wire'
import type { PayloadReader } from './types.ts'

/** Edge nodes whose births and counts a worker keeps; the one that was asked for least recently is forgotten first. */
const MOST_NODES = 1_024

/** Sparkplug B of one worker: the life of each edge node from its CONNECT on, and a reader for each of its topics. */
export class SparkplugDesk {
  readonly #judge = new SparkplugJudge()
  readonly #nodes = new Map<string, SparkplugNode>()

  /** An edge node connects: it has to be born anew. To be called before its will is judged. */
  connect(device: string): void {
    this.node(device).connect(false)
  }

  /** What is known of an edge node. One whose CONNECT was not seen (profiles were loaded since) may have been born before. */
  node(device: string): SparkplugNode {
    let node = this.#nodes.get(device)
    if (node === undefined) {
      node = new SparkplugNode({ ...SPARKPLUG_OPTIONS, unborn: 'tolerate' })
      node.phase = Phase.unknown
      if (this.#nodes.size >= MOST_NODES) this.#nodes.delete(this.#nodes.keys().next().value ?? '')
    } else this.#nodes.delete(device)
    this.#nodes.set(device, node)
    return node
  }

  /** A reader of an edge node's messages on one topic. */
  reader(device: string, topic: string, shape: MetricShape, slots: number): SparkplugReader {
    return new SparkplugReader(this, this.#judge, device, topic, shape, slots)
  }
}

/** Judges the messages of one edge node on one topic. */
export class SparkplugReader implements PayloadReader {
  readonly format = 'sparkplug'
  readonly slots: number
  fault: SparkplugFault | null = null
  readonly #desk: SparkplugDesk
  readonly #judge: SparkplugJudge
  readonly #device: string
  readonly #topic: SparkplugTopic | null
  readonly #why: string
  readonly #shape: MetricShape
  #delivery: Delivery = { action: 'publish', qos: 0, retain: false }

  constructor(
    desk: SparkplugDesk,
    judge: SparkplugJudge,
    device: string,
    topic: string,
    shape: MetricShape,
    slots: number,
  ) {
    const read = readSparkplugTopic(topic)
    this.slots = slots
    this.#desk = desk
    this.#judge = judge
    this.#device = device
    this.#topic = isTopicFault(read) ? null : read
    this.#why = isTopicFault(read) ? read.why : ''
    this.#shape = shape
  }

  /** How the message comes that is checked next. */
  carry(delivery: Delivery): void {
    this.#delivery = delivery
  }

  check(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean {
    const topic = this.#topic
    captures.clear(this.slots)
    if (topic === null) {
      this.fault = { code: 'sparkplug_topic', where: '', why: this.#why, offset: start, clause: 'Sparkplug 4.1' }
      return false
    }
    this.fault = deliveryFault(topic, this.#delivery)
    if (this.fault !== null) return false
    const will = this.#delivery.action === 'will'
    const node = this.#desk.node(this.#device)
    if (this.#judge.judge(node, topic, will, this.#shape, bytes, start, end, names, captures)) return true
    this.fault = this.#judge.fault
    return false
  }

  accept(): void {
    this.#judge.accept()
  }
}
