import type { Captures } from '../captures.ts'
import type { Names } from '../shape.ts'
import type { PayloadLimits } from '../validator.ts'
import { judgeDeviceBirth, judgeNodeBirth } from './births.ts'
import { judgeCommand } from './commands.ts'
import { judgeData } from './data.ts'
import { judgeDeviceDeath, judgeNodeDeath } from './deaths.ts'
import type { SparkplugFault } from './fault.ts'
import type { MetricShape } from './metric-shape.ts'
import { Phase, type SparkplugNode } from './node.ts'
import type { SparkplugLimits } from './table.ts'
import type { SparkplugTopic } from './topic.ts'
import { Effect, Work } from './work.ts'

/**
 * Judges the messages of edge nodes, one after the other; one judge serves all nodes of a worker. What a message teaches is
 * kept in its node by `accept`, which is called only for a message that went through and before the next one is judged. One
 * thing is kept without it: the sequence number, when it was the one due. A message that is refused for its values is counted
 * by the node all the same.
 */
export class SparkplugJudge {
  readonly #work: Work
  #node: SparkplugNode | null = null
  #device = ''

  /** @param most of the widest of its nodes: their limits may not be above these. */
  constructor(limits?: PayloadLimits, most?: SparkplugLimits) {
    this.#work = new Work(limits, most)
  }

  /** Of the last message, null where it was good. */
  get fault(): SparkplugFault | null {
    return this.#work.reader.fault
  }

  /**
   * True when the message is legal now and its metrics are what the shape allows; their values are in the captures then.
   * @param will the message is the will of a CONNECT
   * @param shape null where any metrics will do
   */
  judge(
    node: SparkplugNode,
    topic: SparkplugTopic,
    will: boolean,
    shape: MetricShape | null,
    bytes: Uint8Array,
    start: number,
    end: number,
    names: Names,
    captures: Captures,
  ): boolean {
    const work = this.#work
    this.#node = node
    this.#device = topic.device ?? ''
    work.begin(shape, names, captures)
    const good = work.reader.open(bytes, start, end, node.options.limits.metrics) && this.#rules(node, topic, will)
    if (!good) work.effect = Effect.none
    return good
  }

  /** The message that was judged last went through. */
  accept(): void {
    const node = this.#node
    const work = this.#work
    if (node === null) return
    if (work.counted) node.passed = true
    switch (work.effect) {
      case Effect.nodeBirth:
        node.metrics.replace(-1, work.staged)
        node.forgetDevices()
        node.phase = Phase.born
        node.seq = 0
        node.passed = true
        node.bdSeq = work.bdSeq
        break
      case Effect.deviceBirth:
        this.#bear(node)
        break
      case Effect.deviceDeath: {
        const device = node.devices.get(this.#device)
        if (device !== undefined) device.alive = false
        break
      }
      case Effect.nodeDeath:
        node.phase = Phase.dead
        break
      case Effect.will:
        node.will = work.bdSeq
    }
    work.effect = Effect.none
  }

  #rules(node: SparkplugNode, topic: SparkplugTopic, will: boolean): boolean {
    const work = this.#work
    if (will && topic.type !== 'NDEATH') {
      const clause = 'tck-id-message-flow-edge-node-birth-publish-will-message-topic'
      return work.fail('sparkplug_topic', `the will of an edge node is an NDEATH, not ${topic.type}`, clause)
    }
    switch (topic.type) {
      case 'NBIRTH':
        return judgeNodeBirth(work, node, topic)
      case 'DBIRTH':
        return judgeDeviceBirth(work, node, topic)
      case 'NDATA':
      case 'DDATA':
        return judgeData(work, node, topic)
      case 'NDEATH':
        return judgeNodeDeath(work, node, will)
      case 'DDEATH':
        return judgeDeviceDeath(work, node, topic)
      case 'NCMD':
      case 'DCMD':
        return judgeCommand(work, node, topic)
      case 'STATE':
        return work.fail(
          'sparkplug_topic',
          'STATE is JSON and comes from a host, not from an edge node',
          'Sparkplug 4.2.3',
        )
    }
  }

  #bear(node: SparkplugNode): void {
    node.metrics.replace(this.#work.device, this.#work.staged)
    const device = node.devices.get(this.#device)
    if (device !== undefined) device.alive = true
    else {
      node.devices.set(this.#device, { number: this.#work.device, alive: true })
      node.deviceNames += this.#device.length
    }
  }
}
