import type { Random } from '../random.ts'
import type { EdgeNode } from './edge-node.ts'
import { fingerprint } from './fingerprint.ts'
import type { Line, Outgoing } from './line.ts'
import type { Tally } from './tally.ts'

/** Milliseconds between two data messages of the device, at a speed of 1; the node speaks at every fifth. */
const PERIOD = 1000
const NODE_EVERY = 5
const NOISE = 0.01

/** The Sparkplug B edge node of the fleet: born at every session, then data for its device and for itself. */
export class Edge {
  readonly line: Line
  readonly node: EdgeNode
  readonly #truth: () => readonly number[]
  readonly #random: Random
  readonly #tally: Tally
  readonly #speed: number
  #due = 0
  #count = 0

  /** @param truth the values behind its metrics, in their order. */
  constructor(line: Line, node: EdgeNode, truth: () => readonly number[], random: Random, tally: Tally, speed: number) {
    this.line = line
    this.node = node
    this.#truth = truth
    this.#random = random
    this.#tally = tally
    this.#speed = speed
    line.onSession(() => this.#sendAll(node.births(this.values(), line.wall())))
  }

  begin(now: number): void {
    this.#due = now
  }

  /** What its sensors read now. */
  values(): number[] {
    return this.#truth().map(value => Number((value + NOISE * this.#random.normal()).toFixed(4)))
  }

  turn(now: number): void {
    if (this.#due > now) return
    const { line, node } = this
    this.#due = Math.max(this.#due + PERIOD / this.#speed, now)
    this.#count += 1
    if (!line.connected) return
    this.#sendAll([node.deviceData(this.values(), line.wall())])
    if (this.#count % NODE_EVERY === 0) this.#sendAll([node.nodeData((this.#count * PERIOD) / 1000, line.wall())])
  }

  #sendAll(messages: readonly Outgoing[]): void {
    for (const message of messages)
      this.line.send(message, error => {
        if (!error) this.#tally.published(this.line.name, fingerprint(message.payload))
      })
  }
}
