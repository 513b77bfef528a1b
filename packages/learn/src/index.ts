export { LearnError } from './base/error.ts'
export { type Matrix, matrixOf, rowOf, rowsOf } from './base/matrix.ts'
export { type Random, randomOf } from './base/random.ts'
export { Arena } from './kernels/arena.ts'
