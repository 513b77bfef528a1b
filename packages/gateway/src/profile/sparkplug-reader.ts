import {
  type Captures,
  deliveryFault,
  isTopicFault,
  type MetricShape,
  type Names,
  type SparkplugFault,
  type SparkplugTopic,
  type TopicFault,
} from '@ringwall/wire'
import type { Act } from '../contract/index.ts'
import type { SparkplugDesk } from './sparkplug.ts'
import type { PayloadReader } from './types.ts'

const NOTHING: Pick<Act, 'action' | 'qos' | 'retain'> = { action: 'publish', qos: 0, retain: false }
const NOWHERE: TopicFault = { code: 'sparkplug_topic', clause: '', why: 'no topic was carried' }

/** Judges what one edge node says, or is told, under one affordance. */
export class SparkplugReader implements PayloadReader {
  readonly format = 'sparkplug'
  readonly slots: number
  fault: SparkplugFault | null = null
  readonly #desk: SparkplugDesk
  readonly #device: string
  readonly #shape: MetricShape
  #topic: SparkplugTopic | TopicFault = NOWHERE
  #carried = NOTHING

  constructor(desk: SparkplugDesk, device: string, shape: MetricShape, slots: number) {
    this.slots = slots
    this.#desk = desk
    this.#device = device
    this.#shape = shape
  }

  /** How the message comes that is checked next, and on which topic. */
  carry(act: Pick<Act, 'action' | 'qos' | 'retain'>, topic: SparkplugTopic | TopicFault): void {
    this.#carried = act
    this.#topic = topic
  }

  check(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean {
    const topic = this.#topic
    const desk = this.#desk
    const { action } = this.#carried
    captures.clear(this.slots)
    if (isTopicFault(topic)) return this.#refuse(topic.code, topic.why, 'Sparkplug 4.1')
    this.fault = deliveryFault(topic, this.#carried)
    if (this.fault !== null) return false
    // The sender of a command may be connected here and the edge node elsewhere: births count on the way down only.
    const node = topic.command && action !== 'receive' ? desk.elsewhere : desk.node(this.#device)
    if (!desk.judge.judge(node, topic, action === 'will', this.#shape, bytes, start, end, names, captures)) {
      this.fault = desk.judge.fault
      return false
    }
    if (topic.type !== 'NBIRTH' && topic.type !== 'DBIRTH') return true
    const used = desk.taken()
    if (!desk.isFull(used)) return true
    const why = `the births of all edge nodes take ${used} bytes of this worker, and no more are kept`
    return this.#refuse('sparkplug_limit', why, '')
  }

  accept(): void {
    this.#desk.accept(this.#device)
  }

  #refuse(code: string, why: string, clause: string): false {
    this.fault = { code, where: '', why, offset: 0, clause }
    return false
  }
}
