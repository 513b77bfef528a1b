import { LearnError } from '../../base/error.ts'
import type { TensorProto } from './messages.ts'

/** Element types of ONNX (TensorProto.DataType). */
export const ElementType = { float: 1, int32: 6, int64: 7, double: 11 } as const

/** A tensor that was read: whole numbers too are kept as doubles. */
export interface OnnxTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array | Float64Array
}

/** Numbers in single precision, row by row. */
export function floatTensor(name: string, dims: readonly number[], data: Float32Array): TensorProto {
  const rawData = new Uint8Array(data.length * 4)
  const view = new DataView(rawData.buffer)
  for (const [i, value] of data.entries()) view.setFloat32(i * 4, value, true)
  return { dims, dataType: ElementType.float, name, rawData }
}

/** Numbers in double precision, in a row. */
export function doubleTensor(name: string, values: Float64Array): TensorProto {
  const rawData = new Uint8Array(values.length * 8)
  const view = new DataView(rawData.buffer)
  for (const [i, value] of values.entries()) view.setFloat64(i * 8, value, true)
  return { dims: [values.length], dataType: ElementType.double, name, rawData }
}

/** Whole numbers, in a row. */
export function wholeTensor(name: string, values: readonly number[]): TensorProto {
  return { dims: [values.length], dataType: ElementType.int64, name, int64Data: values }
}

/** What a tensor holds. Errors: `onnx_malformed`, `onnx_unsupported`. */
export function readTensor(tensor: TensorProto): OnnxTensor {
  const { name = '', dims = [], dataType, rawData } = tensor
  const count = dims.reduce((product, dim) => product * dim, 1)
  const data = rawData === undefined ? listed(tensor) : unpacked(name, dataType, rawData)
  if (data.length !== count)
    throw new LearnError('onnx_malformed', `tensor '${name}' of ${dims.join(' x ')} has ${data.length} numbers`)
  return { name, dims, data }
}

function listed({ name = '', dataType, floatData, doubleData, int64Data, int32Data }: TensorProto) {
  switch (dataType) {
    case ElementType.float:
      return Float32Array.from(floatData ?? [])
    case ElementType.double:
      return Float64Array.from(doubleData ?? [])
    case ElementType.int64:
      return Float64Array.from(int64Data ?? [])
    case ElementType.int32:
      return Float64Array.from(int32Data ?? [])
    default:
      throw unsupported(name, dataType)
  }
}

function unpacked(name: string, dataType: number | undefined, bytes: Uint8Array): Float32Array | Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  switch (dataType) {
    case ElementType.float:
      return Float32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(i * 4, true))
    case ElementType.double:
      return Float64Array.from({ length: bytes.length >> 3 }, (_, i) => view.getFloat64(i * 8, true))
    case ElementType.int64:
      return Float64Array.from({ length: bytes.length >> 3 }, (_, i) => Number(view.getBigInt64(i * 8, true)))
    case ElementType.int32:
      return Float64Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(i * 4, true))
    default:
      throw unsupported(name, dataType)
  }
}

const unsupported = (name: string, type: number | undefined): LearnError =>
  new LearnError('onnx_unsupported', `tensor '${name}' has elements of type ${type}: expected float, double or int`)
