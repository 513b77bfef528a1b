export { type Cel, type CelType, compileCel, type Scope, type Variable } from './compile.ts'
export { type CelCode, CelError } from './fault.ts'
export { CEL_LIMITS } from './node.ts'
export type { Run } from './operators.ts'
