export * from './classifier/index.ts'
export * from './model/index.ts'
export * from './onnx/index.ts'
export * from './table/index.ts'
