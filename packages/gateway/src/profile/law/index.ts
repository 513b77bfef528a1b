export { type Compiled, compileLaw, type LawPlace, type LawResult } from './compile.ts'
export { figure, figureBeyond, withUnit } from './figure.ts'
export { type LinearLaw, linearOf } from './linear.ts'
export { type LawSeverity, readSource } from './source.ts'
