import {
  type AttributeProto,
  MODEL,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueProto,
} from './messages.ts'
import { decode, encode } from './protobuf.ts'
import { doubleTensor, ElementType, floatTensor, wholeTensor } from './tensor.ts'

/** LayerNormalization came with 17. */
const OPERATORS = 17
const ML_OPERATORS = 3
const IR_VERSION = 8
export const ML_DOMAIN = 'ai.onnx.ml'

/** The attribute's types of ONNX. */
const KIND = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const

/** What an attribute says: a whole number, a text, or an array of either; numbers with a fraction by `floats`. */
export type Attribute = number | string | readonly number[] | readonly string[] | Floats

/** Numbers that are written in single precision, be they whole or not. */
export interface Floats {
  readonly floats: readonly number[] | number
}

export const floats = (values: readonly number[] | number): Floats => ({ floats: values })

/** A dimension: a number, or the name of what it counts. */
export type Dimension = number | string

/** Puts a graph together, node by node; outputs are named by themselves. */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = []
  readonly #initializers: TensorProto[] = []
  readonly #inputs: ValueProto[] = []
  readonly #outputs: ValueProto[] = []

  input(name: string, dims: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, dims, ElementType.float))
    return name
  }

  /** Weights. */
  constant(name: string, dims: readonly number[], data: Float32Array): string {
    this.#initializers.push(floatTensor(name, dims, data))
    return name
  }

  /** A row of numbers that single precision would not hold; gives its name. */
  double(name: string, values: ArrayLike<number>): string {
    this.#initializers.push(doubleTensor(name, Float64Array.from(values)))
    return name
  }

  /** Shapes and axes. */
  whole(name: string, values: readonly number[]): string {
    if (!this.#initializers.some(each => each.name === name)) this.#initializers.push(wholeTensor(name, values))
    return name
  }

  /** A node with one output; gives the output's name. */
  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const [output] = this.nodes(opType, inputs, 1, attributes)
    return output!
  }

  /** A node with several outputs; gives their names. */
  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): string[] {
    const name = `${opType}_${this.#nodes.length}`
    const output = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}_${i}`))
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value))
    this.#nodes.push({ input: inputs, output, name, opType, attribute, ...(domain === '' ? {} : { domain }) })
    return output
  }

  /** Gives what a node makes to the outside. */
  output(value: string, name: string, dims: readonly Dimension[], type: number = ElementType.float): void {
    this.#nodes.push({ input: [value], output: [name], name: `${name}_out`, opType: 'Identity', attribute: [] })
    this.#outputs.push(valueInfo(name, dims, type))
  }

  /** The model's bytes; `properties` are kept with it. */
  bytes(name: string, properties: Readonly<Record<string, string>>): Uint8Array {
    const hasTrees = this.#nodes.some(({ domain }) => domain === ML_DOMAIN)
    const model: ModelProto = {
      irVersion: IR_VERSION,
      producerName: 'ringwall',
      graph: {
        node: this.#nodes,
        name,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
      opsetImport: [
        { domain: '', version: OPERATORS },
        ...(hasTrees ? [{ domain: ML_DOMAIN, version: ML_OPERATORS }] : []),
      ],
      metadataProps: Object.entries(properties).map(([key, value]) => ({ key, value })),
    }
    return encode(MODEL, model)
  }
}

/** Reads a model's messages. Error: `onnx_malformed`. */
export function readModelProto(bytes: Uint8Array): ModelProto {
  return decode(MODEL, bytes) as ModelProto
}

const encoder = new TextEncoder()

function attributeOf(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, i: value, type: KIND.int }
  if (typeof value === 'string') return { name, s: encoder.encode(value), type: KIND.string }
  if ('floats' in value) {
    const { floats: given } = value
    return typeof given === 'number' ? { name, f: given, type: KIND.float } : { name, floats: given, type: KIND.floats }
  }
  return typeof value[0] === 'string'
    ? { name, strings: value.map(text => encoder.encode(String(text))), type: KIND.strings }
    : { name, ints: value.map(Number), type: KIND.ints }
}

function valueInfo(name: string, dims: readonly Dimension[], elemType: number): ValueProto {
  const dim = dims.map(each => (typeof each === 'number' ? { value: each } : { param: each }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}
