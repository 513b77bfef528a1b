import type { Message, MessageType } from './protobuf.ts'

/**
 * What of ONNX's messages is written and read here (onnx/onnx.proto, IR version 8); the rest is passed over.
 */
const TENSOR: MessageType = {
  dims: { id: 1, type: 'int', repeated: true },
  dataType: { id: 2, type: 'int' },
  floatData: { id: 4, type: 'float', repeated: true },
  int32Data: { id: 5, type: 'int', repeated: true },
  int64Data: { id: 7, type: 'int', repeated: true },
  name: { id: 8, type: 'string' },
  rawData: { id: 9, type: 'bytes' },
  doubleData: { id: 10, type: 'double', repeated: true },
}

const ATTRIBUTE: MessageType = {
  name: { id: 1, type: 'string' },
  f: { id: 2, type: 'float' },
  i: { id: 3, type: 'int' },
  s: { id: 4, type: 'bytes' },
  t: { id: 5, type: TENSOR },
  floats: { id: 7, type: 'float', repeated: true },
  ints: { id: 8, type: 'int', repeated: true },
  strings: { id: 9, type: 'bytes', repeated: true },
  type: { id: 20, type: 'int' },
}

const NODE: MessageType = {
  input: { id: 1, type: 'string', repeated: true },
  output: { id: 2, type: 'string', repeated: true },
  name: { id: 3, type: 'string' },
  opType: { id: 4, type: 'string' },
  attribute: { id: 5, type: ATTRIBUTE, repeated: true },
  domain: { id: 7, type: 'string' },
}

const DIMENSION: MessageType = { value: { id: 1, type: 'int' }, param: { id: 2, type: 'string' } }
const SHAPE: MessageType = { dim: { id: 1, type: DIMENSION, repeated: true } }
const TENSOR_TYPE: MessageType = { elemType: { id: 1, type: 'int' }, shape: { id: 2, type: SHAPE } }
const TYPE: MessageType = { tensorType: { id: 1, type: TENSOR_TYPE } }
const VALUE: MessageType = { name: { id: 1, type: 'string' }, type: { id: 2, type: TYPE } }

const GRAPH: MessageType = {
  node: { id: 1, type: NODE, repeated: true },
  name: { id: 2, type: 'string' },
  initializer: { id: 5, type: TENSOR, repeated: true },
  input: { id: 11, type: VALUE, repeated: true },
  output: { id: 12, type: VALUE, repeated: true },
}

const OPERATOR_SET: MessageType = { domain: { id: 1, type: 'string' }, version: { id: 2, type: 'int' } }
const PROPERTY: MessageType = { key: { id: 1, type: 'string' }, value: { id: 2, type: 'string' } }

export const MODEL: MessageType = {
  irVersion: { id: 1, type: 'int' },
  producerName: { id: 2, type: 'string' },
  producerVersion: { id: 3, type: 'string' },
  graph: { id: 7, type: GRAPH },
  opsetImport: { id: 8, type: OPERATOR_SET, repeated: true },
  metadataProps: { id: 14, type: PROPERTY, repeated: true },
}

export interface TensorProto extends Message {
  dims?: readonly number[]
  dataType?: number
  floatData?: readonly number[]
  int32Data?: readonly number[]
  int64Data?: readonly number[]
  name?: string
  rawData?: Uint8Array
  doubleData?: readonly number[]
}

export interface AttributeProto extends Message {
  name?: string
  f?: number
  i?: number
  s?: Uint8Array
  t?: TensorProto
  floats?: readonly number[]
  ints?: readonly number[]
  strings?: readonly Uint8Array[]
  type?: number
}

export interface NodeProto extends Message {
  input?: readonly string[]
  output?: readonly string[]
  name?: string
  opType?: string
  attribute?: readonly AttributeProto[]
  domain?: string
}

export interface ValueProto extends Message {
  name?: string
  type?: {
    tensorType?: { elemType?: number; shape?: { dim?: readonly { value?: number; param?: string }[] } }
  } & Message
}

export interface GraphProto extends Message {
  node?: readonly NodeProto[]
  name?: string
  initializer?: readonly TensorProto[]
  input?: readonly ValueProto[]
  output?: readonly ValueProto[]
}

export interface ModelProto extends Message {
  irVersion?: number
  producerName?: string
  producerVersion?: string
  graph?: GraphProto
  opsetImport?: readonly ({ domain?: string; version?: number } & Message)[]
  metadataProps?: readonly ({ key?: string; value?: string } & Message)[]
}
