import type { Engine, Program } from './engine.ts'
import type { Address } from './net-kernels.ts'
import type { Network } from './network.ts'
import type { Samples } from './samples.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

/** Where a memory has the numbers of samples and of what belongs to them. */
export interface Stock {
  readonly engine: Engine
  readonly network: Network
  readonly samples: Samples
  readonly samplesAt: Address
  readonly targets: Samples | Int32Array | null
  readonly targetsAt: Address
}

/** Bytes that a feed of so many samples takes. */
export function feedBytes(count: number): number {
  return 2 * (count + 4) * FLOAT
}

/** Some of the samples, in an order, batch by batch to where programs read them. */
export class Feed {
  readonly #stock: Stock
  readonly #from: number
  readonly #count: number
  readonly #offsets: Address
  /** Offsets of targets, or classes. */
  readonly #belongings: Address

  /** Samples `[from, from + count)`, in the order in which they are. */
  constructor(stock: Stock, from: number, count: number) {
    const { arena } = stock.engine
    this.#stock = stock
    this.#from = from
    this.#count = count
    this.#offsets = arena.alloc(count * FLOAT)
    this.#belongings = arena.alloc(count * FLOAT)
    this.arrange(Uint32Array.from({ length: count }, (_, i) => i))
  }

  /** Puts them in an order of their numbers, which count from 0. */
  arrange(order: Uint32Array): void {
    const { engine, samples, targets } = this.#stock
    const { i32 } = engine.arena
    const [offsets, belongings] = [this.#offsets / FLOAT, this.#belongings / FLOAT]
    for (let i = 0; i < this.#count; i++) {
      const sample = this.#from + order[i]
      i32[offsets + i] = samples.starts[sample]
      if (targets instanceof Int32Array) i32[belongings + i] = targets[sample]
      else if (targets !== null) i32[belongings + i] = targets.starts[sample]
    }
  }

  /** Puts a batch, whose first is the one at place `from`, where a program reads it. */
  load({ batch, x, target }: Program, from: number): void {
    const { engine, network, samplesAt, targets, targetsAt } = this.#stock
    const behind = from * FLOAT
    engine.gather(batch, this.#offsets + behind, samplesAt, network.input, batch, x.at)
    if (targets === null) return
    if (targets instanceof Int32Array) engine.kernels.pass(batch, this.#belongings + behind, target, 0)
    else engine.gather(batch, this.#belongings + behind, targetsAt, network.output, batch, target)
  }
}
