import type { Captures } from '../captures.ts'
import type { Names } from '../shape.ts'
import type { PayloadValidator } from '../validator.ts'
import type { SparkplugFault } from './fault.ts'
import type { SparkplugJudge } from './judge.ts'
import type { MetricShape } from './metric-shape.ts'
import type { SparkplugNode } from './node.ts'
import type { SparkplugTopic } from './topic.ts'

/** One topic of one edge node as a `PayloadValidator`; all topics of a node share its state. */
export class SparkplugPayload implements PayloadValidator {
  readonly format = 'sparkplug'
  readonly slots: number
  readonly #judge: SparkplugJudge
  readonly #node: SparkplugNode
  readonly #topic: SparkplugTopic
  readonly #shape: MetricShape | null

  /** @param shape null where any metrics will do */
  constructor(judge: SparkplugJudge, node: SparkplugNode, topic: SparkplugTopic, shape: MetricShape | null) {
    this.slots = shape?.slots ?? 0
    this.#judge = judge
    this.#node = node
    this.#topic = topic
    this.#shape = shape
  }

  get fault(): SparkplugFault | null {
    return this.#judge.fault
  }

  check(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean {
    return this.#judge.judge(this.#node, this.#topic, false, this.#shape, bytes, start, end, names, captures)
  }

  /** As `check`, for the will of a CONNECT. */
  checkWill(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean {
    return this.#judge.judge(this.#node, this.#topic, true, this.#shape, bytes, start, end, names, captures)
  }

  /** The message that was checked last went through. */
  accept(): void {
    this.#judge.accept()
  }
}
