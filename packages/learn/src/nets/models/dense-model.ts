import { LearnError } from '../../base/error.ts'
import { Arena } from '../../kernels/arena.ts'
import type { Goal } from '../engine.ts'
import { bindNets } from '../kernels.ts'
import { NetModel } from '../model.ts'
import type { Address, NetKernels } from '../net-kernels.ts'
import { StackNetwork } from '../networks/stack.ts'
import { ACTIVATIONS, type Activation } from '../ops/dense.ts'
import type { Runner } from '../runner.ts'
import { INFERENCE } from '../tape.ts'
import { checkDropout, checkSizes } from './shape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT
/** Words of a layer in the chain's table. */
const ENTRY = 6

/** What dense models have in common. */
export interface DenseOptions {
  readonly hidden: readonly number[]
  /** Of the hidden layers; ReLU if absent. */
  readonly activation?: Activation
  readonly dropout?: number
  /** Whether a layer norm stands behind each hidden layer. */
  readonly norm?: boolean
  /** Decides with which weights it begins; 1 if absent. */
  readonly seed?: number
}

/** One sample at a time through a stack of dense layers, in one call of a kernel, without allocation. */
class Chain {
  readonly kernels: NetKernels
  readonly arena: Arena
  readonly x: Address
  readonly table: Address
  readonly layers: number
  /** What came out. */
  readonly y: Float32Array
  readonly #parameters: Address
  #block: Float32Array | null = null

  constructor({ plan, layers }: StackNetwork) {
    const widths = layers.reduce((sum, { weight }) => sum + weight.width + 4, 0)
    const inputs = layers[0].weight.spec.rows ?? 0
    this.arena = new Arena((plan.size + widths + inputs + 8 + (ENTRY + 4) * layers.length) * FLOAT)
    this.kernels = bindNets(this.arena.memory)
    this.layers = layers.length
    this.x = this.arena.zeros((inputs + 3) * FLOAT)
    this.#parameters = this.arena.alloc(plan.size * FLOAT)
    this.table = this.arena.alloc(ENTRY * layers.length * FLOAT)
    let last = this.x
    for (const [i, { weight, bias, activation }] of layers.entries()) {
      const at = [weight, bias].map(({ offset }) => this.#parameters + offset * FLOAT)
      last = this.arena.alloc(weight.width * FLOAT)
      const entry = [weight.width, weight.spec.rows ?? 0, at[0], at[1], last, ACTIVATIONS[activation]]
      this.arena.i32.set(entry, this.table / FLOAT + i * ENTRY)
    }
    this.y = this.arena.floats(last, layers[layers.length - 1].weight.spec.columns)
  }

  /** Puts a row where the first layer reads it. */
  put(row: ArrayLike<number>, block: Float32Array): void {
    if (this.#block !== block) {
      this.arena.f32.set(block, this.#parameters / FLOAT)
      this.#block = block
    }
    const { f32 } = this.arena
    const at = this.x / FLOAT
    for (let i = 0; i < row.length; i++) f32[at + i] = row[i]
  }
}

/** A net of dense layers over rows. */
export class DenseModel extends NetModel {
  readonly inputs: number
  readonly outputs: number
  readonly #stack: StackNetwork
  #chain: Chain | null = null

  constructor(widths: readonly number[], goal: Goal, { activation = 'relu', ...options }: DenseOptions) {
    for (const width of widths) checkSizes({ 'a width': width })
    const { dropout = 0, norm = false, seed = 1 } = options
    checkDropout(dropout)
    const network = new StackNetwork({ widths, hidden: activation, output: 'none', dropout, norm })
    super(network, goal, seed)
    this.#stack = network
    this.inputs = widths[0]
    this.outputs = widths[widths.length - 1]
  }

  /** Runs one row, without allocation; what comes out is a view that holds until the next call. NaN comes out where NaN goes in. Error: `samples_shape`. */
  runRow(row: ArrayLike<number>): Float32Array {
    this.#check(row)
    if (this.#stack.norms.length > 0) return this.#runTape(row).row
    const chain = this.#ready(row)
    chain.kernels.chain(chain.layers, chain.table, chain.x)
    return chain.y
  }

  /** The mean squared difference of one row and what comes out for it. */
  protected rowError(row: ArrayLike<number>): number {
    this.#check(row)
    if (this.#stack.norms.length > 0) return this.#runTape(row).program.tape.loss
    const chain = this.#ready(row)
    return chain.kernels.chainError(chain.layers, chain.table, chain.x, this.inputs)
  }

  #check(row: ArrayLike<number>): void {
    if (row.length !== this.inputs)
      throw new LearnError('samples_shape', `a row has ${row.length} numbers, and the net takes ${this.inputs}`)
  }

  #ready(row: ArrayLike<number>): Chain {
    this.#chain ??= new Chain(this.#stack)
    this.#chain.put(row, this.block)
    return this.#chain
  }

  /** What is more than dense layers goes the way of a batch, of one. */
  #runTape(row: ArrayLike<number>): Runner {
    const runner = this.runner(INFERENCE, 1)
    const at = runner.program.x.at / FLOAT
    for (let i = 0; i < row.length; i++) runner.engine.arena.f32[at + i] = row[i]
    runner.program.tape.forward()
    return runner
  }
}
