import { LearnError } from '../base/error.ts'
import type { Random } from '../base/random.ts'
import { padded } from './kernels.ts'

/** One named tensor of a model, in row-major order. */
export interface Tensor {
  readonly name: string
  /** [columns] or [rows, columns]. */
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** What a layer asks for. Groups (gates, heads) are of one size each, and each is padded for itself. */
export interface TensorSpec {
  readonly name: string
  /** Absent: a vector. */
  readonly rows?: number
  readonly rowGroups?: number
  readonly columns: number
  readonly columnGroups?: number
  /** Whether L1, L2 and decay work on it: on weights, not on biases and gains. */
  readonly decays: boolean
  /** Its value in the beginning; drawn in row-major order. */
  start(random: Random, row: number, column: number): number
}

/** Where a tensor lies in the block, in floats. */
export class Parameter {
  readonly spec: TensorSpec
  readonly #rowPadding: readonly [size: number, padded: number]
  readonly #columnPadding: readonly [size: number, padded: number]
  readonly width: number
  readonly size: number
  offset = 0

  constructor(spec: TensorSpec) {
    this.spec = spec
    const { rows = 1, rowGroups = 1, columns, columnGroups = 1 } = spec
    const deep = rows / rowGroups
    const wide = columns / columnGroups
    this.#rowPadding = [deep, rowGroups === 1 ? deep : padded(deep)]
    this.#columnPadding = [wide, padded(wide)]
    this.width = columnGroups * padded(wide)
    this.size = rowGroups * this.#rowPadding[1] * this.width
  }

  get shape(): readonly number[] {
    return this.spec.rows === undefined ? [this.spec.columns] : [this.spec.rows, this.spec.columns]
  }

  /** How many numbers there are without padding. */
  get count(): number {
    return (this.spec.rows ?? 1) * this.spec.columns
  }

  /** Where in the block the element stands. */
  at(row: number, column: number): number {
    const [deep, deepPadded] = this.#rowPadding
    const [wide, widePadded] = this.#columnPadding
    const down = Math.floor(row / deep) * deepPadded + (row % deep)
    const across = Math.floor(column / wide) * widePadded + (column % wide)
    return this.offset + down * this.width + across
  }
}

/** All parameters of a net, in one flat block: first those that decay, then the others. */
export class ParameterPlan {
  readonly parameters: Parameter[] = []
  #sealed = false
  /** Floats of the block. */
  size = 0
  /** Floats of its first part, which decays. */
  decaying = 0

  add(spec: TensorSpec): Parameter {
    if (this.#sealed) throw new LearnError('net_sealed', `'${spec.name}' comes after the net was put together`)
    const parameter = new Parameter(spec)
    this.parameters.push(parameter)
    return parameter
  }

  /** Gives every tensor its place. */
  seal(): void {
    this.#sealed = true
    for (const decays of [true, false]) {
      for (const parameter of this.parameters) {
        if (parameter.spec.decays !== decays) continue
        parameter.offset = this.size
        this.size += parameter.size
      }
      if (decays) this.decaying = this.size
    }
  }

  /** A block as it begins. */
  start(random: Random): Float32Array {
    const block = new Float32Array(this.size)
    for (const parameter of this.parameters) {
      each(parameter, (row, column) => {
        block[parameter.at(row, column)] = parameter.spec.start(random, row, column)
      })
    }
    return block
  }

  /** The block's tensors, without padding. */
  read(block: Float32Array): Tensor[] {
    return this.parameters.map(parameter => {
      const data = new Float32Array(parameter.count)
      each(parameter, (row, column, index) => {
        data[index] = block[parameter.at(row, column)]
      })
      return { name: parameter.spec.name, shape: parameter.shape, data }
    })
  }

  /** A block of tensors that were read before, in any order. Error: `weights_wrong`. */
  write(tensors: readonly Tensor[]): Float32Array {
    const named = new Map(tensors.map(tensor => [tensor.name, tensor]))
    if (named.size !== this.parameters.length || tensors.length !== named.size)
      throw new LearnError('weights_wrong', `${this.parameters.length} tensors make this net, not ${tensors.length}`)
    const block = new Float32Array(this.size)
    for (const parameter of this.parameters) {
      const { name } = parameter.spec
      const tensor = named.get(name)
      const shape = parameter.shape.join(' x ')
      if (tensor?.shape.join(' x ') !== shape || tensor.data.length !== parameter.count)
        throw new LearnError('weights_wrong', `the tensor '${name}' of ${shape} numbers is not there`)
      each(parameter, (row, column, index) => {
        const value = tensor.data[index]
        if (!Number.isFinite(value)) throw new LearnError('weights_wrong', `'${name}' holds ${value} at ${index}`)
        block[parameter.at(row, column)] = value
      })
    }
    return block
  }
}

function each(parameter: Parameter, visit: (row: number, column: number, index: number) => void): void {
  const { rows = 1, columns } = parameter.spec
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) visit(row, column, row * columns + column)
  }
}

/** Uniform within the limit on both sides. */
export function uniform(limit: number): TensorSpec['start'] {
  return random => (random.next() * 2 - 1) * limit
}

/** Always the same. */
export function constant(value: number): TensorSpec['start'] {
  return () => value
}
