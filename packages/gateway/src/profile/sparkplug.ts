import {
  type KeptNode,
  keepNode,
  Phase,
  restoreNode,
  SPARKPLUG_OPTIONS,
  SparkplugJudge,
  SparkplugNode,
} from '@ringwall/wire'
import type { Keeper, Tap } from '../contract/index.ts'

/** What the edge nodes of a worker may define together, in bytes; the birth that goes beyond it is the last. */
export const MOST_BYTES = 64 * 1024 ** 2

export interface SparkplugOptions {
  /**
   * What is said of an edge node whose CONNECT was not seen. `unborn`: it has to be born first. `unknown`: it may have been
   * born before, so that its messages are judged by what they say of themselves; for records that begin in the middle.
   */
  readonly unseen: 'unborn' | 'unknown'
  readonly mostBytes: number
}

/**
 * Sparkplug B of one worker: the life of each edge node from its CONNECT to the end of its connection. Profiles come and go
 * without it: what was born stays, and is held against the shapes of the day by the names of the metrics.
 */
export class SparkplugDesk implements Keeper {
  readonly name = 'sparkplug'
  readonly judge = new SparkplugJudge()
  /** Stands for every edge node that somebody sends a command to; its births are known where it is connected. */
  readonly elsewhere = new SparkplugNode()
  /** Bytes that all nodes take. */
  used = 0
  /** Where it passes by how much all nodes of the worker take together, null for nowhere. */
  tap: Tap | null = null
  readonly #options: SparkplugOptions
  readonly #nodes = new Map<string, Held>()

  constructor(options: Partial<SparkplugOptions> = {}) {
    this.#options = { unseen: 'unborn', mostBytes: MOST_BYTES, ...options }
    this.elsewhere.phase = Phase.elsewhere
  }

  get size(): number {
    return this.#nodes.size
  }

  /** Whether so many bytes are all that may be used: no more births fit. */
  isFull(used: number): boolean {
    return used >= this.#options.mostBytes
  }

  /** Bytes that all nodes take, as guards may ask for it: it is the one thing here that other devices have a part in. */
  taken(): number {
    return this.tap === null ? this.used : this.tap.pass(this.used)
  }

  /** An edge node connects: it has to be born anew. To be called before its will is judged. */
  connect(device: string): void {
    this.forget(device)
    this.#begin(device).connect(false)
  }

  /** An edge node's connection has ended, or its messages are not judged any more. */
  forget(device: string): void {
    const held = this.#nodes.get(device)
    if (held === undefined) return
    this.used -= held.bytes
    this.#nodes.delete(device)
  }

  /** What is known of an edge node that is connected here. */
  node(device: string): SparkplugNode {
    const held = this.#nodes.get(device)
    if (held !== undefined) return held.node
    const node = this.#begin(device)
    if (this.#options.unseen === 'unknown') node.phase = Phase.unknown
    return node
  }

  save(device: string): unknown {
    const held = this.#nodes.get(device)
    return held === undefined ? undefined : keepNode(held.node)
  }

  load(device: string, saved: unknown): void {
    this.forget(device)
    if (saved === undefined) return
    const node = this.#begin(device)
    restoreNode(node, saved as KeptNode)
    const held = this.#nodes.get(device)
    if (held !== undefined) this.#count(held)
  }

  /** The message of this edge node that was judged last went through. */
  accept(device: string): void {
    this.judge.accept()
    const held = this.#nodes.get(device)
    if (held !== undefined) this.#count(held)
  }

  #begin(device: string): SparkplugNode {
    const unborn = this.#options.unseen === 'unknown' ? 'tolerate' : 'refuse'
    const held = { node: new SparkplugNode({ ...SPARKPLUG_OPTIONS, unborn }), bytes: 0 }
    this.#nodes.set(device, held)
    this.#count(held)
    return held.node
  }

  #count(held: Held): void {
    const { bytes } = held.node
    this.used += bytes - held.bytes
    held.bytes = bytes
  }
}

interface Held {
  readonly node: SparkplugNode
  bytes: number
}
