import type { Captures } from '../captures.ts'
import type { Names } from '../shape.ts'
import { PAYLOAD_LIMITS, type PayloadLimits } from '../validator.ts'
import type { Metric } from './metric.ts'
import type { MetricShape } from './metric-shape.ts'
import type { SparkplugNode } from './node.ts'
import { SparkplugReader } from './reader.ts'
import { MetricTable, SPARKPLUG_LIMITS, type SparkplugLimits } from './table.ts'
import type { SparkplugTopic } from './topic.ts'

/** What is to be kept of a message once it went through. */
export const Effect = { none: 0, nodeBirth: 1, deviceBirth: 2, deviceDeath: 3, nodeDeath: 4, will: 5 } as const
export type Effect = (typeof Effect)[keyof typeof Effect]

/** What the judging of one message shares: one of them serves all edge nodes of a worker. */
export class Work {
  readonly reader: SparkplugReader
  /** The metrics of a birth, until it went through. */
  readonly staged: MetricTable
  /** Counts messages, from 1 on. */
  serial = 0
  effect: Effect = Effect.none
  /** Whether the message has a sequence number, which was legal. */
  counted = false
  /** The device that the message is about, 0 for the node itself. */
  device = 0
  bdSeq = -1
  shape: MetricShape | null = null
  names: Names | null = null
  captures: Captures | null = null

  constructor(limits: PayloadLimits = PAYLOAD_LIMITS, most: SparkplugLimits = SPARKPLUG_LIMITS) {
    this.reader = new SparkplugReader(limits)
    this.staged = new MetricTable(most)
  }

  begin(shape: MetricShape | null, names: Names, captures: Captures): void {
    // Zero marks a metric that no message had yet.
    this.serial = this.serial === 0xffff_ffff ? 1 : this.serial + 1
    this.effect = Effect.none
    this.counted = false
    this.bdSeq = -1
    this.shape = shape
    this.names = names
    this.captures = captures
    captures.clear(shape?.slots ?? 0)
    shape?.begin()
  }

  fail(code: string, why: string, clause: string): false {
    return this.reader.proto.fail(code, why, clause)
  }

  /** Judges a metric by the shape. Historical values are judged but say nothing of now. */
  shaped(metric: Metric, name: Uint8Array, from: number, to: number): boolean {
    const { shape, names } = this
    if (shape === null || names === null) return true
    const captures = metric.historical ? null : this.captures
    return shape.judge(this.reader.proto, name, from, to, metric.value, names, captures)
  }

  /**
   * The sequence number must be the next one. What the node counted counts, whatever else is wrong with its message. The number
   * of a message that did not go through may come once more: it may have had to wait only, and nobody has seen it.
   */
  sequence(node: SparkplugNode): boolean {
    const { seq } = this.reader
    if (seq < 0)
      return this.fail(
        'sparkplug_sequence',
        'there is no sequence number',
        'tck-id-payloads-sequence-num-always-included',
      )
    const due = node.seq < 0 ? seq : (node.seq + 1) & 0xff
    if ((seq === due && seq <= 0xff) || (seq === node.seq && !node.passed)) {
      node.seq = seq
      node.passed = false
      this.counted = true
      return true
    }
    if (node.options.gap === 'resume' && seq <= 0xff) {
      node.seq = seq
      node.passed = true
    }
    return this.fail(
      'sparkplug_sequence',
      `the sequence number is ${seq} where ${due & 0xff} was due`,
      'tck-id-payloads-sequence-num-incrementing',
    )
  }

  /** The payload must say when it was sent. */
  timed(topic: SparkplugTopic): boolean {
    if (this.reader.timestamp >= 0) return true
    const clause = `tck-id-payloads-${topic.type.toLowerCase()}-timestamp`
    return this.fail('sparkplug_timestamp', 'the payload has no timestamp', clause)
  }
}
